"""Webhooks: other programs that are told what happens to leads, as Standard Webhooks describes it.

See https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from attrs import field, frozen

from leadtracker.domain.model.deliveries.delivery import Channel
from leadtracker.domain.model.timestamps import format_timestamp

TEST_EVENT = "leadtracker.test"
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with


@frozen
class WebhookEndpoint:
    """A URL that receives lead events, and the channel whose sender posts them.

    The URL may hold a secret anywhere but in its scheme, host and port.
    """

    url: str = field(repr=False)
    channel: Channel = Channel.WEBHOOK

    @property
    def origin(self) -> str:
        """Scheme, host and port: what may be shown of it (RFC 6454)."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    @property
    def host(self) -> str:
        """The host alone."""
        return urlsplit(self.url).hostname or ""

    @property
    def key(self) -> str:
        """By which it is recognised: a digest, because stored things are shown."""
        return hashlib.sha256(self.url.encode()).hexdigest()


@frozen
class WebhookEvent:
    """What an endpoint is told.

    Attributes:
        id: of this event at this endpoint; the same on every attempt.
        body: JSON, as it was when the event happened.
    """

    id: str
    body: str


@frozen
class WebhookSecret:
    """What events are signed with; the receiver knows it, too."""

    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "WebhookSecret":
        """Read ``whsec_`` and base64, as Standard Webhooks writes secrets, or a text that is the key itself.

        Raises:
            ValueError: with a message that does not hold the secret.
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
    """The body of an event that happens at ``now``."""
    payload = {"type": kind, "timestamp": format_timestamp(now), "data": data}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
