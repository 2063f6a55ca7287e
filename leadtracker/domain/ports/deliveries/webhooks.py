"""Ports: sending webhooks, and the endpoints that are disabled because they answered 410 Gone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent


class WebhookSender(Protocol):
    """Sends signed events to webhook endpoints, as Standard Webhooks specifies."""

    def send(self, endpoint: WebhookEndpoint, event: WebhookEvent) -> DeliveryResult:
        """Make one attempt of at most 30 seconds; every external failure is an outcome, not an exception.

        Every attempt sends the same ``event.id`` and body; the signed timestamp is that of the attempt.
        Redirects are not followed.

        Returns:
            ``DELIVERED`` for a 2xx response, ``REJECTED`` for 410 Gone, ``RETRY`` for any other response,
            ``NOT_SENT`` if nothing could be sent, and ``UNKNOWN`` if no response came although the event
            may have arrived.
        """
        ...


class DisabledEndpoints(Protocol):
    """Stores disabled endpoints by key, also those that the settings no longer contain."""

    def all(self) -> Mapping[str, datetime]:
        """Return when each endpoint was disabled, by key."""
        ...

    def add(self, key: str, now: datetime) -> None:
        """Disable an endpoint; a disabled endpoint keeps its time."""
        ...

    def remove(self, key: str) -> None:
        """Enable an endpoint; do nothing if it is enabled."""
        ...
