"""Every status outside 2xx but 410 is retried, and an attempt keeps its limits."""

import time

import pytest

from leadtracker.adapters.webhooks.webhook_sender import HttpWebhookSender
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from tests.contracts.deliveries.webhook_sender import EVENT
from tests.integration.adapters.webhooks.conftest import MakeSender
from tests.support.servers import receiver as reactions
from tests.support.servers.receiver import Receiver

OUTCOMES = [
    *((status, Outcome.DELIVERED) for status in (200, 201, 204, 299)),
    *(
        (status, Outcome.RETRY)
        for status in (301, 302, 304, 307, 400, 401, 403, 404, 409, 422, 429, 500, 503)
    ),
    (410, Outcome.REJECTED),
]


@pytest.mark.parametrize(("status", "outcome"), OUTCOMES)
def test_status_determines_the_outcome(
    hooks: Receiver, endpoint: WebhookEndpoint, sender: HttpWebhookSender, status: int, outcome: Outcome
) -> None:
    hooks.expect(reactions.response(status, body=b"" if status in {204, 304} else b"{}"))
    result = sender.send(endpoint, EVENT)
    assert (result.outcome, result.status) == (outcome, status)
    assert result.detail == AttemptDetail(DetailCode.HTTP_ANSWERED, host="127.0.0.1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(
    hooks: Receiver, endpoint: WebhookEndpoint, sender: HttpWebhookSender, status: int
) -> None:
    hooks.expect(reactions.response(status, {"Location": f"{hooks.url}/elsewhere"}))
    assert sender.send(endpoint, EVENT).outcome is Outcome.RETRY
    assert len(hooks.requests) == hooks.connections == 1


def test_hanging_endpoint_times_out(
    hooks: Receiver, endpoint: WebhookEndpoint, make_sender: MakeSender
) -> None:
    hooks.expect(reactions.hang)
    began = time.monotonic()
    result = make_sender(total_seconds=2).send(endpoint, EVENT)
    assert 2 <= time.monotonic() - began < 10
    unanswered = AttemptDetail(DetailCode.HTTP_UNANSWERED, host="127.0.0.1", error="TimeoutError")
    assert (result.outcome, result.detail) == (Outcome.UNKNOWN, unanswered)


def test_large_response_is_read_partially(
    hooks: Receiver, endpoint: WebhookEndpoint, sender: HttpWebhookSender
) -> None:
    hooks.expect(reactions.flood(500, 100 * 1024 * 1024))
    assert sender.send(endpoint, EVENT).outcome is Outcome.RETRY


@pytest.mark.parametrize("url", ["http://leadtracker.invalid/", "https://127.0.0.1:1/", "http://exa mple/"])
def test_connection_error_sent_nothing(sender: HttpWebhookSender, url: str) -> None:
    assert sender.send(WebhookEndpoint(url), EVENT).outcome is Outcome.NOT_SENT
