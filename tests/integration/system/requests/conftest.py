"""A real server that gets requests over sockets."""

from collections.abc import Iterator

import pytest

from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program, Site, free_port


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, RawDatabase]]:
    """One server for all tests of a file, and its database."""
    folder = tmp_path_factory.mktemp("server")
    site = Site(free_port())
    settings = {"PORT": site.port, "WEB_WORKERS": 1, "ADMIN_PASSWORD": "given to the server"}
    program = Program(folder, settings, is_forked=True)
    with program.start("web"):
        site.wait_until_ready()
        yield site, RawDatabase(f"sqlite:///{folder / 'data' / 'leadtracker.db'}")
