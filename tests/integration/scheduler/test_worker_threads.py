"""A receiver that hangs holds up nobody else: each way of delivering goes by itself."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import receiver as reactions
from tests.support.database import on_sqlite
from tests.support.polling import eventually
from tests.support.processes import Program
from tests.support.raw_database import RawDatabase
from tests.support.receiver import Receiver
from tests.support.webhooks import SECRET, capture


@pytest.fixture
def endpoints() -> Iterator[tuple[Receiver, Receiver]]:
    """One that is told to hang, and one that is well."""
    with ExitStack() as stack:
        yield stack.enter_context(Receiver()), stack.enter_context(Receiver())


@pytest.fixture
def urls(endpoints: tuple[Receiver, Receiver]) -> str:
    return " ".join(receiver.url for receiver in endpoints)


@pytest.fixture
def telling(program: Program, urls: str) -> Program:
    """The program with both endpoints."""
    return program.with_settings(WEBHOOK_URLS=urls, WEBHOOK_SECRET=SECRET)


@pytest.mark.usefixtures("week")
def test_hanging_endpoint_blocks_nothing_else(
    telling: Program,
    endpoints: tuple[Receiver, Receiver],
    urls: str,
    database_url: str,
    retool: Receiver,
    raw_db: RawDatabase,
    tmp_path: Path,
) -> None:
    ill, well = endpoints
    let_go = threading.Event()
    ill.expect(reactions.respond_after(let_go, 200))
    capture(database_url, urls, "ann@example.com")
    with telling.start("scheduler") as running:
        ill.wait_for(1)
        retool.wait_for(1)
        well.wait_for(1)
        capture(database_url, urls, "bob@example.com")
        eventually(lambda: len(list((tmp_path / "data" / "mail").glob("*.eml"))) == 2, "both mails")
        well.wait_for(2)
        assert len(ill.requests) == 1
        assert states(raw_db, ill) == ["pending", "sending"]
        let_go.set()
        ill.wait_for(2)
        eventually(lambda: states(raw_db, ill) == ["sent", "sent"], "everything sent")
        assert running.stop().status == 0


@on_sqlite
@pytest.mark.usefixtures("week")
def test_hanging_workflow_blocks_no_webhook(
    telling: Program,
    endpoints: tuple[Receiver, Receiver],
    urls: str,
    database_url: str,
    retool: Receiver,
) -> None:
    let_go = threading.Event()
    retool.expect(reactions.respond_after(let_go, 200))
    with telling.start("scheduler") as running:
        retool.wait_for(1)
        capture(database_url, urls, "ann@example.com")
        for receiver in endpoints:
            receiver.wait_for(1)
        running.wait_for_log_line("message sent")
        let_go.set()
        assert running.stop().status == 0


@on_sqlite
def test_workers_finish_before_stopping(
    telling: Program,
    endpoints: tuple[Receiver, Receiver],
    urls: str,
    database_url: str,
    raw_db: RawDatabase,
) -> None:
    let_go = threading.Event()
    for receiver in endpoints:
        receiver.expect(reactions.respond_after(let_go, 200))
    capture(database_url, urls, "ann@example.com", "bob@example.com")
    with telling.start("scheduler") as running:
        for receiver in endpoints:
            receiver.wait_for(1)
        running.process.terminate()
        running.wait_for_log_line("scheduler stopping")
        let_go.set()
        assert running.wait().status == 0
    for receiver in endpoints:
        assert states(raw_db, receiver) == ["pending", "sent"]


def states(raw_db: RawDatabase, receiver: Receiver) -> list[str]:
    """The states of what is meant for a receiver."""
    origin = f"http://127.0.0.1:{receiver.port}"
    return sorted(
        state for (state,) in raw_db.execute("SELECT state FROM deliveries WHERE recipient = ?", origin)
    )
