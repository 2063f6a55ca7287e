"""Clients that send their bodies slowly, or not at all: they occupy no thread, and their time is limited."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.wsgi_adapter.bodies import BodyReceiver
from leadtracker.settings import Settings
from tests.support.clients.routes import routes_with_body
from tests.support.servers.processes import Program, Site, free_port

SILENT = 100  # three times as many as the server has threads
LEAD = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(free_port())
    settings = {"PORT": site.port, "WEB_WORKERS": 1}
    program = Program(tmp_path_factory.mktemp("server"), settings, is_forked=True)
    with program.start("web"):
        site.wait_until_ready()
        yield site


@pytest.fixture(scope="module")
def silent_client(server: Site) -> Iterator[socket.socket]:
    """A client from the first test of this file on, so that the last one waits less for its response."""
    with connection(server) as client:
        client.sendall(head("POST", "/leads", length=10) + b"{")
        yield client


@pytest.mark.usefixtures("silent_client")
def test_silent_clients_on_every_route_do_not_delay_others(server: Site) -> None:
    app = create_app(Container(settings=Settings(secret_key=SecretStr("a key that guards nothing"))))
    routes = sorted(routes_with_body(app))
    assert ("POST", "/leads") in routes
    assert ("POST", "/sign-in") in routes
    with silent_clients(server, cycle(routes)):
        began = time.monotonic()
        for number in range(20):
            status, _ = server.send("POST", "/leads", json={**LEAD, "email": f"ada{number}@example.com"})
            assert status == 201
        assert server.send("GET", "/healthz")[0] == 200
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("line", "header", "status", "expected"),
    [
        (b"GET /", b"Cookie: " + b"x" * 70_000, 431, "Ihr Browser hat zu viele Daten gesendet"),
        (b"GET /dashboard?" + b"x" * 20_000, b"X: x", 414, "Die Adresse ist zu lang"),
    ],
    ids=["header fields", "address"],
)
def test_request_beyond_a_limit_is_rejected_by_a_page_in_the_language_of_the_browser(
    server: Site, line: bytes, header: bytes, status: int, expected: str
) -> None:
    accept = b"Accept: text/html\r\nAccept-Language: de"
    with connection(server) as client:
        client.sendall(line + b" HTTP/1.1\r\nHost: x\r\n" + accept + b"\r\n" + header + b"\r\n\r\n")
        response = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    assert response.startswith(f"HTTP/1.1 {status} ")
    assert "content-type: text/html" in response.lower()
    assert '<html lang="de"' in response
    assert expected in response


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_an_address_over_its_limit_is_rejected_before_its_upload(
    accept: str, program: Program, site: Site
) -> None:
    with program.with_settings(PUBLIC_RATE_LIMIT="1/minute").start("web"):
        site.wait_until_ready()
        assert site.send("POST", "/leads", json=LEAD)[0] == 201
        with connection(site) as client:
            form = b'--B\r\nContent-Disposition: form-data; name="first_name"\r\n\r\nAda Byron\r\n'
            file = b'--B\r\nContent-Disposition: form-data; name="resume"; filename="a.pdf"\r\n\r\n%PDF-1.7'
            client.sendall(head("POST", "/leads", "multipart/form-data; boundary=B", accept, 5_000_000))
            client.sendall(form + file)
            response = client.recv(65536)
    assert response.startswith(b"HTTP/1.1 429 ")
    assert accept == "application/json" or b"Ada Byron" in response  # what was typed is not lost


def head(
    method: str, path: str, content_type: str = "application/json", accept: str = "*/*", length: int = 60_000
) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


@contextmanager
def connection(site: Site) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", site.port), 60) as client:
        yield client


@contextmanager
def silent_clients(site: Site, routes: Iterator[tuple[str, str]]) -> Iterator[None]:
    with ExitStack() as stack:
        for _, (method, path) in zip(range(SILENT), routes, strict=False):
            stack.enter_context(connection(site)).sendall(head(method, path) + b"{")
        yield


def test_several_files_at_their_limit_are_received(server: Site) -> None:
    fields = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in LEAD.items()
    ).replace("ada@", "files@")
    files = b"".join(
        b'--B\r\nContent-Disposition: form-data; name="file%d"; filename="a.txt"\r\n\r\n%b\r\n'
        % (number, b"%d" % number * 8_000_000)
        for number in range(3)
    )
    headers = {"Content-Type": "multipart/form-data; boundary=B"}
    status, body = server.send("POST", "/leads", headers, body=fields.encode() + files + b"--B--\r\n")
    assert status == 201, body


def test_a_body_that_does_not_come_is_answered_by_the_server(silent_client: socket.socket) -> None:
    silent_client.settimeout(BodyReceiver().grace_seconds + 20)
    response = silent_client.recv(65536)
    assert response.startswith(b"HTTP/1.1 408 ")
    assert b"The body came too slowly." in response
    assert silent_client.recv(1) == b""  # and the connection is closed
