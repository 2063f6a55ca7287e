"""Operations on the file of a SQLite database: locking, copying while it is in use, and replacing."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import peewee

from leadtracker.adapters.database.engine.dialects import sqlite_driver
from leadtracker.domain.errors import RestoreRejected

_COMPANIONS = ("-wal", "-shm", "-journal")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; other processes wait. The lock ends with the process."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copy(database: peewee.SqliteDatabase, path: Path) -> None:
    """Copy the committed content to a new file with mode 0600, without blocking readers and writers."""
    path.touch(mode=0o600, exist_ok=False)
    with closing(sqlite_driver.connect(path)) as target:
        database.connection().backup(target)


def check_not_in_use(path: Path) -> None:
    """Check that no other process has the database open, and remove its write-ahead log.

    Raises:
        RestoreRejected: another process has it open.
    """
    if not path.exists():
        return
    # Leaving WAL needs exclusive access. A damaged file raises DatabaseError; no process can be using it.
    with suppress(sqlite_driver.DatabaseError), closing(sqlite_driver.connect(path, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite_driver.OperationalError as error:
            raise RestoreRejected("the database is in use; stop the web server and the scheduler") from error


def replace_file(new: Path, old: Path) -> None:
    """Replace a database file by a closed one, and keep the owner and the mode of the replaced file.

    Raises:
        RestoreRejected: another process has the database open.
    """
    check_not_in_use(old)
    if old.exists():
        former = old.stat()
        new.chmod(former.st_mode & 0o777)
        with suppress(PermissionError):
            os.chown(new, former.st_uid, former.st_gid)
    for companion in _COMPANIONS:  # SQLite would apply a leftover log to the new file
        old.with_name(old.name + companion).unlink(missing_ok=True)
    new.replace(old)
    folder = os.open(old.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def delete_database(path: Path) -> None:
    """Delete a database file, its log and its lock file, if they exist."""
    for name in (*(path.name + companion for companion in ("", *_COMPANIONS)), f"{path.stem}.migration-lock"):
        path.with_name(name).unlink(missing_ok=True)
