"""Verify the signature and the claims of JSON Web Tokens (RFC 7519, RFC 8725)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from leadtracker.domain.errors import IdentityRejected

ALGORITHMS = frozenset({"RS256", "PS256", "ES256", "EdDSA", "Ed25519"})
"""Signatures by a private key only: with ``none`` or HS256 anyone could sign who knows public data."""

CLOCK_SKEW = timedelta(seconds=60)
MAX_TOKEN_AGE = timedelta(hours=24)
"""A token is rejected at this age also if it claims to be valid for longer."""

_MAX_TOKEN_LENGTH = 16_384
_ID_TOKEN_TYPES = frozenset({"", "jwt"})
_BEARER_TYPES = _ID_TOKEN_TYPES | {"at+jwt", "application/at+jwt"}


class UnknownKey(IdentityRejected):
    """The token names a key that is not among the known ones; the provider may have changed its keys."""


@frozen(kw_only=True)
class TokenVerifier:
    """Verifies tokens of one issuer for one audience.

    Attributes:
        issuer: the exact issuer identifier.
        client_id: the audience.
        keys: the public keys of the issuer.
        now: the time at which a token must be valid, with ``CLOCK_SKEW``.
    """

    issuer: str
    client_id: str
    keys: KeySet
    now: datetime

    def bearer(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a token that a client sends with a request.

        Raises:
            UnknownKey: the key that signed it is unknown.
            IdentityRejected: it fails another check.
        """
        claims = self._verified(token, _BEARER_TYPES).claims
        if "cnf" in claims:
            # The token is bound to a key of the client (RFC 7800), whose proof is not looked at here.
            raise IdentityRejected("the token may not be used as a bearer token")
        return claims

    def id_token(self, token: str, nonce: str | None, access_token: str) -> Mapping[str, Any]:
        """Return the claims of an ID token (OpenID Connect Core 1.0, sections 3.1.3.7 and 12.2).

        Args:
            token: the ID token.
            nonce: that of the pending sign-in; None for the ID token of a refresh, which needs none.
            access_token: the access token that came with it; empty if none came.

        Raises:
            UnknownKey: the key that signed it is unknown.
            IdentityRejected: it fails another check.
        """
        verified = self._verified(token, _ID_TOKEN_TYPES)
        claims = verified.claims
        if nonce is not None and not _is_equal(claims.get("nonce"), nonce):
            raise IdentityRejected("the nonce is not that of this sign-in")
        is_for_several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if is_for_several else self.client_id) != self.client_id:
            raise IdentityRejected("the token was issued to another client")
        is_hashed = "at_hash" in claims and access_token and verified.header["alg"].endswith("256")
        if is_hashed and not _is_equal(claims["at_hash"], _half_hash(access_token)):
            raise IdentityRejected("the access token is not that of the ID token")
        return claims

    def _verified(self, token: str, types: frozenset[str]) -> jwt.Token:
        if not token.isascii() or len(token) > _MAX_TOKEN_LENGTH:
            raise IdentityRejected("the token is too long or not ASCII")
        try:
            verified = jwt.decode(token, self.keys, registry=_Registry(strict_check_header=False))
            self._check(verified.claims)
        except InvalidKeyIdError:
            raise UnknownKey("the token names an unknown key") from None
        except (JoseError, ValueError, TypeError, RecursionError, OverflowError) as error:
            raise IdentityRejected(f"{type(error).__name__}: {error}") from None
        if str(verified.header.get("typ", "")).lower() not in types or "events" in verified.claims:
            raise IdentityRejected("the token is of another type")
        return verified

    def _check(self, claims: dict[str, Any]) -> None:
        now = int(self.now.timestamp())
        JWTClaimsRegistry(
            now=now,
            leeway=int(CLOCK_SKEW.total_seconds()),
            iss={"essential": True, "value": self.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(claims)
        if claims["iat"] < now - (MAX_TOKEN_AGE + CLOCK_SKEW).total_seconds():
            raise IdentityRejected("the token is too old")


class _Registry(JWSRegistry):
    """Knows the allowed algorithms only.

    The library would warn of ``EdDSA``, which RFC 9864 has renamed and providers still use.
    """

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError("the algorithm is not allowed")
        return self.algorithms[name]

    def check_header(self, header: dict[str, Any]) -> None:
        if "crit" in header or "b64" in header:
            raise UnsupportedAlgorithmError("the token has a critical header parameter")
        super().check_header(header)


def _is_equal(value: object, expected: str) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode(), expected.encode())


def _half_hash(access_token: str) -> str:
    """Return the claim ``at_hash`` of an access token, for the algorithms whose hash is SHA-256."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).decode().rstrip("=")
