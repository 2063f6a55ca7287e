"""Real databases: each test gets one without content, copied from one that was migrated once per run.

Tests are isolated from the settings, the ``.env`` file and the data of the developer who runs them.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from dependency_injector import providers

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.container import Container
from leadtracker.entrypoints.http.middleware.request_context import SyncFlask
from leadtracker.settings import PREFIX
from tests.support.database import KINDS
from tests.support.instruments.compiled_once import CachedTemplates, SharedMap
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.raw_database import RawDatabase
from tests.support.servers.postgres import URL_VARIABLE, PostgresServer, fast_folder
from tests.support.servers.postgres_pool import DatabasePool

SyncFlask.url_map_class = SharedMap
SyncFlask.jinja_options = {**SyncFlask.jinja_options, "bytecode_cache": CachedTemplates()}


def migrate(url: str) -> None:
    """Bring a database into shape and let go of it."""
    dialect = dialect_for(url)
    PeeweeSchema(dialect).migrate()
    dialect.close()


@pytest.fixture(autouse=True)
def isolated_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working directory and an environment without settings and proxies."""
    for name in os.environ:
        is_setting = name.upper().startswith(PREFIX) and name != URL_VARIABLE
        if is_setting or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def quick_hasher() -> Iterator[None]:
    """Use a fast password hasher in every container of the test's process: a real hash takes 0.2 seconds."""
    hasher = providers.ThreadSafeSingleton(MemoryPasswordHasher)
    with Container.hasher.override(hasher):
        yield


@pytest.fixture(scope="session")
def databases() -> Iterator[Path]:
    """The folder of the SQLite databases, in memory if possible: disks take a millisecond for each commit.

    Tests of whole installations keep theirs on the disk.
    """
    with tempfile.TemporaryDirectory(prefix="leadtracker-sqlite-", dir=fast_folder()) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_template(databases: Path) -> Path:
    path = databases / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    url = postgres_server.create_database()
    migrate(url)
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, databases: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=databases) as folder:
        path = Path(folder) / "leadtracker.db"
        shutil.copy(sqlite_template, path)
        yield f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: PostgresServer, postgres_template: str) -> Iterator[DatabasePool]:
    pool = DatabasePool(postgres_server, postgres_template)
    yield pool
    pool.close()


@pytest.fixture
def postgres_url(postgres_databases: DatabasePool) -> Iterator[str]:
    with postgres_databases.database() as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without content, of each kind in turn."""
    return _url(request, {"sqlite": "sqlite_url", "postgresql": "postgres_url"})


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest) -> str:
    """A database without tables, of each kind in turn."""
    return _url(request, {"sqlite": "empty_sqlite_url", "postgresql": "empty_postgres_url"})


@pytest.fixture
def raw_db(database_url: str) -> RawDatabase:
    return RawDatabase(database_url)


def _url(request: pytest.FixtureRequest, fixtures: dict[str, str]) -> str:
    url: str = request.getfixturevalue(fixtures[request.param])
    return url


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Logging as it was before, for tests that let the application set it up."""
    root = logging.getLogger()
    before = root.handlers.copy(), root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    for name in ("httpcore", "httpx", "peewee"):
        logging.getLogger(name).setLevel(logging.NOTSET)
