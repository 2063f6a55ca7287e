"""The provider's discovery document (OpenID Connect Discovery 1.0) and its public keys (RFC 7517)."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from leadtracker.adapters.http_client.json_fetcher import FetchFailed, JsonFetcher

_PATH = "/.well-known/openid-configuration"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_MAX_KEYS = 100
_MIN_RSA_BITS = 2048


@frozen(kw_only=True)
class Metadata:
    """The content of the discovery document, checked.

    Attributes:
        issuer: the exact identifier, as it stands in tokens.
        userinfo_endpoint: None if the provider has none.
        end_session_endpoint: signs a person out at the provider; None if the provider has none.
        introspection_endpoint: says whether a token is still active; None if the provider has none.
        posts_secret: true if the token endpoint takes the client's secret in the form only.
        sends_issuer: true if every response of the provider has the parameter ``iss`` (RFC 9207).
        scopes: the scopes that the provider lists.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    introspection_endpoint: str | None
    posts_secret: bool
    sends_issuer: bool
    scopes: frozenset[str]


def fetch_metadata(fetcher: JsonFetcher, issuer: str) -> Metadata:
    """Fetch the discovery document.

    Raises:
        FetchFailed: it cannot be fetched, belongs to another issuer, or lacks what a sign-in needs.
    """
    document = _fetch(fetcher, issuer.rstrip("/") + _PATH)
    stated = document.get("issuer")
    # One slash at the end is often forgotten; tokens must have exactly what the document states.
    if not isinstance(stated, str) or stated.rstrip("/") != issuer.rstrip("/"):
        raise FetchFailed("the discovery document belongs to another issuer")
    if "S256" not in _texts(document, "code_challenge_methods_supported", ("S256",)):
        raise FetchFailed("the provider does not support PKCE with S256")
    methods = _texts(document, "token_endpoint_auth_methods_supported", ("client_secret_basic",))
    return Metadata(
        issuer=stated,
        authorization_endpoint=_endpoint(document, "authorization_endpoint", issuer),
        token_endpoint=_endpoint(document, "token_endpoint", issuer),
        jwks_uri=_endpoint(document, "jwks_uri", issuer),
        userinfo_endpoint=_optional_endpoint(document, "userinfo_endpoint", issuer),
        end_session_endpoint=_optional_endpoint(document, "end_session_endpoint", issuer),
        introspection_endpoint=_optional_endpoint(document, "introspection_endpoint", issuer),
        posts_secret="client_secret_basic" not in methods and "client_secret_post" in methods,
        sends_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        scopes=_texts(document, "scopes_supported", ()),
    )


def fetch_keys(fetcher: JsonFetcher, url: str) -> KeySet:
    """Fetch the public keys that can verify signatures; keys of other kinds are left out.

    Raises:
        FetchFailed: they cannot be fetched, or there is none.
    """
    entries = _fetch(fetcher, url).get("keys")
    if not isinstance(entries, list) or len(entries) > _MAX_KEYS:
        raise FetchFailed("the provider's keys are no list, or too many")
    keys = [key for key in map(_import, entries) if key is not None]
    if not keys:
        raise FetchFailed("the provider has no key that can verify a signature")
    return KeySet(keys)


def is_safe_url(url: str, issuer: str) -> bool:
    """Check that a URL uses TLS, or that both it and the issuer are on this machine, as in a test."""
    try:
        parts, own = urlsplit(url), urlsplit(issuer)
    except ValueError:
        return False
    if parts.scheme == "https" and parts.hostname:
        return True
    return parts.scheme == "http" and {parts.hostname, own.hostname} <= _LOOPBACK


def _fetch(fetcher: JsonFetcher, url: str) -> Mapping[str, Any]:
    document = fetcher.get(url)
    if document.status != 200:  # noqa: PLR2004 - the only status with a document
        raise FetchFailed(f"{urlsplit(url).path} responds with status {document.status}")
    return document.body


def _endpoint(document: Mapping[str, Any], name: str, issuer: str) -> str:
    url = document.get(name)
    if not isinstance(url, str) or not url.isprintable() or not is_safe_url(url, issuer):
        raise FetchFailed(f"the discovery document has no https URL as {name}")
    return url


def _optional_endpoint(document: Mapping[str, Any], name: str, issuer: str) -> str | None:
    return _endpoint(document, name, issuer) if document.get(name) else None


def _texts(document: Mapping[str, Any], name: str, default: Collection[str]) -> frozenset[str]:
    values = document.get(name)
    if not isinstance(values, list):
        return frozenset(default)
    return frozenset(value for value in values if isinstance(value, str))


def _import(entry: object) -> Key | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    if entry.get("kty") not in {"RSA", "EC", "OKP"} or _is_short_rsa_key(entry):
        return None
    try:
        return JWKRegistry.import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _is_short_rsa_key(entry: Mapping[str, Any]) -> bool:
    modulus = str(entry.get("n", "")).rstrip("=")
    return entry["kty"] == "RSA" and len(modulus) * 6 < _MIN_RSA_BITS  # Base64 has six bits a character
