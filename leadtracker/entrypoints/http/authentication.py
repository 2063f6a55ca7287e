"""Finding out who calls: Basic for users, ``X-API-Key`` or Bearer for API keys."""

from attrs import evolve, frozen
from flask import g, request

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.access import PUBLIC, Actor
from leadtracker.domain.use_cases.sign_in import SignIn


@frozen
class Callers:
    """Tells views who calls; what the caller may do is decided by the use cases."""

    _sign_in: SignIn

    def known(self) -> Actor:
        """The caller, who must have proven who they are.

        Raises:
            AuthenticationFailed: credentials are missing or wrong.
        """
        actor = self.anyone()
        if actor.is_public:
            raise AuthenticationFailed
        return actor

    def anyone(self) -> Actor:
        """The caller, or the public if no credentials came with the request.

        Raises:
            AuthenticationFailed: credentials came, and they are wrong.
        """
        g.actor = PUBLIC  # whoever fails to prove who they are is told no more than the public
        g.actor = actor = evolve(self._identify(), request_id=g.request_id)
        return actor

    def _identify(self) -> Actor:
        api_key = request.headers.get("X-API-Key")
        if api_key is not None:
            return self._sign_in.with_api_key(api_key.strip())
        if "Authorization" not in request.headers:
            return PUBLIC
        credentials = request.authorization
        if credentials is not None and credentials.type == "bearer" and credentials.token:
            return self._sign_in.with_api_key(credentials.token)
        if credentials is not None and credentials.type == "basic":
            return self._sign_in.with_password(credentials.username or "", credentials.password or "")
        raise AuthenticationFailed
