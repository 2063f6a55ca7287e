"""Eight processes write into one database at once."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.settings import Settings
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import in_processes
from tests.faults.harness.shared_bugs import LOST_COMMITS
from tests.support.builders import make_fields

_PROCESSES = 8


def run(sandbox: Sandbox) -> None:
    """Capture a lead in every transaction, as quickly as each process can."""
    each = sandbox.size(100, 2_500, ci=40)
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        working = [pool.submit(_write, sandbox.database_url, one, each) for one in range(_PROCESSES)]
        outcomes = sum((work.result() for work in working), Counter[str]())
    sandbox.findings.expect_equal(
        _PROCESSES * each, transactions=outcomes["kept"], leads=sandbox.raw_db.count("leads")
    )
    sandbox.findings.expect_equal(0, locked=outcomes["unavailable"])


def _write(url: str, process: int, count: int) -> Counter[str]:
    container = Container(settings=Settings(database_url=SecretStr(url)))
    outcomes: Counter[str] = Counter()
    for number in range(count):
        try:
            container.capture_lead()(PUBLIC, make_fields(f"p{process}.{number}@example.com"))
            outcomes["kept"] += 1
        except StorageUnavailable:
            outcomes["unavailable"] += 1
    container.dialect().close()
    return outcomes


_DO_NOT_WAIT = """
    from leadtracker.adapters.database.engine.dialects import sqlite
    from leadtracker.adapters.database.engine.write_lock import InterProcessLock
    sqlite._SQLITE["pragmas"]["busy_timeout"] = 0
    InterProcessLock.acquire = lambda self, seconds: True
"""

CAMPAIGN = Campaign(
    "many-writers",
    "eight processes that write at once",
    run,
    bugs=(
        PlantedBug(
            "writers of several processes do not wait for each other",
            ("locked", "transactions"),
            in_processes(_DO_NOT_WAIT),
            (SQLITE,),
        ),
        LOST_COMMITS,
    ),
)
