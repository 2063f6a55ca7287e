"""The whole program as it is installed: real processes, each on its own port, and a database in a file."""

from pathlib import Path

import pytest

from tests.support.examples.weeks import stable_timezone
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program, Site, free_port


@pytest.fixture
def site() -> Site:
    return Site(free_port())


@pytest.fixture
def program(tmp_path: Path, site: Site) -> Program:
    settings = {"PORT": site.port, "WEB_WORKERS": 1, "TIMEZONE": stable_timezone()}
    return Program(tmp_path, settings, is_forked=True)


@pytest.fixture
def raw_db(program: Program) -> RawDatabase:
    return RawDatabase(f"sqlite:///{program.folder / 'data' / 'leadtracker.db'}")
