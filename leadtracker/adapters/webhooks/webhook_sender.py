"""Signed lead events for webhook endpoints (Standard Webhooks 1.0).

The signature covers the event's id, the time of the attempt and the body. There is one signature per secret:
while a secret is being replaced, a receiver that knows either of the two can verify the event.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from attrs import evolve

from leadtracker.adapters.http_client.http_poster import HttpPoster, OutboundRequest
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent, WebhookSecret
from leadtracker.domain.ports.deliveries.webhooks import WebhookSender
from leadtracker.domain.ports.system import Clock

_GONE = 410


class HttpWebhookSender(WebhookSender):
    """Posts events to webhook endpoints.

    Args:
        secrets: each makes a signature of every event.
        seconds: the limits of an attempt; see ``HttpPoster``.
    """

    def __init__(self, secrets: Sequence[WebhookSecret], clock: Clock, **seconds: float) -> None:
        self._secrets = tuple(secrets)
        self._clock = clock
        self._http_poster = HttpPoster(clock, **seconds)

    def send(self, endpoint: WebhookEndpoint, event: WebhookEvent) -> DeliveryResult:
        body = event.body.encode()
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "LeadTracker",
            "webhook-id": event.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": self._sign(f"{event.id}.{timestamp}.".encode() + body),
        }
        return _with_retry(self._http_poster.post(OutboundRequest(endpoint.url, body, headers)))

    def _sign(self, content: bytes) -> str:
        digests = (hmac.digest(secret.key, content, hashlib.sha256) for secret in self._secrets)
        return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def _with_retry(result: DeliveryResult) -> DeliveryResult:
    """Treat only 410 Gone as permanent; retry every other status outside 2xx."""
    if result.outcome is Outcome.REJECTED and result.status != _GONE:
        return evolve(result, outcome=Outcome.RETRY)
    return result
