"""Authenticate API clients by their keys."""

from attrs import frozen
from flask import request

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from leadtracker.entrypoints.http.auth.rate_limit import FailureRecordLimit


@frozen
class KeyAuthentication:
    """Authenticates API clients; failures are recorded up to a limit."""

    _sign_in: SignIn
    _limit: FailureRecordLimit

    def actor(self, secret: str) -> Actor:
        """Return the actor of an API key.

        Raises:
            AuthenticationFailed: the key is rejected.
        """
        try:
            return self._sign_in.with_api_key(secret)
        except AuthenticationFailed:
            address = request.remote_addr or ""
            if self._limit.count(address):
                self._sign_in.record_key_failure(secret, address)
            raise
