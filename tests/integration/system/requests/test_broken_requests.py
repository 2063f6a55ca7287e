"""Malformed requests over raw sockets to the real server: never a 5xx, never a lead."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.clients.raw_http import responses_to, statuses
from tests.support.examples.thoroughness import examples
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Site

BODY = b'{"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}'
JSON = b"Content-Type: application/json\r\n"
HOSTILE_NAMES = b'evil"><script>', b"a b", b"[", b"\xff\xfe", b"a/b", b"a?b", b"@", b"a:99999999", b":"


def post(headers: bytes, body: bytes = b"", host: bytes = b"x") -> bytes:
    head = b"POST /leads HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n%b\r\n" % (host, headers)
    return head + body


def get(target: bytes = b"/leads", headers: bytes = b"Host: x\r\n") -> bytes:
    return b"GET %b HTTP/1.1\r\n%bConnection: close\r\n\r\n" % (target, headers)


def chunked(*chunks: bytes) -> bytes:
    return post(JSON + b"Transfer-Encoding: chunked\r\n", b"".join(chunks))


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


IMPATIENCE = 0.1

HALF = {
    "nothing": b"",
    "a blank line": b"\r\n\r\n",
    "half a line": b"POST /lea",
    "half a head": b"POST /leads HTTP/1.1\r\nHost: x\r\nContent-",
    "no body": post(JSON + b"Content-Length: 100\r\n"),
    "short body": post(JSON + b"Content-Length: 100\r\n", BODY),
    "two lengths": post(JSON + b"Content-Length: 5\r\nContent-Length: 70\r\n", BODY),
    "half a chunk": chunked(b"50\r\n", BODY[:-1]),
}
WHOLE = {
    "length is no number": post(JSON + b"Content-Length: ten\r\n", BODY),
    "negative length": post(JSON + b"Content-Length: -1\r\n", BODY),
    "length with sign": post(JSON + b"Content-Length: +70\r\n", BODY),
    "giant length": post(JSON + b"Content-Length: 99999999999999999999999\r\n", BODY),
    "large length": post(JSON + b"Content-Length: 1000000000\r\n", BODY),
    "no length": post(JSON, BODY),
    "too large": post(JSON + b"Content-Length: 300000\r\n", b" " * 300_000),
    "unknown coding": post(JSON + b"Transfer-Encoding: gzip\r\n", BODY),
    "chunks too large": chunked(*[chunk(b" " * 65_536)] * 5, b"0\r\n\r\n"),
    "chunk size is no number": chunked(b"zz\r\n", BODY),
    "giant chunk size": chunked(b"fffffffffffffffffff\r\n", BODY),
    "negative chunk size": chunked(b"-5\r\n", BODY),
    "chunk without its end": chunked(b"5\r\nabcdefgh\r\n0\r\n\r\n"),
    "old protocol": b"GET /leads\r\n\r\n",
    "unknown protocol": b"GET /leads HTTP/9.9\r\nHost: x\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "encrypted": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "no host": get(headers=b""),
    "two hosts": get(headers=b"Host: a\r\nHost: b\r\n"),
    "a folded header": get(headers=b"Host: x\r\nX-A: 1\r\n 2\r\n"),
    "a header without a colon": get(headers=b"Host: x\r\nX-A\r\n"),
    "a header without a name": get(headers=b"Host: x\r\n: 1\r\n"),
    "NUL in a header": get(headers=b"Host: x\r\nX-Request-ID: a\x00b\r\n"),
    "bytes in a header": get(headers=b"Host: x\r\nX-Request-ID: \xff\xfe\r\nX-API-Key: \xff\r\n"),
    "bytes in credentials": get(headers=b"Host: x\r\nAuthorization: Basic \xff\xfe\r\n"),
    "bytes in a type": post(b"Content-Type: \xff\xfe\r\nContent-Length: 2\r\n", b"{}"),
    "a giant header": get(headers=b"Host: x\r\nX-A: %b\r\n" % (b"a" * 1_000_000)),
    "many headers": get(headers=b"Host: x\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(5_000))),
    "NUL in the path": get(b"/leads/\x00"),
    "escaped NUL in the path": get(b"/leads/%00"),
    "bytes in the path": get(b"/leads/\xff\xfe"),
    "escaped bytes in the path": get(b"/leads/%FF%FE"),
    "a broken escape in the path": get(b"/leads/%zz%"),
    "NUL in the query": get(b"/leads?email=%00"),
    "bytes in the query": get(b"/leads?email=\xff"),
    "escaped bytes in the query": get(b"/leads?email=%FF&%FE=1"),
    "a broken escape in the query": get(b"/leads?email=%zz%"),
    "a giant path": get(b"/leads/" + b"a" * 100_000),
    "a giant query": get(b"/leads?email=" + b"a" * 100_000),
    "an absolute target": get(b"http://evil.example/leads"),
    "a target that is no path": get(b"leads"),
    "two slashes": get(b"//leads"),
    "dots": get(b"/docs/../../../../etc/passwd"),
    "a tunnel": b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a strange method": b"B\xffREW /leads HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a long method": b"%b /leads HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % (b"A" * 10_000),
    **{f"host {name!r}": get(headers=b"Host: %b\r\n" % name) for name in HOSTILE_NAMES},
}


def check_harmless(served: tuple[Site, RawDatabase], request: bytes) -> list[int]:
    """Return the statuses of the responses; check that none is 5xx and that only 201 stores a lead."""
    site, raw_db = served
    before = raw_db.count("leads")
    responses = statuses(responses_to(site.port, request))
    assert all(status < 500 for status in responses), responses
    assert raw_db.count("leads") == before + responses.count(201)
    return responses


@pytest.mark.parametrize("request_bytes", WHOLE.values(), ids=WHOLE.keys())
def test_broken_request_is_harmless(served: tuple[Site, RawDatabase], request_bytes: bytes) -> None:
    assert 201 not in check_harmless(served, request_bytes)
    assert served[0].is_ready()


@pytest.mark.parametrize("request_bytes", HALF.values(), ids=HALF.keys())
def test_half_a_request_is_harmless(served: tuple[Site, RawDatabase], request_bytes: bytes) -> None:
    site, raw_db = served
    before = raw_db.count("leads")
    responses = statuses(responses_to(site.port, request_bytes, timeout=IMPATIENCE))
    assert set(responses) <= {400}
    assert site.is_ready()
    assert raw_db.count("leads") == before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("too large", 413),
        ("large length", 413),
        ("chunks too large", 413),
        ("escaped NUL in the path", 404),
        ("escaped bytes in the path", 404),
        ("escaped bytes in the query", 401),
    ],
)
def test_application_errors_are_explained(served: tuple[Site, RawDatabase], name: str, expected: int) -> None:
    responses = responses_to(served[0].port, WHOLE[name])
    assert statuses(responses) == [expected]
    assert b"application/problem+json" in responses


@pytest.mark.parametrize("host", HOSTILE_NAMES)
def test_hostile_host_reaches_no_header(served: tuple[Site, RawDatabase], host: bytes) -> None:
    fields = BODY.replace(b"ann@", b"host%d@" % HOSTILE_NAMES.index(host))
    request = post(JSON + b"Content-Length: %d\r\n" % len(fields), fields, host=host)
    assert check_harmless(served, request) in ([201], [400], [])
    assert b"<script>" not in responses_to(served[0].port, request).partition(b"\r\n\r\n")[0]


def test_valid_chunks_form_a_body(served: tuple[Site, RawDatabase]) -> None:
    fields = BODY.replace(b"ann@", b"chunks@")
    request = chunked(chunk(fields[:10]), chunk(fields[10:]), b"0\r\n\r\n")
    assert check_harmless(served, request) == [201]


@pytest.mark.parametrize("end", [b"0\r\n\r\n", b""], ids=["whole", "torn"])
def test_a_form_in_chunks_is_rejected_since_a_torn_one_would_look_whole(
    served: tuple[Site, RawDatabase], end: bytes
) -> None:
    headers = b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n"
    form = chunk(b"first_name=Ann&last_name=Lee&email=torn@example.com")
    assert check_harmless(served, post(headers, form + end)) == [411]


def test_pipelined_requests_keep_order(served: tuple[Site, RawDatabase]) -> None:
    alive = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    assert check_harmless(served, alive * 3 + get(b"/nothing") + alive) == [200, 200, 200, 404]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a valid request with a few bytes replaced, removed or inserted."""
    good = draw(st.sampled_from([post(JSON + b"Content-Length: 70\r\n", BODY), get(b"/leads?limit=5")]))
    request = bytearray(good)
    for _ in range(draw(st.integers(1, 5))):
        position = draw(st.integers(0, len(request)))
        request[position : position + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(request)


@settings(max_examples=examples(75), suppress_health_check=[HealthCheck.too_slow])
@given(request_bytes=damaged())
def test_mutated_request_is_harmless(served: tuple[Site, RawDatabase], request_bytes: bytes) -> None:
    responses = statuses(responses_to(served[0].port, request_bytes, timeout=IMPATIENCE))
    assert all(status < 500 for status in responses)
