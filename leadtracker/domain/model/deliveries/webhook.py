"""Webhooks: signed lead events for API clients, as Standard Webhooks specifies.

See https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from attrs import field, frozen

from leadtracker.domain.model.deliveries.delivery import Channel, DeliveryKind
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayload, lead_payload
from leadtracker.domain.model.values.timestamps import format_timestamp

TEST_EVENT = "leadtracker.test"
_CHANGED_ALWAYS = frozenset({"updated_at", "version"})
_SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix of every secret


@frozen
class WebhookEndpoint:
    """A URL that receives lead events, and the channel whose sender posts them.

    The URL may hold a secret anywhere but in its scheme, host and port.
    """

    url: str = field(repr=False)
    channel: Channel = Channel.WEBHOOK

    @property
    def origin(self) -> str:
        """Scheme, host and port (RFC 6454), which hold no secret and can be shown."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    @property
    def host(self) -> str:
        """The host name."""
        return urlsplit(self.url).hostname or ""

    @property
    def key(self) -> str:
        """Identifies the endpoint; a digest, since the URL may hold a secret."""
        return hashlib.sha256(self.url.encode()).hexdigest()


@frozen
class WebhookEvent:
    """One event for one endpoint.

    Attributes:
        id: the same on every attempt.
        body: JSON, with the data at the time of the event.
    """

    id: str
    body: str


@frozen
class WebhookSecret:
    """The key that signs events; the receiver has it, too."""

    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "WebhookSecret":
        """Parse ``whsec_`` with base64 (Standard Webhooks), or any other text, whose UTF-8 form is the key.

        Raises:
            ValueError: the base64 is invalid; the message does not contain the secret.
        """
        if not text.startswith(_SECRET_PREFIX):
            return cls(text.encode())
        digits = text.removeprefix(_SECRET_PREFIX)
        try:
            key = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not key:
            raise ValueError("must have base64 behind whsec_")
        return cls(key)


def event_body(kind: str, data: Mapping[str, object], now: datetime) -> str:
    """Return the JSON body of an event that happens at ``now``."""
    payload = {"type": kind, "timestamp": format_timestamp(now), "data": data}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def events_between(before: Lead, after: Lead) -> Iterator[tuple[DeliveryKind, LeadPayload]]:
    """Yield the webhook events for a change: of the state, of other properties, or both.

    Every new version causes an event, also one with an equal payload (a resume of the same name and size).
    """
    if after.version == before.version:
        return
    old, new = lead_payload(before), lead_payload(after)
    changes = {
        name: {"field": name, "from": old[name], "to": value}
        for name, value in new.items()
        if old[name] != value and name not in _CHANGED_ALWAYS
    }
    state_change = changes.pop("state", None)
    if changes or not state_change:
        yield DeliveryKind.LEAD_UPDATED, {**new, "changes": list(changes.values())}
    if state_change:
        yield DeliveryKind.LEAD_STATE_CHANGED, {**new, "changes": [state_change]}
