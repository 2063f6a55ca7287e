"""Sign users in through an OpenID provider: authorization code flow with PKCE (OpenID Connect Core 1.0)."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

from attrs import field, frozen
from joserfc.jwk import KeySet

from leadtracker.adapters.http_client.json_fetcher import FetchFailed, JsonDocument, JsonFetcher
from leadtracker.adapters.oidc.cached_document import CachedDocument
from leadtracker.adapters.oidc.claims import has_claim, identity_of
from leadtracker.adapters.oidc.metadata import Metadata, fetch_keys, fetch_metadata
from leadtracker.adapters.oidc.tokens import TokenVerifier, UnknownKey
from leadtracker.domain.errors import IdentityRejected, ProviderUnavailable
from leadtracker.domain.model.accounts.external_identity import ProvenIdentity
from leadtracker.domain.ports.accounts.identity_provider import (
    IdentityProvider,
    PendingSignIn,
    ProviderResponse,
)
from leadtracker.domain.ports.system import Clock

Result = TypeVar("Result")

_SCOPES = ("openid", "email", "profile")
_OK = 200
_FIRST_SERVER_ERROR = 500


@frozen(kw_only=True)
class Registration:
    """LeadTracker as the provider knows it, and how the provider states roles.

    Attributes:
        issuer: the provider's issuer identifier.
        client_id: our id at the provider, and the audience of its tokens.
        client_secret: our secret at the provider.
        role_claim: the claim that decides about the role.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_claim: str


class OpenIdProvider(IdentityProvider):
    """See the port for its promises. Nothing is fetched before it is needed, so that the start never waits.

    Args:
        registration: what the provider knows us by.
        clock: the time at which tokens must be valid.
        fetcher: sends the requests.
    """

    def __init__(self, registration: Registration, clock: Clock, fetcher: JsonFetcher) -> None:
        issuer = registration.issuer
        self._client_id = registration.client_id
        self._client_secret = registration.client_secret
        self._role_claim = registration.role_claim
        self._clock = clock
        self._fetcher = fetcher
        self._host = urlsplit(issuer).netloc
        self._metadata = CachedDocument(lambda: fetch_metadata(fetcher, issuer), self._host, clock)
        self._keys = CachedDocument(
            lambda: fetch_keys(fetcher, self._metadata.get().jwks_uri), self._host, clock
        )

    @property
    def host(self) -> str:
        return self._host

    def check(self) -> None:
        self._metadata.get()
        self._keys.get()

    def authorization_url(self, pending: PendingSignIn) -> str:
        metadata = self._metadata.get()
        own_scope = [self._role_claim] if self._role_claim in metadata.scopes - set(_SCOPES) else []
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": pending.redirect_uri,
            "scope": " ".join([*_SCOPES, *own_scope]),
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": _challenge(pending.code_verifier),
            "code_challenge_method": "S256",
        }
        if pending.is_confirmation:
            query |= {"prompt": "login", "max_age": "0"}
        url = metadata.authorization_endpoint
        return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"

    def redeem(self, response: ProviderResponse, pending: PendingSignIn) -> ProvenIdentity:
        metadata = self._metadata.get()
        # Before the code is sent anywhere: it may belong to another provider (RFC 9207).
        is_issuer_missing = response.issuer is None and metadata.sends_issuer
        if is_issuer_missing or response.issuer not in {None, metadata.issuer}:
            raise IdentityRejected("the response is that of another issuer")
        tokens = self._redeem_code(metadata, response.code, pending)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token") or ""
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise IdentityRejected("the provider has sent no ID token")
        claims = self._verified(lambda verifier: verifier.id_token(id_token, pending.nonce, access_token))
        return identity_of(self._with_userinfo(metadata, claims, access_token), self._role_claim)

    def verify(self, token: str) -> ProvenIdentity:
        claims = self._verified(lambda verifier: verifier.bearer(token))
        return identity_of(claims, self._role_claim)

    def _verified(self, verify: Callable[[TokenVerifier], Result]) -> Result:
        """Verify a token; if its key is unknown, once more with the keys that the provider has now."""
        try:
            return verify(self._verifier(self._keys.get()))
        except UnknownKey:
            return verify(self._verifier(self._keys.refresh()))

    def _verifier(self, keys: KeySet) -> TokenVerifier:
        return TokenVerifier(
            issuer=self._metadata.get().issuer, client_id=self._client_id, keys=keys, now=self._clock.now()
        )

    def _redeem_code(self, metadata: Metadata, code: str, pending: PendingSignIn) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": pending.redirect_uri,
            "code_verifier": pending.code_verifier,
        }
        if metadata.posts_secret:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        # RFC 6749, section 2.3.1: both are encoded like a form before they become user and password.
        basic = (
            None if metadata.posts_secret else (quote_plus(self._client_id), quote_plus(self._client_secret))
        )
        document = self._fetched(lambda: self._fetcher.post_form(metadata.token_endpoint, form, basic=basic))
        if document.status != _OK:
            raise IdentityRejected(
                f"the provider does not accept the code ({document.body.get('error')!r:.100})"
            )
        return document.body

    def _with_userinfo(
        self, metadata: Metadata, claims: Mapping[str, Any], access_token: str
    ) -> Mapping[str, Any]:
        """Add the claims of the userinfo endpoint if the ID token lacks any that is needed.

        Raises:
            IdentityRejected: they belong to another person.
            ProviderUnavailable: the provider does not respond.
        """
        url = metadata.userinfo_endpoint
        if (has_claim(claims, self._role_claim) and "email" in claims) or url is None or not access_token:
            return claims
        document = self._fetched(lambda: self._fetcher.get(url, bearer=access_token))
        if document.status != _OK:
            return claims
        if document.body.get("sub") != claims["sub"]:
            raise IdentityRejected("the userinfo belongs to another person")
        return {**document.body, **claims}

    def _fetched(self, fetch: Callable[[], JsonDocument]) -> JsonDocument:
        try:
            document = fetch()
        except FetchFailed as error:
            raise ProviderUnavailable(f"{self._host} cannot be used for signing in: {error}") from None
        if document.status >= _FIRST_SERVER_ERROR:
            raise ProviderUnavailable(f"{self._host} responds with status {document.status}")
        return document


def _challenge(code_verifier: str) -> str:
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
