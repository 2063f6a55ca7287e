"""The key of a workflow appears in no result, error or log."""

import logging

import pytest

from leadtracker.adapters.retool.report_sink import RetoolReportSink
from leadtracker.entrypoints.logs import configure_logging
from tests.contracts.reports.report_sink import claimed
from tests.integration.adapters.retool.conftest import KEY, MakeSink
from tests.support.clock import NOW
from tests.support.memory.system import MemoryClock
from tests.support.servers import receiver as reactions
from tests.support.servers.receiver import Receiver

URL_KEY = "url-key-canary"
KEY_WITH_LINE_BREAK = f"{KEY}\r\nX-Evil: 1"

FAILURES = {
    "delivered": reactions.response(200),
    "redirected": reactions.response(302, {"Location": f"/?workflowApiKey={URL_KEY}"}),
    "refused": reactions.response(401, body=f"bad key {URL_KEY} {KEY}".encode()),
    "failed": reactions.response(500),
    "reset": reactions.reset_after_reading,
    "garbled": reactions.garble,
    "hung": reactions.hang,
}


@pytest.mark.parametrize("reaction", FAILURES.values(), ids=FAILURES.keys())
def test_result_hides_the_key(retool: Receiver, make_sink: MakeSink, reaction: reactions.Reaction) -> None:
    retool.expect(reaction)
    result = make_sink(f"{retool.url}?workflowApiKey={URL_KEY}", total_seconds=2).deliver(claimed())
    assert URL_KEY not in repr(result)
    assert KEY not in repr(result)


@pytest.mark.parametrize(
    "url",
    [
        f"http://127.0.0.1:1/?workflowApiKey={URL_KEY}",
        f"http://user:{URL_KEY}@127.0.0.1:1/",
        f"http://leadtracker.invalid/{URL_KEY}",
        f"https://127.0.0.1:1/{URL_KEY}",
    ],
)
def test_connection_error_hides_the_key(make_sink: MakeSink, url: str) -> None:
    assert URL_KEY not in repr(make_sink(url).deliver(claimed()))


def test_invalid_header_key_is_hidden(make_sink: MakeSink) -> None:
    assert KEY not in repr(make_sink(api_key=KEY_WITH_LINE_BREAK).deliver(claimed()))


@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize("reaction", FAILURES.values(), ids=FAILURES.keys())
def test_debug_log_hides_the_key(
    retool: Receiver,
    make_sink: MakeSink,
    reaction: reactions.Reaction,
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure_logging("json", "debug")
    logging.getLogger().addHandler(caplog.handler)
    retool.expect(reaction)
    make_sink(f"{retool.url}?workflowApiKey={URL_KEY}", total_seconds=2).deliver(claimed())
    assert URL_KEY not in caplog.text
    assert KEY not in caplog.text


def test_repr_hides_the_key(sink: RetoolReportSink) -> None:
    other = RetoolReportSink(f"http://127.0.0.1/?workflowApiKey={URL_KEY}", KEY, MemoryClock(NOW))
    assert KEY not in f"{sink!r} {other!r} {other}"
    assert URL_KEY not in f"{other!r} {other}"
