"""The request to Retool: one POST with exactly one number."""

import json

import pytest

from leadtracker.adapters.retool.report_sink import RetoolReportSink
from tests.contracts.reports.report_sink import claimed
from tests.integration.adapters.retool.conftest import KEY, MakeSink
from tests.support.servers.receiver import Receiver


def test_attempt_is_one_post_to_the_url(retool: Receiver, make_sink: MakeSink) -> None:
    make_sink(f"{retool.url}?workflowApiKey=a%2Fb+c&x=%C3%BC").deliver(claimed())
    [request] = retool.requests
    assert request.method == "POST"
    assert request.target == "/v1/workflows/123/startTrigger?workflowApiKey=a%2Fb+c&x=%C3%BC"
    assert retool.connections == 1


@pytest.mark.parametrize("number", [0, 1, 42, 2_147_483_648])
def test_body_is_only_the_number(retool: Receiver, sink: RetoolReportSink, number: int) -> None:
    sink.deliver(claimed(number_of_leads=number))
    [request] = retool.requests
    assert json.loads(request.body) == {"number_of_leads": number}
    assert request.body == f'{{"number_of_leads": {number}}}'.encode()


def test_headers_hold_type_week_and_id(retool: Receiver, sink: RetoolReportSink) -> None:
    sink.deliver(claimed())
    headers = retool.requests[0].headers
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == "lt-week-2026-W46"
    assert headers["x-leadtracker-week"] == "2026-W46"


def test_api_key_is_sent_in_its_header(retool: Receiver, sink: RetoolReportSink) -> None:
    sink.deliver(claimed())
    assert retool.requests[0].headers["x-workflow-api-key"] == KEY


def test_missing_key_sends_no_header(retool: Receiver, make_sink: MakeSink) -> None:
    make_sink(api_key=None).deliver(claimed())
    assert "x-workflow-api-key" not in retool.requests[0].headers


def test_every_attempt_is_identical(retool: Receiver, sink: RetoolReportSink) -> None:
    for _ in range(2):
        sink.deliver(claimed())
    first, second = retool.requests
    assert first == second
