"""Every row of the table of outcomes, against a real server."""

from datetime import timedelta

import pytest

from leadtracker.adapters.retool.report_sink import RetoolReportSink
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from tests.contracts.reports.report_sink import claimed
from tests.integration.adapters.retool.conftest import MakeSink
from tests.support.servers import receiver as reactions
from tests.support.servers.receiver import Reaction, Receiver

DELIVERED = (200, 201, 202, 204, 299)
REJECTED = (300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 409, 410, 418, 422, 451, 499)
RETRY = (408, 425, 429, 500, 501, 502, 503, 504, 599)
OUTCOMES = [
    *((status, Outcome.DELIVERED) for status in DELIVERED),
    *((status, Outcome.REJECTED) for status in REJECTED),
    *((status, Outcome.RETRY) for status in RETRY),
]


def attempt(retool: Receiver, sink: RetoolReportSink, reaction: Reaction) -> DeliveryResult:
    retool.expect(reaction)
    return sink.deliver(claimed())


@pytest.mark.parametrize(("status", "outcome"), OUTCOMES)
def test_status_determines_the_outcome(
    retool: Receiver, sink: RetoolReportSink, status: int, outcome: Outcome
) -> None:
    body = b"" if status in {204, 304} else b"{}"
    result = attempt(retool, sink, reactions.response(status, body=body))
    assert (result.outcome, result.status) == (outcome, status)
    assert result.detail == AttemptDetail(DetailCode.HTTP_ANSWERED, host="127.0.0.1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(retool: Receiver, sink: RetoolReportSink, status: int) -> None:
    attempt(retool, sink, reactions.response(status, {"Location": f"{retool.url}/elsewhere"}))
    assert len(retool.requests) == retool.connections == 1


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        (" 7 ", timedelta(seconds=7)),
        ("Wed, 18 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Wed, 18 Nov 2026 11:59:00 GMT", timedelta(minutes=-1)),
        ("Wednesday, 18-Nov-26 12:05:00 GMT", timedelta(minutes=5)),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("9" * 30, None),
        ("9" * 5_000, None),
        ("Wed, 99 Nov 2026 12:05:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(
    retool: Receiver, sink: RetoolReportSink, status: int, value: str, wait: timedelta | None
) -> None:
    result = attempt(retool, sink, reactions.response(status, {"Retry-After": value}))
    assert (result.outcome, result.retry_after) == (Outcome.RETRY, wait)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:1/", id="refused connection"),
        pytest.param("http://leadtracker.invalid/", id="unknown host"),
        pytest.param("https://127.0.0.1:{port}/", id="no TLS there"),
    ],
)
def test_connection_error_sent_nothing(retool: Receiver, make_sink: MakeSink, url: str) -> None:
    result = make_sink(url.format(port=retool.port)).deliver(claimed())
    assert (result.outcome, result.status) == (Outcome.NOT_SENT, None)
    assert retool.requests == []


@pytest.mark.parametrize("reaction", [reactions.never_read, reactions.reset_before_reading])
def test_tls_error_sent_nothing(retool: Receiver, make_sink: MakeSink, reaction: Reaction) -> None:
    sink = make_sink(f"https://127.0.0.1:{retool.port}/", connect_seconds=0.2)
    assert attempt(retool, sink, reaction).outcome is Outcome.NOT_SENT


@pytest.mark.parametrize(
    "reaction",
    [
        reactions.reset_before_reading,
        reactions.reset_after_reading,
        reactions.close_after_reading,
        reactions.garble,
    ],
)
def test_missing_response_is_unknown(retool: Receiver, sink: RetoolReportSink, reaction: Reaction) -> None:
    result = attempt(retool, sink, reaction)
    assert (result.outcome, result.status) == (Outcome.UNKNOWN, None)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, Outcome.DELIVERED), (401, Outcome.REJECTED), (500, Outcome.RETRY)],
)
def test_status_counts_despite_a_lost_body(
    retool: Receiver, sink: RetoolReportSink, status: int, outcome: Outcome
) -> None:
    result = attempt(retool, sink, reactions.reset_after_head(status))
    assert (result.outcome, result.status) == (outcome, status)
