"""SQLite's file as a file: copied while others write, and replaced by another."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import peewee

from leadtracker.domain.errors import RestoreRejected

_sqlite3 = peewee.sqlite3  # type: ignore[attr-defined]  # the library that Peewee has chosen
_COMPANIONS = ("-wal", "-shm", "-journal")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Have a file of locks for oneself; whoever else wants it waits. The lock of a dead process is none."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copy(database: peewee.SqliteDatabase, path: Path) -> None:
    """Copy what is committed now, for the owner's eyes only; readers and writers go on meanwhile."""
    path.touch(mode=0o600, exist_ok=False)
    with closing(_sqlite3.connect(path)) as target:
        database.connection().backup(target)


def check_not_in_use(path: Path) -> None:
    """Make sure that nobody has the file open, and leave it without a write-ahead log.

    Raises:
        RestoreRejected: somebody has.
    """
    if not path.exists():
        return
    # Only who is alone can leave WAL. A file that is damaged cannot be asked, and nobody works with it.
    with suppress(_sqlite3.DatabaseError), closing(_sqlite3.connect(path, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except _sqlite3.OperationalError as error:
            raise RestoreRejected("the database is in use; stop the web server and the scheduler") from error


def replace_file(new: Path, old: Path) -> None:
    """Let a closed file take the name of another, whose owner and mode it keeps.

    Raises:
        RestoreRejected: somebody has the other one open.
    """
    check_not_in_use(old)
    if old.exists():
        former = old.stat()
        new.chmod(former.st_mode & 0o777)
        with suppress(PermissionError):
            os.chown(new, former.st_uid, former.st_gid)
    for companion in _COMPANIONS:  # what a damaged file left would be taken for the new one's
        old.with_name(old.name + companion).unlink(missing_ok=True)
    new.replace(old)
    folder = os.open(old.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def delete_database(path: Path) -> None:
    """Remove a file and what is kept beside it."""
    for name in (*(path.name + companion for companion in ("", *_COMPANIONS)), f"{path.stem}.migration-lock"):
        path.with_name(name).unlink(missing_ok=True)
