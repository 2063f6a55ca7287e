"""A receiver that hangs blocks no other: each has a worker thread."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.database import on_sqlite
from tests.support.instruments.deliveries import SECRET, capture
from tests.support.instruments.polling import eventually
from tests.support.raw_database import RawDatabase
from tests.support.servers import receiver as reactions
from tests.support.servers.processes import Program
from tests.support.servers.receiver import Receiver


@pytest.fixture
def endpoints() -> Iterator[tuple[Receiver, Receiver]]:
    """An endpoint that will hang, and one that responds."""
    with ExitStack() as stack:
        yield stack.enter_context(Receiver()), stack.enter_context(Receiver())


@pytest.fixture
def urls(endpoints: tuple[Receiver, Receiver]) -> str:
    return " ".join(receiver.url for receiver in endpoints)


@pytest.fixture
def program_with_endpoints(program: Program, urls: str) -> Program:
    """The program with both endpoints configured."""
    return program.with_settings(WEBHOOK_URLS=urls, WEBHOOK_SECRET=SECRET)


@pytest.mark.usefixtures("week")
def test_hanging_endpoint_blocks_nothing_else(
    program_with_endpoints: Program,
    endpoints: tuple[Receiver, Receiver],
    urls: str,
    database_url: str,
    retool: Receiver,
    raw_db: RawDatabase,
    tmp_path: Path,
) -> None:
    hanging, responding = endpoints
    release = threading.Event()
    hanging.expect(reactions.respond_after(release, 200))
    capture(database_url, urls, "ann@example.com")
    with program_with_endpoints.start("scheduler") as running:
        hanging.wait_for(1)
        retool.wait_for(1)
        responding.wait_for(1)
        capture(database_url, urls, "bob@example.com")
        eventually(lambda: len(list((tmp_path / "data" / "mail").glob("*.eml"))) == 2, "both mails")
        responding.wait_for(2)
        assert len(hanging.requests) == 1
        assert states(raw_db, hanging) == ["pending", "sending"]
        release.set()
        hanging.wait_for(2)
        eventually(lambda: states(raw_db, hanging) == ["sent", "sent"], "everything sent")
        assert running.stop().status == 0


@on_sqlite
@pytest.mark.usefixtures("week")
def test_hanging_workflow_blocks_no_webhook(
    program_with_endpoints: Program,
    endpoints: tuple[Receiver, Receiver],
    urls: str,
    database_url: str,
    retool: Receiver,
) -> None:
    release = threading.Event()
    retool.expect(reactions.respond_after(release, 200))
    with program_with_endpoints.start("scheduler") as running:
        retool.wait_for(1)
        capture(database_url, urls, "ann@example.com")
        for receiver in endpoints:
            receiver.wait_for(1)
        running.wait_for_log_line("delivery sent")
        release.set()
        assert running.stop().status == 0


@on_sqlite
def test_workers_finish_before_stopping(
    program_with_endpoints: Program,
    endpoints: tuple[Receiver, Receiver],
    urls: str,
    database_url: str,
    raw_db: RawDatabase,
) -> None:
    release = threading.Event()
    for receiver in endpoints:
        receiver.expect(reactions.respond_after(release, 200))
    capture(database_url, urls, "ann@example.com", "bob@example.com")
    with program_with_endpoints.start("scheduler") as running:
        for receiver in endpoints:
            receiver.wait_for(1)
        running.process.terminate()
        running.wait_for_log_line("scheduler stopping")
        release.set()
        assert running.wait().status == 0
    for receiver in endpoints:
        assert states(raw_db, receiver) == ["pending", "sent"]


def states(raw_db: RawDatabase, receiver: Receiver) -> list[str]:
    """Return the sorted states of the deliveries to a receiver."""
    origin = f"http://127.0.0.1:{receiver.port}"
    return sorted(
        state for (state,) in raw_db.execute("SELECT state FROM deliveries WHERE recipient = ?", origin)
    )
