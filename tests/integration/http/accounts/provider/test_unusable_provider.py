"""Providers that cannot be used: they are down, slow or send too much, or lack what is needed."""

import base64
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from leadtracker.container import Container
from tests.integration.http.accounts.provider.conftest import Browser, users
from tests.support.memory.system import MemoryClock
from tests.support.servers.openid.issuer import Issuer, as_json

WEAK = base64.urlsafe_b64encode(b"\xff" * 128).decode().rstrip("=")

Misbehave = Callable[[Issuer], None]


def discovery(**members: Any) -> Misbehave:
    """Have the issuer publish other metadata."""
    return lambda issuer: issuer.metadata.update(members)


def answer(path: str, status: int, body: object) -> Misbehave:
    """Have the issuer respond to a path in another way."""
    return lambda issuer: issuer.answers.update({path: lambda: as_json(status, body)})


def redirecting(path: str) -> Misbehave:
    """Have the issuer redirect from a path to the right document."""

    def misbehave(issuer: Issuer) -> None:
        right = issuer.respond(path, {}, b"")
        issuer.answers |= {
            path: lambda: (302, {"Location": f"{issuer.url}/elsewhere"}, b""),
            "/elsewhere": lambda: right,
        }

    return misbehave


def oversized(issuer: Issuer) -> None:
    """Have the issuer send the right keys, and far more."""
    keys = [key.as_dict(private=False) for key in issuer.keys]
    answer("/jwks", 200, {"keys": keys, "more": "x" * 300_000})(issuer)


def slow(issuer: Issuer) -> None:
    def wait() -> tuple[int, Mapping[str, str], bytes]:
        time.sleep(6)
        return as_json(200, {"keys": []})

    issuer.answers["/jwks"] = wait


UNUSABLE: dict[str, Misbehave] = {
    "discovery of another issuer": discovery(issuer="https://evil.example"),
    "no issuer": discovery(issuer=None),
    "token endpoint without TLS": discovery(token_endpoint="http://evil.example/token"),
    "authorization endpoint that is a script": discovery(authorization_endpoint="javascript:alert(1)"),
    "no keys' address": discovery(jwks_uri=None),
    "no PKCE with S256": discovery(code_challenge_methods_supported=["plain"]),
    "discovery that is a list": answer("/.well-known/openid-configuration", 200, []),
    "discovery that is missing": answer("/.well-known/openid-configuration", 404, {}),
    "redirecting discovery": redirecting("/.well-known/openid-configuration"),
    "redirecting keys": redirecting("/jwks"),
    "oversized keys": oversized,
    "too many keys": answer("/jwks", 200, {"keys": [{}] * 101}),
    "keys that are no list": answer("/jwks", 200, {"keys": "x"}),
    "keys that are nonsense": answer(
        "/jwks", 200, {"keys": [7, {"kty": "RSA", "n": "?", "e": []}, {"kty": "x"}]}
    ),
    "only secret keys": answer("/jwks", 200, {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}),
    "weak keys": answer("/jwks", 200, {"keys": [{"kty": "RSA", "kid": "rsa", "n": WEAK, "e": "AQAB"}]}),
    "deeply nested keys": lambda issuer: issuer.answers.update(
        {"/jwks": lambda: (200, {}, b'{"keys":' + b"[" * 100_000 + b"]" * 100_000 + b"}")}
    ),
    "compressed keys": lambda issuer: issuer.answers.update(
        {"/jwks": lambda: (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")}
    ),
    "slow keys": slow,
    "failing token endpoint": answer("/token", 500, {"error": "canary"}),
    "token endpoint without JSON": lambda issuer: issuer.answers.update(
        {"/token": lambda: (200, {}, b"canary")}
    ),
}


@pytest.mark.parametrize("misbehave", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_provider_that_cannot_be_used_is_named_in_a_sentence(
    browser: Browser, issuer: Issuer, container: Container, misbehave: Misbehave
) -> None:
    misbehave(issuer)
    response = browser.get("/sign-in/oidc")
    if response.status_code == 303:
        response = browser.get(issuer.sign_in(response.location))
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert f"{issuer.url.removeprefix('http://')} does not respond at the moment" in response.text
    assert "canary" not in response.text
    assert users(container) == {}


def test_unreachable_provider_is_tried_again_after_ten_seconds(
    browser: Browser, issuer: Issuer, clock: MemoryClock
) -> None:
    issuer.answers["/.well-known/openid-configuration"] = lambda: as_json(503, {})
    for _ in range(3):
        assert browser.get("/sign-in/oidc").status_code == 503
    assert issuer.requests.count("/.well-known/openid-configuration") == 1
    del issuer.answers["/.well-known/openid-configuration"]
    clock.advance(timedelta(seconds=10))
    assert browser.get("/sign-in/oidc").status_code == 303
