"""An OpenID provider of our own, which can be made to misbehave: a real HTTP server on loopback.

Without changes it does what a provider has to do: it checks the client, the redirect URI, the code and PKCE.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from attrs import Factory, define, field
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

CLIENT_ID, CLIENT_SECRET = "leadtracker", "a secret with : and ü"
PATHS = ("/.well-known/openid-configuration", "/jwks", "/token", "/userinfo")

_RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
_EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
_ED = OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"})
_SIGNING_KEYS: Mapping[str, Key] = {"RS256": _RSA, "PS256": _RSA, "ES256": _EC, "EdDSA": _ED, "Ed25519": _ED}

Answer = tuple[int, Mapping[str, str], bytes]


@define
class Issuer:
    """The provider, its one person, and what it is made to do wrong.

    Attributes:
        url: the issuer identifier.
        now: the provider's clock.
        person: the claims about the person.
        metadata: members of the discovery document that replace the right ones.
        claims: claims of ID tokens that replace the right ones.
        make_token: makes the ID token of the claims.
        answers: by path, what is sent instead of the right response.
        returned: parameters that replace the right ones when the browser is sent back; None leaves one out.
        keys: the keys that are published.
        requests: the paths of all requests, in order.
        honours_codes_again: true to redeem a code several times.
        issues_refresh_tokens: true to issue them; each can be used once.
        has_access: false if the person is disabled: no token is renewed, and none is active.
        refreshed_claims: claims of the ID tokens of a refresh that replace the right ones.
    """

    url: str
    now: Callable[[], datetime]
    person: dict[str, Any] = field(factory=dict)
    metadata: dict[str, Any] = field(factory=dict)
    claims: dict[str, Any] = field(factory=dict)
    make_token: Callable[[Mapping[str, Any]], str] = field(default=Factory(lambda: sign))
    answers: dict[str, Callable[[], Answer]] = field(factory=dict)
    returned: dict[str, str | None] = field(factory=dict)
    keys: list[Key] = field(factory=lambda: [_RSA, _EC, _ED])
    requests: list[str] = field(factory=list)
    honours_codes_again: bool = False
    issues_refresh_tokens: bool = False
    has_access: bool = True
    refreshed_claims: dict[str, Any] = field(factory=dict)
    _refresh_tokens: set[str] = field(factory=set, init=False)
    _codes: dict[str, Mapping[str, str]] = field(factory=dict, init=False)
    _userinfo: Mapping[str, Any] = field(factory=dict, init=False)

    def right_claims(self, **changes: Any) -> dict[str, Any]:
        """Return the claims of a token about the person; a change to None leaves a claim out."""
        now = int(self.now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.person, **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, **changes: Any) -> str:
        """Return a signed token about the person."""
        return sign(self.right_claims(**changes))

    def sign_in(self, authorization_url: str) -> str:
        """Sign the person in, as on the provider's page; return the URL that the browser opens next.

        Raises:
            AssertionError: the request lacks what a provider requires.
        """
        query = dict(parse_qsl(urlsplit(authorization_url).query))
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe()
        self._codes[code] = query
        right = {"code": code, "state": query["state"], "iss": self.url}
        sent = {name: value for name, value in (right | self.returned).items() if value is not None}
        return f"{query['redirect_uri']}?{urlencode(sent)}"

    def respond(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return the response to a request."""
        self.requests.append(path)
        if path in self.answers:
            return self.answers[path]()
        if path == "/token":
            return self._grant(headers, dict(parse_qsl(body.decode())))
        documents: dict[str, Callable[[], Mapping[str, Any]]] = {
            "/.well-known/openid-configuration": lambda: self._discovery() | self.metadata,
            "/jwks": lambda: {"keys": [key.as_dict(private=False) for key in self.keys]},
            "/userinfo": lambda: {"sub": self.person["sub"], **self._userinfo},
            "/introspect": lambda: {"active": self.has_access},
        }
        return as_json(200, documents[path]()) if path in documents else as_json(404, {})

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "scopes_supported": ["openid", "email", "profile", "groups"],
        }

    def _grant(self, headers: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        if form["grant_type"] == "refresh_token":
            return self._refresh(headers, form)
        begun = (
            self._codes.get(form["code"]) if self.honours_codes_again else self._codes.pop(form["code"], None)
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        is_right = (
            begun is not None
            and _basic(headers.get("Authorization", "")) == (CLIENT_ID, CLIENT_SECRET)
            and form["redirect_uri"] == begun["redirect_uri"]
            and challenge.decode().rstrip("=") == begun["code_challenge"]
        )
        if begun is None or not is_right:
            return as_json(400, {"error": "invalid_grant", "error_description": "canary"})
        return self._tokens(self.right_claims(nonce=begun["nonce"]) | self.claims)

    def _refresh(self, headers: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        is_known = form["refresh_token"] in self._refresh_tokens
        is_client = _basic(headers.get("Authorization", "")) == (CLIENT_ID, CLIENT_SECRET)
        if not (is_known and is_client and self.has_access):
            return as_json(400, {"error": "invalid_grant"})
        self._refresh_tokens.remove(form["refresh_token"])
        return self._tokens(self.right_claims() | self.refreshed_claims)

    def _tokens(self, claims: Mapping[str, Any]) -> Answer:
        token = self.make_token({name: value for name, value in claims.items() if value is not None})
        tokens = {"access_token": "access", "token_type": "Bearer", "id_token": token}
        if self.issues_refresh_tokens:
            tokens["refresh_token"] = secrets.token_urlsafe()
            self._refresh_tokens.add(tokens["refresh_token"])
        return as_json(200, tokens)

    def move_to_userinfo(self, *names: str) -> None:
        """State these claims at the userinfo endpoint only, as some providers do."""
        self._userinfo = {name: self.person.pop(name) for name in names}


def sign(claims: Mapping[str, Any], alg: str = "RS256", key: Key | None = None, **header: Any) -> str:
    """Return a signed token."""
    used = key or _SIGNING_KEYS[alg]
    registry = JWSRegistry(algorithms=[alg], strict_check_header=False)
    if alg == "EdDSA":  # the library warns of its former name; the signature is the same
        registry.algorithms["EdDSA"].security_warning = None
    return jwt.encode({"alg": alg, "kid": used.kid, **header}, dict(claims), used, registry=registry)


def as_json(status: int, body: object) -> Answer:
    """Return a JSON response."""
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _basic(header: str) -> tuple[str, str]:
    pair = base64.b64decode(header.partition(" ")[2]).decode()
    user, _, password = pair.partition(":")
    return unquote_plus(user), unquote_plus(password)


@contextmanager
def run_issuer(now: Callable[[], datetime]) -> Iterator[Issuer]:
    """Run a provider on a free port until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}", now)
    server.issuer = issuer  # type: ignore[attr-defined]  # the handler finds it there
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        issuer: Issuer = self.server.issuer  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, headers, content = issuer.respond(urlsplit(self.path).path, dict(self.headers), body)
        with suppress(ConnectionError):  # the client may have had enough
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep the output of the tests clean."""


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of a URL."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
