"""The Retool adapter keeps the promises of its port against a real server."""

from collections.abc import Sequence

import orjson
import pytest
from attrs import frozen

from leadtracker.domain.ports.reports.report_sink import ReportSink
from tests.contracts.reports.report_sink import (
    RETRY_AFTER,
    FallibleReportSinkContract,
    Received,
    Situation,
)
from tests.integration.adapters.retool.conftest import MakeSink
from tests.support.servers import receiver as reactions

REACTIONS = {
    Situation.TAKES_IT: reactions.response(200),
    Situation.REJECTS: reactions.response(401),
    Situation.IS_OVERLOADED: reactions.response(503, {"Retry-After": str(RETRY_AFTER.seconds)}),
    Situation.HANGS_UP: reactions.reset_after_reading,
}
CLOSED_PORT = "http://127.0.0.1:1/"


@frozen
class RetoolOtherEnd:
    """The receiver behind the interface of the contract suite."""

    _retool: reactions.Receiver
    _make_sink: MakeSink

    def sink(self, situation: Situation) -> ReportSink:
        if situation is Situation.IS_AWAY:
            return self._make_sink(CLOSED_PORT)
        self._retool.expect(REACTIONS[situation])
        return self._make_sink()

    def received(self) -> Sequence[Received]:
        return [
            Received(request.headers["webhook-id"], orjson.loads(request.body)["number_of_leads"])
            for request in self._retool.requests
        ]


class TestRetoolReportSink(FallibleReportSinkContract):
    @pytest.fixture
    def receiver(self, retool: reactions.Receiver, make_sink: MakeSink) -> RetoolOtherEnd:
        return RetoolOtherEnd(retool, make_sink)
