"""Sign users in through an OpenID provider: authorization code flow with PKCE (OpenID Connect Core 1.0)."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from attrs import evolve
from joserfc.jwk import KeySet

from leadtracker.adapters.http_client.json_fetcher import JsonFetcher
from leadtracker.adapters.oidc.cached_document import CachedDocument
from leadtracker.adapters.oidc.claims import has_claim, identity_of
from leadtracker.adapters.oidc.client_requests import OK, ClientRequests, Registration
from leadtracker.adapters.oidc.introspection import Introspection
from leadtracker.adapters.oidc.metadata import Metadata, fetch_keys, fetch_metadata
from leadtracker.adapters.oidc.tokens import TokenVerifier, UnknownKey
from leadtracker.domain.errors import IdentityRejected
from leadtracker.domain.model.accounts.external_identity import ProvenIdentity, ProviderTokens
from leadtracker.domain.ports.accounts.identity_provider import (
    IdentityProvider,
    PendingSignIn,
    ProviderResponse,
)
from leadtracker.domain.ports.system import Clock

Result = TypeVar("Result")

_SCOPES = ("openid", "email", "profile")


class OpenIdProvider(IdentityProvider):
    """See the port for its promises. Nothing is fetched before it is needed, so that the start never waits.

    Args:
        registration: what the provider knows us by.
        clock: the time at which tokens must be valid.
        fetcher: sends the requests.
    """

    def __init__(self, registration: Registration, clock: Clock, fetcher: JsonFetcher) -> None:
        issuer = registration.issuer
        self._registration = registration
        self._clock = clock
        self._host = urlsplit(issuer).netloc
        self._requests = ClientRequests(registration, fetcher, self._host)
        self._introspection = Introspection(self._requests)
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
        role_claim = self._registration.role_claim
        own_scope = [role_claim] if role_claim in metadata.scopes else []
        scopes = dict.fromkeys([*_SCOPES, *own_scope, *self._registration.extra_scopes])
        query = {
            "response_type": "code",
            "client_id": self._registration.client_id,
            "redirect_uri": pending.redirect_uri,
            "scope": " ".join(scopes),
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": _challenge(pending.code_verifier),
            "code_challenge_method": "S256",
        }
        if pending.is_confirmation:
            query |= {"prompt": "login", "max_age": "0"}
        return _with_query(metadata.authorization_endpoint, query)

    def end_session_url(self, tokens: ProviderTokens, return_url: str) -> str | None:
        url = self._metadata.get().end_session_endpoint
        query = {
            "id_token_hint": tokens.id_token,
            "client_id": self._registration.client_id,
            "post_logout_redirect_uri": return_url,
        }
        return None if url is None else _with_query(url, query)

    def redeem(
        self, response: ProviderResponse, pending: PendingSignIn
    ) -> tuple[ProvenIdentity, ProviderTokens]:
        metadata = self._metadata.get()
        # Before the code is sent anywhere: it may belong to another provider (RFC 9207).
        is_issuer_missing = response.issuer is None and metadata.sends_issuer
        if is_issuer_missing or response.issuer not in {None, metadata.issuer}:
            raise IdentityRejected("the response is that of another issuer")
        grant = {
            "grant_type": "authorization_code",
            "code": response.code,
            "redirect_uri": pending.redirect_uri,
            "code_verifier": pending.code_verifier,
        }
        body = self._requests.tokens(metadata, grant)
        access_token, id_token = _token(body, "access_token"), _token(body, "id_token")
        if not id_token:
            raise IdentityRejected("the provider has sent no ID token")
        claims = self._verified(lambda verifier: verifier.id_token(id_token, pending.nonce, access_token))
        identity = self._identity(self._with_userinfo(metadata, claims, access_token))
        return identity, ProviderTokens(
            subject=identity.subject, id_token=id_token, refresh_token=_token(body, "refresh_token")
        )

    def renew(self, tokens: ProviderTokens) -> tuple[ProvenIdentity | None, ProviderTokens]:
        metadata = self._metadata.get()
        grant = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
        body = self._requests.tokens(metadata, grant)
        access_token, id_token = _token(body, "access_token"), _token(body, "id_token")
        claims: Mapping[str, Any] = {"iss": metadata.issuer, "sub": tokens.subject}
        if id_token:
            claims = self._verified(lambda verifier: verifier.id_token(id_token, None, access_token))
        if claims["sub"] != tokens.subject:
            raise IdentityRejected("the refresh token belongs to another person")
        claims = self._with_userinfo(metadata, claims, access_token)
        # Many providers leave claims out of a refresh; then the person has the groups of the sign-in.
        identity = self._identity(claims) if has_claim(claims, self._registration.role_claim) else None
        renewed = _token(body, "refresh_token") or tokens.refresh_token
        return identity, evolve(tokens, refresh_token=renewed, id_token=id_token or tokens.id_token)

    def verify(self, token: str) -> ProvenIdentity:
        claims = self._verified(lambda verifier: verifier.bearer(token))
        if self._registration.introspects:
            self._introspection.check(self._metadata.get(), token, self._clock.now())
        return self._identity(claims)

    def _identity(self, claims: Mapping[str, Any]) -> ProvenIdentity:
        return identity_of(claims, self._registration.role_claim)

    def _verified(self, verify: Callable[[TokenVerifier], Result]) -> Result:
        """Verify a token; if its key is unknown, once more with the keys that the provider has now."""
        try:
            return verify(self._verifier(self._keys.get()))
        except UnknownKey:
            return verify(self._verifier(self._keys.refresh()))

    def _verifier(self, keys: KeySet) -> TokenVerifier:
        issuer, client_id = self._metadata.get().issuer, self._registration.client_id
        return TokenVerifier(issuer=issuer, client_id=client_id, keys=keys, now=self._clock.now())

    def _with_userinfo(
        self, metadata: Metadata, claims: Mapping[str, Any], access_token: str
    ) -> Mapping[str, Any]:
        """Add the claims of the userinfo endpoint if the ID token lacks any that is needed.

        Raises:
            IdentityRejected: they belong to another person.
            ProviderUnavailable: the provider does not respond.
        """
        url, role_claim = metadata.userinfo_endpoint, self._registration.role_claim
        if (has_claim(claims, role_claim) and "email" in claims) or url is None or not access_token:
            return claims
        document = self._requests.userinfo(url, access_token)
        if document.status != OK:
            return claims
        if document.body.get("sub") != claims["sub"]:
            raise IdentityRejected("the userinfo belongs to another person")
        return {**document.body, **claims}


def _token(body: Mapping[str, Any], name: str) -> str:
    """Return a token of the response of the token endpoint; empty without it.

    Raises:
        IdentityRejected: it is no text.
    """
    token = body.get(name) or ""
    if not isinstance(token, str):
        raise IdentityRejected("a token of the provider is no text")
    return token


def _with_query(url: str, query: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"


def _challenge(code_verifier: str) -> str:
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
