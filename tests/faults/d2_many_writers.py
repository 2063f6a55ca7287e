"""D2: eight processes write into one database at once."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.settings import Settings
from tests.faults.campaign import Campaign, Ground
from tests.support.builders import make_fields

_PROCESSES = 8


def run(ground: Ground) -> None:
    """Capture a lead in every transaction, as quickly as each process can."""
    each = ground.size(100, 2_500)
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        working = [pool.submit(_write, ground.database_url, one, each) for one in range(_PROCESSES)]
        outcomes = sum((work.result() for work in working), Counter[str]())
    ground.tally.exactly(
        _PROCESSES * each, transactions=outcomes["kept"], leads=ground.back_door.count("leads")
    )
    ground.tally.exactly(0, locked=outcomes["unavailable"])


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


CAMPAIGN = Campaign("D2", "eight processes that write at once", run)
