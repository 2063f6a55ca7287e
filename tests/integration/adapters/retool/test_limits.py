"""An attempt ends in time and reads no more than it must."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from leadtracker.adapters.retool.report_sink import RetoolReportSink
from leadtracker.domain.model.deliveries.deliverable import Outcome
from tests.contracts.reports.report_sink import claimed
from tests.integration.adapters.retool.conftest import MakeSink
from tests.support.servers import receiver as reactions
from tests.support.servers.receiver import Conversation, Reaction, Receiver

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
TOTAL_SECONDS = 0.4
MEGABYTE = 1024 * 1024


@contextmanager
def at_least_and_soon_after(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert seconds <= time.monotonic() - began < seconds + 10


@pytest.mark.parametrize(
    "reaction",
    [reactions.hang, reactions.never_read, reactions.drip(HEAD[:20] * 10)],
    ids=["hangs", "never reads", "drips its head"],
)
def test_timeout_outcome_is_unknown(retool: Receiver, make_sink: MakeSink, reaction: Reaction) -> None:
    retool.expect(reaction)
    with at_least_and_soon_after(TOTAL_SECONDS):
        result = make_sink(total_seconds=TOTAL_SECONDS).deliver(claimed())
    assert (result.outcome, result.status) == (Outcome.UNKNOWN, None)


def test_status_counts_despite_an_endless_body(retool: Receiver, make_sink: MakeSink) -> None:
    retool.expect(reactions.drip(b"x" * 900, after=HEAD))
    with at_least_and_soon_after(TOTAL_SECONDS):
        result = make_sink(total_seconds=TOTAL_SECONDS).deliver(claimed())
    assert (result.outcome, result.status) == (Outcome.DELIVERED, 200)


@pytest.mark.parametrize(("status", "outcome"), [(200, Outcome.DELIVERED), (500, Outcome.RETRY)])
def test_large_response_is_read_partially(
    retool: Receiver, sink: RetoolReportSink, status: int, outcome: Outcome
) -> None:
    sent: list[int] = []
    retool.expect(counting_flood(status, sent))
    assert sink.deliver(claimed()).outcome is outcome
    assert sum(sent) < 10 * MEGABYTE


def test_large_response_is_harmless(retool: Receiver, sink: RetoolReportSink) -> None:
    retool.expect(reactions.flood(200, 10 * MEGABYTE))
    assert sink.deliver(claimed()).outcome is Outcome.DELIVERED


def test_endless_head_is_no_response(retool: Receiver, sink: RetoolReportSink) -> None:
    retool.expect(reactions.response(200, {"X-Long": "x" * MEGABYTE}))
    assert sink.deliver(claimed()).outcome is Outcome.UNKNOWN


def counting_flood(status: int, sent: list[int]) -> Reaction:
    """Sends up to 100 MB and records how many bytes the client has accepted."""

    def react(conversation: Conversation) -> None:
        conversation.read()
        head = f"HTTP/1.1 {status} Flood\r\nContent-Length: {100 * MEGABYTE}\r\n\r\n"
        conversation.connection.sendall(head.encode())
        for _ in range(100):
            conversation.connection.sendall(b"x" * MEGABYTE)
            sent.append(MEGABYTE)

    return react
