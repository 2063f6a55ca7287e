"""The visitor of the public form, with servers and proxies that break the form in every way."""

import ssl
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import trustme

from leadtracker.adapters.http_client.form_visitor import HttpFormVisitor
from leadtracker.domain.model.deliveries.canary import CanaryFailure, FormVisit
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetailCode
from tests.support.servers.processes import free_port
from tests.support.servers.receiver import (
    Reaction,
    Receiver,
    Request,
    flood,
    garble,
    reset_after_reading,
    response,
)

INPUTS = {"first_name": "Canary", "email": "canary-secret@canary.invalid", "phone": "+12025550100"}
FORM = b"""<!doctype html><form method=get action="/search"><input name="q"></form>
<form method="post" action="/leads?lang=de" enctype="multipart/form-data">
<input type="hidden" name="form_token" value="token&amp;1"><input name="first_name" required>
<textarea name="message" rows="6">draft</textarea><input type=email name=email><input name="off" disabled>
<input name="leave_this_empty"><input type="checkbox" name="consent" value="yes" required>
<input type="checkbox" name="newsletter" value="yes"><input type="file" name="resume" multiple>
<button>Send</button>
</form>"""
ERRORS = b'<div role="alert"><p>Please check:</p><div>E-mail\n address</div></div><div>footer</div>'


def shown(visited: FormVisit) -> tuple[CanaryFailure | None, str | None]:
    """Return the failure of a visit and its detail in English."""
    return visited.failure, visited.detail.text if visited.detail else None


@pytest.fixture
def site() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def page(content: bytes, status: int = 200) -> Reaction:
    return response(status, {"Content-Type": "text/html; charset=utf-8"}, content)


def visit(site: Receiver, *script: Reaction) -> FormVisit:
    """Submit the form of a site that reacts like this."""
    site.expect(*script)
    return HttpFormVisitor(f"http://127.0.0.1:{site.port}/prefix", fill_seconds=0).submit(INPUTS)


def parts_of(request: Request) -> dict[str, str]:
    """Return the parts of a multipart form by name."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + request.body)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_content()
        for part in message.iter_parts()
    }


def test_form_is_sent_as_a_browser_sends_it(site: Receiver) -> None:
    thanks = response(303, {"Location": "/prefix/thanks?lang=de"})
    assert visit(site, page(FORM), thanks, page(b"Thanks")) == FormVisit()
    opened, sent, thanked = site.requests
    assert [(one.method, one.target) for one in site.requests] == [
        ("GET", "/prefix/"),
        ("POST", "/leads?lang=de"),
        ("GET", "/prefix/thanks?lang=de"),
    ]
    assert "text/html" in opened.headers["accept"]
    assert thanked.headers["user-agent"] == sent.headers["user-agent"] == "LeadTracker-canary"
    assert sent.headers["origin"] == f"http://127.0.0.1:{site.port}"
    assert parts_of(sent) == {
        "form_token": "token&1",
        "first_name": "Canary",
        "message": "",
        "email": "canary-secret@canary.invalid",
        "leave_this_empty": "",
        "consent": "yes",
        "resume": "The daily test of the form sends this file.\n",
    }


@pytest.mark.parametrize(
    ("script", "failure", "detail"),
    [
        ([page(b"", 503)], CanaryFailure.UNREACHABLE, "127.0.0.1 answered 503."),
        ([page(FORM, 404)], CanaryFailure.UNREACHABLE, "127.0.0.1 answered 404."),
        (
            [reset_after_reading],
            CanaryFailure.UNREACHABLE,
            "There was no connection to 127.0.0.1 (ReadError).",
        ),
        ([garble], CanaryFailure.UNREACHABLE, "There was no connection to 127.0.0.1 (RemoteProtocolError)."),
        (
            [response(302, {"Location": "/prefix/"})] * 30,
            CanaryFailure.UNREACHABLE,
            "There was no connection to 127.0.0.1 (TooManyRedirects).",
        ),
        (
            [page(b"We are back soon.")],
            CanaryFailure.FORM_MISSING,
            "No form of the page of 127.0.0.1 posts to /leads.",
        ),
        (
            [flood(200, 3_000_000)],
            CanaryFailure.FORM_MISSING,
            "No form of the page of 127.0.0.1 posts to /leads.",
        ),
        (
            [page(FORM.replace(b"name=email", b""))],
            CanaryFailure.FORM_MISSING,
            "The form of 127.0.0.1 lacks these inputs: email.",
        ),
        (
            [page(FORM), page(ERRORS, 422)],
            CanaryFailure.REJECTED,
            "127.0.0.1 answered 422; the form says: Please check: E-mail address",
        ),
        ([page(FORM), page(b"x", 403)], CanaryFailure.REJECTED, "127.0.0.1 answered 403."),
        ([page(FORM), page(FORM)], CanaryFailure.REJECTED, "127.0.0.1 answered 200."),
        (
            [page(FORM), reset_after_reading],
            CanaryFailure.UNREACHABLE,
            "There was no connection to 127.0.0.1 (ReadError).",
        ),
        (
            [page(FORM), response(303, {"Location": "/prefix/thanks"}), page(b"", 502)],
            CanaryFailure.REJECTED,
            "127.0.0.1 answered 502.",
        ),
    ],
)
def test_failures_are_distinguished(
    site: Receiver, script: list[Reaction], failure: CanaryFailure, detail: str
) -> None:
    assert shown(visit(site, *script)) == (failure, detail)


def test_server_that_is_down_is_unreachable() -> None:
    visitor = HttpFormVisitor(f"http://127.0.0.1:{free_port()}", fill_seconds=0)
    failed = shown(visitor.submit(INPUTS))
    assert failed == (CanaryFailure.UNREACHABLE, "There was no connection to 127.0.0.1 (ConnectError).")


def test_untrusted_certificate_is_a_failure_of_tls() -> None:
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    result = HttpFormVisitor(f"https://127.0.0.1:{server.server_port}", fill_seconds=0).submit(INPUTS)
    server.shutdown()
    server.server_close()
    assert result.failure is CanaryFailure.TLS
    assert result.detail is not None
    assert result.detail.code is CanaryDetailCode.CERTIFICATE
    assert result.detail.data["error"].startswith("unable to get local issuer certificate")
