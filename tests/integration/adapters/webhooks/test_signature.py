"""Receivers can verify where an event comes from, with the library of Standard Webhooks."""

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from leadtracker.adapters.webhooks.webhook_sender import HttpWebhookSender
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent, WebhookSecret
from tests.contracts.deliveries.webhook_sender import EVENT
from tests.integration.adapters.webhooks.conftest import NEW_SECRET, SECRET, MakeSender
from tests.support.clock import at
from tests.support.memory.system import MemoryClock
from tests.support.servers.receiver import Receiver, Request

PLAIN = "a secret: that, is no base64!"


def verify(request: Request, secret: str | bytes, **changed: str) -> object:
    """Verify a request with this secret, after changing some headers."""
    headers = {**request.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return Webhook(secret).verify(request.body, headers)


def test_signature_verifies_with_secret(
    hooks: Receiver, endpoint: WebhookEndpoint, sender: HttpWebhookSender
) -> None:
    sender.send(endpoint, EVENT)
    [request] = hooks.requests
    assert verify(request, SECRET) == {"type": "lead.erased", "data": {"id": "Zoë 🦊"}}
    assert request.headers["content-type"] == "application/json"


def test_rotated_secrets_both_verify(
    hooks: Receiver, endpoint: WebhookEndpoint, make_sender: MakeSender
) -> None:
    make_sender(SECRET, NEW_SECRET).send(endpoint, EVENT)
    [request] = hooks.requests
    assert verify(request, SECRET) == verify(request, NEW_SECRET)
    assert len(request.headers["webhook-signature"].split()) == 2


def test_plain_secret_is_its_bytes(
    hooks: Receiver, endpoint: WebhookEndpoint, make_sender: MakeSender
) -> None:
    make_sender(PLAIN).send(endpoint, EVENT)
    verify(hooks.requests[0], PLAIN.encode())


def test_signature_needs_the_secret(
    hooks: Receiver, endpoint: WebhookEndpoint, sender: HttpWebhookSender
) -> None:
    sender.send(endpoint, EVENT)
    sender.send(endpoint, WebhookEvent("event-2", EVENT.body))
    first, second = hooks.requests
    with pytest.raises(WebhookVerificationError):
        verify(first, NEW_SECRET)
    with pytest.raises(WebhookVerificationError):
        verify(first, SECRET, webhook_id="event-2")
    with pytest.raises(WebhookVerificationError):
        verify(first, SECRET, webhook_timestamp=str(int(first.headers["webhook-timestamp"]) + 1))
    with pytest.raises(WebhookVerificationError):
        verify(first, SECRET, webhook_signature=second.headers["webhook-signature"])


def test_specification_example_is_reproduced(hooks: Receiver) -> None:
    secret = WebhookSecret.parse("whsec_plJ3nmyCDGBKInavdOK15jsl")
    sender = HttpWebhookSender([secret], MemoryClock(at("2024-11-15T21:12:01Z")))
    body = '{"event_type":"ping","data":{"success":true}}'
    sender.send(WebhookEndpoint(hooks.url), WebhookEvent("msg_loFOjxBNrRLzqYUf", body))
    headers = hooks.requests[0].headers
    assert headers["webhook-timestamp"] == "1731705121"
    assert headers["webhook-signature"] == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
