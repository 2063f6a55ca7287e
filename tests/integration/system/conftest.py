"""The whole program, as it is installed: real processes at a port of their own, and a database in a file."""

from pathlib import Path

import pytest

from tests.support.processes import Program, Site, free_port
from tests.support.raw_database import BackDoor
from tests.support.weeks import quiet_zone


@pytest.fixture
def site() -> Site:
    return Site(free_port())


@pytest.fixture
def program(tmp_path: Path, site: Site) -> Program:
    return Program(tmp_path, {"PORT": site.port, "WEB_WORKERS": 1, "TIMEZONE": quiet_zone()})


@pytest.fixture
def back_door(program: Program) -> BackDoor:
    return BackDoor(f"sqlite:///{program.folder / 'data' / 'leadtracker.db'}")
