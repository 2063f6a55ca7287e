"""Port: the way events go to other programs."""

from typing import Protocol

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent


class WebhookSender(Protocol):
    """Hands signed events to the endpoints of other programs (Standard Webhooks)."""

    def send(self, endpoint: WebhookEndpoint, event: WebhookEvent) -> DeliveryResult:
        """Try once, within 30 seconds, and say how it went; whatever goes wrong outside is an outcome.

        ``DELIVERED`` means a 2xx; ``REJECTED`` that the endpoint wants no more events at all (410);
        ``RETRY`` any other answer; ``NOT_SENT`` that nothing could be sent; ``UNKNOWN`` that there was no
        answer when the event may have arrived already. Redirects are not followed. The same ``event.id``
        and body go with every attempt; the time that is signed along is that of the attempt.
        """
        ...
