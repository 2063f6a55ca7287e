"""Hundreds of connections that send headers, or headers and one byte of a body, and then nothing more.

Others are served meanwhile: directly, and behind the examples of nginx and Caddy where these are installed.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
from attrs import frozen

from leadtracker.container import Container
from leadtracker.entrypoints.http.app import create_app
from tests.faults.harness.campaign import Campaign, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.web_server import running_web
from tests.support.builders import make_fields
from tests.support.servers.processes import Site, free_port

_DEPLOY = Path(__file__).parents[3] / "deploy"
_MAX_SECONDS = 2.0
_LEAST_ANSWERED = 0.999
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_SBIN = "/usr/sbin"


@frozen
class _Answers:
    """How the requests of others were answered while the connections were silent."""

    within_limit: int
    asked: int
    slowest: float


def run(sandbox: Sandbox) -> None:
    """Hold silent connections on every route that accepts a body, at each way to the server in turn."""
    connections, seconds = sandbox.size(200, 200), sandbox.size(6, 60)
    with sandbox.container() as container:
        paths = _paths(container)
    sandbox.findings.record(connections=connections, routes=len(paths))
    ways = {name: shutil.which(name, path=f"{os.environ['PATH']}:{_SBIN}") for name in ("nginx", "caddy")}
    with running_web(sandbox, TRUSTED_PROXIES=1, WEB_WORKERS=2, UPLOAD_MB_PER_DAY=0) as server:
        for name, program in {"direct": "", **ways}.items():
            if program is None:
                sandbox.findings.record(**{name: "not-installed"})
                continue
            with _front(name, program, server.site, sandbox.folder) as site:
                answers = _ask_meanwhile(site, paths, connections, seconds)
            share = answers.within_limit / answers.asked
            sandbox.findings.expect_at_least(_LEAST_ANSWERED, **{name: round(share, 4)})
            sandbox.findings.record(
                **{f"{name}_asked": answers.asked, f"{name}_slowest": round(answers.slowest, 2)}
            )


def _paths(container: Container) -> list[tuple[str, str]]:
    """Return the method and a path of every route that accepts a body."""
    rules = create_app(container).url_map.iter_rules()
    return [
        (method, re.sub("<[^>]+>", "x", rule.rule))
        for rule in rules
        for method in sorted(_WITH_BODY & (rule.methods or set()))
    ]


def _ask_meanwhile(site: Site, paths: list[tuple[str, str]], connections: int, seconds: float) -> _Answers:
    took: list[float] = []
    with ExitStack() as stack:
        for number in range(connections):
            method, path = paths[number % len(paths)]
            _be_silent(stack, site, f"{method} {path}", sends_body=number % 3 > 0)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            took += [_seconds_to_answer(site, len(took))]
    within = [one for one in took if one <= _MAX_SECONDS]
    return _Answers(len(within), len(took), max(took))


def _be_silent(stack: ExitStack, site: Site, request: str, *, sends_body: bool) -> None:
    head = f"{request} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=10))
    with suppress(OSError):  # rejected already
        connection.sendall(head.encode() + (b"\r\n{" if sends_body else b""))


def _seconds_to_answer(site: Site, number: int) -> float:
    """Send a lead over a new connection; infinity if it is not stored."""
    began = time.monotonic()
    fields = make_fields(f"regular.{site.port}.{number}@example.com")
    try:
        response = httpx.post(f"http://127.0.0.1:{site.port}/leads", json=fields, timeout=30)
    except httpx.HTTPError:
        return float("inf")
    is_stored = response.status_code == httpx.codes.CREATED
    return time.monotonic() - began if is_stored else float("inf")


@contextmanager
def _front(name: str, program: str, site: Site, folder: Path) -> Iterator[Site]:
    """Run a proxy with the project's example in front of the server; none for the direct way."""
    if name == "direct":
        yield site
        return
    front = Site(free_port())
    write = _nginx if name == "nginx" else _caddy
    command = write(program, front, site, folder)
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        front.wait_until_ready()
        yield front
    finally:
        process.terminate()
        process.wait()


def _nginx(program: str, front: Site, back: Site, folder: Path) -> list[str]:
    text = (_DEPLOY / "nginx.conf").read_text()
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)  # redirects to TLS
    text = re.sub(r"    ssl_.*\n", "", text).replace("listen 443 ssl", f"listen 127.0.0.1:{front.port}")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{back.port}")
    text = text.replace("/var/log/nginx/leadtracker.log", str(folder / "access.log"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    config = folder / "nginx.conf"
    config.write_text(f"pid {folder}/nginx.pid; events {{}} http {{ {paths}\n{text}\n}}")
    return [program, "-c", str(config), "-e", str(folder / "error.log"), "-g", "daemon off;"]


def _caddy(program: str, front: Site, back: Site, folder: Path) -> list[str]:
    text = (_DEPLOY / "Caddyfile").read_text()
    text = text.replace("leads.firm.example {", f"http://127.0.0.1:{front.port} {{")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{back.port}")
    text = text.replace("\tservers {", f"\tadmin off\n\tstorage file_system {folder}/storage\n\tservers {{")
    text = text.replace("log {", f"log {{\n\t\toutput file {folder}/access.log")
    config = folder / "Caddyfile"
    config.write_text(text)
    return [program, "run", "--adapter", "caddyfile", "--config", str(config)]


CAMPAIGN = Campaign(
    "silent-connections",
    "200 connections that send no body, directly and behind proxies",
    run,
    databases_used=(SQLITE,),
)
