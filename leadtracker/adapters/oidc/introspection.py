"""Ask the provider whether a token is still active (RFC 7662), but not for every request."""

import hashlib
import threading
from datetime import datetime, timedelta

from leadtracker.adapters.oidc.client_requests import OK, ClientRequests
from leadtracker.adapters.oidc.metadata import Metadata
from leadtracker.domain.errors import IdentityRejected, ProviderUnavailable

ACTIVE_FOR = timedelta(minutes=1)
"""For how long the provider's word that a token is active counts."""

_MAX_REMEMBERED = 1_000


class Introspection:
    """Remembers for a minute which tokens the provider has called active; those of all threads."""

    def __init__(self, requests: ClientRequests) -> None:
        self._requests = requests
        self._lock = threading.Lock()
        self._active_until: dict[bytes, datetime] = {}

    def check(self, metadata: Metadata, token: str, now: datetime) -> None:
        """Check that a token whose signature is right is still active; without an endpoint it counts as such.

        Raises:
            IdentityRejected: the provider has withdrawn the token, or it is not one for requests.
            ProviderUnavailable: the provider does not respond, or does not let LeadTracker ask.
        """
        url, digest = metadata.introspection_endpoint, hashlib.sha256(token.encode()).digest()
        if url is None or self._is_remembered(digest, now):
            return
        document = self._requests.post(metadata, url, {"token": token, "token_type_hint": "access_token"})
        if document.status != OK:
            raise ProviderUnavailable(f"the introspection of tokens responds with status {document.status}")
        if document.body.get("active") is not True:
            raise IdentityRejected("the provider says that the token is not active")
        self._remember(digest, now)

    def _is_remembered(self, digest: bytes, now: datetime) -> bool:
        with self._lock:
            return self._active_until.get(digest, now) > now

    def _remember(self, digest: bytes, now: datetime) -> None:
        with self._lock:
            if len(self._active_until) >= _MAX_REMEMBERED:
                self._active_until = {key: end for key, end in self._active_until.items() if end > now}
            if len(self._active_until) < _MAX_REMEMBERED:
                self._active_until[digest] = now + ACTIVE_FOR
