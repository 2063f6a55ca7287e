"""When the database cannot do something now, that is StorageUnavailable, and later it can again."""

import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tests.contracts.leads.lead_repository import everything, store
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import make_lead
from tests.support.database import KINDS, connect, execute
from tests.support.instruments.concurrency import run_in_threads

LOCKS = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN; LOCK TABLE leads IN EXCLUSIVE MODE"}
IMPATIENCE = {
    "sqlite": "PRAGMA busy_timeout = 50",
    "postgresql": "SET lock_timeout = '50ms'",
}
OTHERS = "FROM pg_stat_activity WHERE application_name = 'leadtracker' AND datname = current_database()"


Act = Callable[[UnitOfWork], object]


class Accident(Exception):
    """Something else goes wrong."""


@pytest.fixture
def postgres(postgres_url: str, open_dialect: OpenDialect) -> Dialect:
    return open_dialect(postgres_url)


@pytest.fixture
def on_postgres(postgres: Dialect) -> PeeweeUnitOfWorkFactory:
    return PeeweeUnitOfWorkFactory(postgres)


def kill_connections(postgres_url: str) -> int:
    """End all connections of the program and wait until they are gone."""
    return len(execute(postgres_url, f"SELECT pg_terminate_backend(pid, 5000) {OTHERS}"))


def kind_of(url: str) -> str:
    return url.partition(":")[0]


def test_locked_database_is_unavailable(
    database_url: str, dialect: Dialect, unit_of_work: UnitOfWorkFactory
) -> None:
    dialect.writer.execute_sql(IMPATIENCE[kind_of(database_url)])
    dialect.release()
    with connect(database_url) as other:
        other.execute(LOCKS[kind_of(database_url)])
        with pytest.raises(StorageUnavailable):
            store(unit_of_work, make_lead("rejected"))
        other.execute("ROLLBACK")
    store(unit_of_work, make_lead("stored"))
    assert everything(unit_of_work).keys() == {"stored"}


def test_short_lock_is_waited_for(database_url: str, unit_of_work: UnitOfWorkFactory) -> None:
    with connect(database_url) as other:
        other.execute(LOCKS[kind_of(database_url)])
        writer = threading.Thread(target=store, args=(unit_of_work, make_lead("patient")))
        writer.start()
        writer.join(0.2)
        assert writer.is_alive()
        other.execute("ROLLBACK")
        writer.join(5)
    assert everything(unit_of_work).keys() == {"patient"}


def test_full_disk_is_unavailable_and_rolls_back(sqlite_url: str, open_dialect: OpenDialect) -> None:
    dialect = open_dialect(sqlite_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    (pages,) = dialect.writer.execute_sql("PRAGMA page_count").fetchone()
    dialect.writer.execute_sql(f"PRAGMA max_page_count = {pages + 1}")
    leads = [make_lead(f"lead-{n}", f"p{n}@example.com", message="m" * 3_000) for n in range(9)]
    with pytest.raises(StorageUnavailable), unit_of_work() as tx:
        for lead in leads:
            tx.leads.add(lead)
    assert everything(unit_of_work) == {}
    dialect.writer.execute_sql(f"PRAGMA max_page_count = {pages * 10}")
    store(unit_of_work, *leads)
    assert len(everything(unit_of_work)) == len(leads)


@pytest.fixture(params=KINDS)
def unreachable_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        folder = tmp_path / "secret"
        folder.mkdir()
        return f"sqlite:///{folder}"
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return f"postgresql://someone:secret@127.0.0.1:{unused.getsockname()[1]}/name"


def test_unreachable_database_hides_its_address(unreachable_url: str, open_dialect: OpenDialect) -> None:
    dialect = open_dialect(unreachable_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    for begin in (unit_of_work, unit_of_work.read_only):
        with pytest.raises(StorageUnavailable) as failure, begin() as tx:
            tx.users.all()
        assert not re.search("someone|secret|127", str(failure.value))
    schema = PeeweeSchema(dialect)
    for ask in (schema.migrations, schema.migrate, schema.prepare):
        with pytest.raises(StorageUnavailable):
            ask()


@pytest.mark.parametrize(
    "act",
    [
        lambda tx: tx.leads.add(make_lead("second", "second@example.com")),
        lambda tx: tx.leads.get("first"),
        lambda tx: tx.commit(),
    ],
    ids=["writing", "reading", "committing"],
)
def test_connection_killed_in_use_is_unavailable(
    postgres_url: str, on_postgres: PeeweeUnitOfWorkFactory, act: Act
) -> None:
    with pytest.raises(StorageUnavailable), on_postgres() as tx:
        tx.leads.add(make_lead("lost"))
        assert kill_connections(postgres_url) == 1
        act(tx)
    store(on_postgres, make_lead("stored"))
    assert everything(on_postgres).keys() == {"stored"}


def test_killed_connection_keeps_the_other_error(
    postgres_url: str, on_postgres: PeeweeUnitOfWorkFactory
) -> None:
    with pytest.raises(Accident), on_postgres() as tx:
        tx.leads.add(make_lead("lost"))
        kill_connections(postgres_url)
        raise Accident
    store(on_postgres, make_lead("stored"))
    assert everything(on_postgres).keys() == {"stored"}


def test_killed_idle_connections_are_replaced(
    postgres_url: str, on_postgres: PeeweeUnitOfWorkFactory
) -> None:
    meeting = threading.Barrier(4)

    def read(_number: int) -> None:
        with on_postgres.read_only() as tx:
            tx.users.all()
            meeting.wait(10)

    run_in_threads(4, read)
    assert kill_connections(postgres_url) == 4
    run_in_threads(4, read)
    assert kill_connections(postgres_url) == 4
    run_in_threads(4, lambda number: store(on_postgres, make_lead(f"lead-{number}")))
    assert len(everything(on_postgres)) == 4
