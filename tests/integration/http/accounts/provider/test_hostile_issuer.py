"""No session begins by forged, stolen and mixed-up responses, or with providers that misbehave."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import ECKey, RSAKey

from leadtracker.container import Container
from leadtracker.domain.model.accounts.audit_entry import AuditAction
from tests.integration.http.accounts.provider.conftest import Browser, audited, users
from tests.support.memory.system import MemoryClock
from tests.support.servers.openid.issuer import Issuer, as_json, query_of, sign

REJECTED = "did not succeed. Please try again."
HASH_OF_ACCESS_TOKEN = base64.urlsafe_b64encode(hashlib.sha256(b"access").digest()[:16]).decode().rstrip("=")
OTHER = RSAKey.generate_key(2048, {"kid": "rsa"})

Misbehave = Callable[[Issuer], None]


def claim(**claims: Any) -> Misbehave:
    """Have the issuer state claims."""
    return lambda issuer: issuer.claims.update(claims)


def later(name: str, seconds: int) -> Misbehave:
    """Have the issuer state a time relative to now."""
    return lambda issuer: issuer.claims.update({name: int(issuer.now().timestamp()) + seconds})


def token(make: Callable[[Issuer, Mapping[str, Any]], str]) -> Misbehave:
    """Have the issuer make ID tokens in another way."""

    def misbehave(issuer: Issuer) -> None:
        issuer.make_token = lambda claims: make(issuer, claims)

    return misbehave


def returned(**parameters: str | None) -> Misbehave:
    """Have the issuer send the browser back with other parameters."""
    return lambda issuer: issuer.returned.update(parameters)


def answer(path: str, status: int, body: object) -> Misbehave:
    """Have the issuer respond to a path in another way."""
    return lambda issuer: issuer.answers.update({path: lambda: as_json(status, body)})


def userinfo_of_another(issuer: Issuer) -> None:
    issuer.move_to_userinfo("groups")
    answer("/userinfo", 200, {"sub": "bob", "groups": ["partners"]})(issuer)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(_issuer: Issuer, claims: Mapping[str, Any]) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def signed_with_public_key(issuer: Issuer, claims: Mapping[str, Any]) -> str:
    """Sign with HMAC, whose key is the public key that everyone can fetch."""
    key = RSAKey.import_key(issuer.keys[0].as_dict(private=False)).as_pem(private=False)
    content = f"{part({'alg': 'HS256', 'kid': 'rsa', 'typ': 'JWT'})}.{part(claims)}"
    signature = hmac.digest(key, content.encode(), hashlib.sha256)
    return f"{content}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def altered(_issuer: Issuer, claims: Mapping[str, Any]) -> str:
    header, _, signature = sign(claims).split(".")
    return f"{header}.{part({**claims, 'groups': ['partners']})}.{signature}"


REJECTIONS: dict[str, Misbehave] = {
    "wrong nonce": claim(nonce="x" * 43),
    "no nonce": claim(nonce=None),
    "nonce that is no text": claim(nonce=["x"]),
    "wrong audience": claim(aud="another client"),
    "no audience": claim(aud=None),
    "audience that is no text": claim(aud=7),
    "several audiences without the party": claim(aud=["leadtracker", "another client"]),
    "another party": claim(azp="another client"),
    "another issuer": claim(iss="https://evil.example"),
    "no issuer": claim(iss=None),
    "expired": later("exp", -61),
    "no end": claim(exp=None),
    "end that is no number": claim(exp="tomorrow"),
    "not yet valid": later("nbf", 61),
    "issued in the future": later("iat", 61),
    "issued too long ago": later("iat", -86_461),
    "no time of issue": claim(iat=None),
    "no subject": claim(sub=None),
    "empty subject": claim(sub=" "),
    "subject that is no text": claim(sub=7),
    "subject of 256 characters": claim(sub="x" * 256),
    "another access token": claim(at_hash="x" * 22),
    "alg none": token(unsigned),
    "HS256 with the public key": token(signed_with_public_key),
    "RS512": token(lambda _, claims: sign(claims, "RS512", OTHER)),
    "another issuer's key": token(lambda _, claims: sign(claims, key=OTHER)),
    "a key of another kind": token(
        lambda _, claims: sign(claims, "ES256", ECKey.generate_key("P-256", {"kid": "rsa"}))
    ),
    "unknown key": token(lambda _, claims: sign(claims, key=RSAKey.generate_key(2048, {"kid": "new"}))),
    "key inside the token": token(
        lambda _, claims: sign(claims, key=OTHER, jwk=OTHER.as_dict(private=False))
    ),
    "altered claims": token(altered),
    "critical header": token(lambda _, claims: sign(claims, crit=["b64"], b64=True)),
    "another type": token(lambda _, claims: sign(claims, typ="logout+jwt")),
    "access token as ID token": token(lambda _, claims: sign(claims, typ="at+jwt")),
    "logout token": claim(events={"http://schemas.openid.net/event/backchannel-logout": {}}),
    "no token": token(lambda _issuer, _claims: ""),
    "no text as token": answer("/token", 200, {"access_token": "a", "id_token": 7}),
    "only an access token": answer("/token", 200, {"access_token": "a"}),
    "token of 20 kB": token(lambda _, claims: sign({**claims, "more": "x" * 20_000})),
    "rejected code": answer("/token", 400, {"error": "invalid_grant", "error_description": "canary"}),
    "swapped state": returned(state="x" * 43),
    "no state": returned(state=None),
    "state beyond ASCII": returned(state="é"),
    "no code": returned(code=None),
    "error instead of a code": returned(code=None, error="access_denied", error_description="canary"),
    "response of another issuer": returned(iss="https://evil.example"),
    "response without the promised issuer": returned(iss=None),
    "userinfo of another person": userinfo_of_another,
}


@pytest.mark.parametrize("misbehave", REJECTIONS.values(), ids=REJECTIONS.keys())
def test_response_is_rejected_audited_and_reveals_nothing(
    browser: Browser, issuer: Issuer, container: Container, misbehave: Misbehave
) -> None:
    misbehave(issuer)
    response = browser.sign_in(issuer)
    assert response.status_code == 401
    assert REJECTED in response.text
    assert "canary" not in response.text
    assert browser.get("/dashboard").status_code == 303
    assert users(container) == {}
    assert [(record.actor, record.action) for record in audited(container)] == [
        ("public", AuditAction.SIGN_IN_FAILED)
    ]


def test_every_rejection_shows_the_same_page(app: Flask, issuer: Issuer) -> None:
    pages = set()
    for name in ("wrong nonce", "alg none", "swapped state", "rejected code", "another issuer"):
        issuer.claims, issuer.returned, issuer.answers = {}, {}, {}
        issuer.make_token = sign
        REJECTIONS[name](issuer)
        page = Browser.of(app).sign_in(issuer).text
        pages.add(page[page.index("<h1>") : page.index("<form")])
    assert len(pages) == 1


def test_code_is_not_sent_to_a_token_endpoint_if_another_issuer_answers(
    browser: Browser, issuer: Issuer
) -> None:
    issuer.returned["iss"] = "https://evil.example"
    browser.sign_in(issuer)
    assert "/token" not in issuer.requests


def test_replayed_response_is_rejected(browser: Browser, issuer: Issuer) -> None:
    issuer.honours_codes_again = True
    callback = issuer.sign_in(browser.begin())
    assert [browser.get(callback).status_code for _ in range(2)] == [303, 401]


def test_response_is_useless_in_another_browser(app: Flask, browser: Browser, issuer: Issuer) -> None:
    callback = issuer.sign_in(browser.begin())
    other = Browser.of(app)
    assert other.get(callback).status_code == 401
    other.begin()
    assert other.get(callback).status_code == 401


@pytest.mark.parametrize("is_redeemed", [False, True])
def test_code_of_another_browser_is_rejected_also_with_the_own_state(
    app: Flask, browser: Browser, issuer: Issuer, *, is_redeemed: bool
) -> None:
    callback = issuer.sign_in(browser.begin())
    if is_redeemed:
        browser.get(callback)
    attacker, stolen = Browser.of(app), query_of(callback)
    own_state = query_of(attacker.begin())["state"]
    assert attacker.get(callback.replace(stolen["state"], own_state)).status_code == 401


def test_forged_or_old_cookie_of_a_sign_in_is_rejected(
    browser: Browser, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    callback = issuer.sign_in(browser.begin())
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    assert browser.get(callback).status_code == 401


def test_clocks_may_differ_by_a_minute(app: Flask, issuer: Issuer) -> None:
    for misbehave in (later("exp", -59), later("nbf", 59), later("iat", 59)):
        issuer.claims = {}
        misbehave(issuer)
        assert Browser.of(app).sign_in(issuer).status_code == 303


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"])
def test_allowed_signature_is_accepted(browser: Browser, issuer: Issuer, algorithm: str) -> None:
    at_hash = HASH_OF_ACCESS_TOKEN if algorithm.endswith("256") else "made by another hash"
    issuer.claims["at_hash"] = at_hash
    issuer.make_token = lambda claims: sign(claims, algorithm)
    assert browser.sign_in(issuer).status_code == 303


def test_new_key_is_fetched_when_a_token_names_it_but_at_most_once_a_minute(
    app: Flask, issuer: Issuer, clock: MemoryClock
) -> None:
    new = RSAKey.generate_key(2048, {"kid": "new"})
    issuer.make_token = lambda claims: sign(claims, key=new)
    assert Browser.of(app).sign_in(issuer).status_code == 401
    issuer.keys.append(new)
    assert Browser.of(app).sign_in(issuer).status_code == 401
    assert issuer.requests.count("/jwks") == 1
    clock.advance(timedelta(minutes=1))
    assert Browser.of(app).sign_in(issuer).status_code == 303
    assert issuer.requests.count("/jwks") == 2


def test_removed_key_is_no_longer_accepted_after_ten_minutes(
    app: Flask, issuer: Issuer, clock: MemoryClock
) -> None:
    Browser.of(app).sign_in(issuer)
    del issuer.keys[0]
    clock.advance(timedelta(minutes=10))
    assert Browser.of(app).sign_in(issuer).status_code == 401


def test_failures_of_one_address_are_recorded_up_to_a_limit(app: Flask, container: Container) -> None:
    browser = Browser.of(app)
    for _ in range(20):
        assert browser.get("/sign-in/oidc/callback?code=x&state=y").status_code == 401
    assert len(audited(container)) == 10
