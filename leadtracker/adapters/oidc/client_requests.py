"""Requests that LeadTracker sends to the provider as its registered client."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus

from attrs import field, frozen

from leadtracker.adapters.http_client.json_fetcher import FetchFailed, JsonDocument, JsonFetcher
from leadtracker.adapters.oidc.metadata import Metadata
from leadtracker.domain.errors import IdentityRejected, ProviderUnavailable

OK = 200
_FIRST_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429
_OUR_ERRORS = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"})
"""Errors by which a provider rejects LeadTracker itself, and says nothing about the person."""


@frozen(kw_only=True)
class Registration:
    """LeadTracker as the provider knows it, and how the provider states roles.

    Attributes:
        issuer: the provider's issuer identifier.
        client_id: our id at the provider, and the audience of its tokens.
        client_secret: our secret at the provider.
        role_claim: the claim that decides about the role.
        extra_scopes: scopes to ask for besides those that every sign-in needs.
        introspects: true to ask the provider whether a bearer token is still active, if it can be asked.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_claim: str
    extra_scopes: tuple[str, ...] = ()
    introspects: bool = True


@frozen
class ClientRequests:
    """Sends requests with the id and the secret of the client, within limits of time and size."""

    _registration: Registration
    _fetcher: JsonFetcher
    _host: str

    def tokens(self, metadata: Metadata, grant: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the response of the token endpoint to a grant: a code, or a refresh token.

        Raises:
            IdentityRejected: the provider does not accept the grant.
            ProviderUnavailable: the provider does not respond, or rejects LeadTracker itself.
        """
        document = self.post(metadata, metadata.token_endpoint, grant)
        if document.status == OK:
            return document.body
        error = document.body.get("error")
        if document.status == _TOO_MANY_REQUESTS or (
            error in _OUR_ERRORS and grant["grant_type"] == "refresh_token"
        ):
            raise ProviderUnavailable(f"{self._host} does not accept LeadTracker ({error!r:.100})")
        raise IdentityRejected(f"the provider does not accept the {_name_of(grant)} ({error!r:.100})")

    def post(self, metadata: Metadata, url: str, form: Mapping[str, str]) -> JsonDocument:
        """Post a form with the id and the secret of the client.

        Raises:
            ProviderUnavailable: the provider does not respond, or responds with a server error.
        """
        client_id, secret = self._registration.client_id, self._registration.client_secret
        if metadata.posts_secret:
            sent = {**form, "client_id": client_id, "client_secret": secret}
            return self._fetched(lambda: self._fetcher.post_form(url, sent))
        # RFC 6749, section 2.3.1: both are encoded like a form before they become user and password.
        basic = (quote_plus(client_id), quote_plus(secret))
        return self._fetched(lambda: self._fetcher.post_form(url, form, basic=basic))

    def userinfo(self, url: str, access_token: str) -> JsonDocument:
        """Fetch the claims about the person of an access token.

        Raises:
            ProviderUnavailable: the provider does not respond, or responds with a server error.
        """
        return self._fetched(lambda: self._fetcher.get(url, bearer=access_token))

    def _fetched(self, fetch: Callable[[], JsonDocument]) -> JsonDocument:
        try:
            document = fetch()
        except FetchFailed as error:
            raise ProviderUnavailable(f"{self._host} cannot be used for signing in: {error}") from None
        if document.status >= _FIRST_SERVER_ERROR:
            raise ProviderUnavailable(f"{self._host} responds with status {document.status}")
        return document


def _name_of(grant: Mapping[str, str]) -> str:
    return "code" if grant["grant_type"] == "authorization_code" else "refresh token"
