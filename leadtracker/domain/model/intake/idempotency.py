"""Idempotency keys: a request that is sent twice is processed once.

They follow the IETF draft "The Idempotency-Key HTTP Header Field".
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.inputs.inputs import Inputs
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import DRAFT_FIELDS
from leadtracker.domain.model.leads.lead_file import FileMetadata

KEY_LIFETIME = timedelta(hours=24)
MAX_KEY_LENGTH = 255


@frozen
class IdempotentRequest:
    """A request with an idempotency key.

    Attributes:
        digest: the SHA-256 of the key and the actor's name, so that keys of different callers never collide.
        fingerprint: the SHA-256 of the fields that have an effect, independent of their order.
    """

    digest: str
    fingerprint: str

    @classmethod
    def of(
        cls, key: str, actor: Actor, inputs: Inputs, files: Iterable[FileMetadata] = ()
    ) -> "IdempotentRequest":
        """Return the request that ``actor`` sends with ``key``, the validated ``inputs`` and ``files``.

        Raises:
            InvalidInput: the key is empty or too long.
        """
        if not 1 <= len(key) <= MAX_KEY_LENGTH:
            raise InvalidInput.of("Idempotency-Key", f"must have 1 to {MAX_KEY_LENGTH} characters")
        fields = [inputs.fields.get(name) for name in DRAFT_FIELDS]
        hashes = [[file.filename, file.sha256] for file in files]
        canonical = json.dumps([fields, inputs.answers, hashes])
        return cls(_sha256(f"{actor.name}\n{key}"), _sha256(canonical))


@frozen
class RememberedCapture:
    """A stored request: its fingerprint, and the lead as it was in the response."""

    fingerprint: str
    lead: Lead


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
