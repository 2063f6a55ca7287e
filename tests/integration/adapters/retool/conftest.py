"""A receiver on loopback in place of Retool, and sinks that send to it."""

from collections.abc import Callable, Iterator

import pytest

from leadtracker.adapters.retool.report_sink import RetoolReportSink
from tests.support.clock import NOW
from tests.support.memory.system import MemoryClock
from tests.support.servers.receiver import Receiver

KEY = "retool-key-canary"

MakeSink = Callable[..., RetoolReportSink]


@pytest.fixture
def retool() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def make_sink(retool: Receiver) -> MakeSink:
    """Make sinks with short time limits, which send to ``retool`` unless another URL is given."""

    def make(url: str | None = None, api_key: str | None = KEY, **seconds: float) -> RetoolReportSink:
        timeouts = {"connect_seconds": 5.0, "total_seconds": 20.0} | seconds
        return RetoolReportSink(url or retool.url, api_key, MemoryClock(NOW), **timeouts)

    return make


@pytest.fixture
def sink(make_sink: MakeSink) -> RetoolReportSink:
    return make_sink()
