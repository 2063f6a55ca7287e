"""Idempotency keys: a request that is sent twice happens once.

The idea and the header's name are those of the IETF draft "The Idempotency-Key HTTP Header Field".
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import DRAFT_FIELDS

KEY_LIFETIME = timedelta(hours=24)
MAX_KEY_LENGTH = 255


@frozen
class IdempotentRequest:
    """A request that its sender has given a key.

    Attributes:
        digest: the SHA-256 of the key and its sender's name: callers cannot meet each other's keys.
        fingerprint: the SHA-256 of those fields that have an effect, however they were ordered.
    """

    digest: str
    fingerprint: str

    @classmethod
    def of(cls, key: str, actor: Actor, raw: Mapping[str, object]) -> "IdempotentRequest":
        """The request that ``actor`` sends with ``key``; its fields have been checked.

        Raises:
            InvalidInput: the key is empty or too long.
        """
        if not 1 <= len(key) <= MAX_KEY_LENGTH:
            raise InvalidInput.of("Idempotency-Key", f"must have 1 to {MAX_KEY_LENGTH} characters")
        canonical = json.dumps([raw.get(name) for name in DRAFT_FIELDS])
        return cls(_sha256(f"{actor.name}\n{key}"), _sha256(canonical))


@frozen
class RememberedCapture:
    """What was answered to a request with a key: the lead as it was then."""

    fingerprint: str
    lead: Lead


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
