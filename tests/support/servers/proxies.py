"""The examples of ``deploy/`` in front of the server: nginx and Caddy, where they are installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers.processes import Site, free_port

DIRECT = "direct"
_DEPLOY = Path(__file__).parents[3] / "deploy"
_SBIN = "/usr/sbin"


def ways() -> dict[str, str | None]:
    """Return the ways to a server, each with the program in front of it; None if it is not installed."""
    path = f"{os.environ['PATH']}:{_SBIN}"
    return {DIRECT: "", **{name: shutil.which(name, path=path) for name in ("nginx", "caddy")}}


@contextmanager
def in_front(name: str, program: str, site: Site, folder: Path, front: Site | None = None) -> Iterator[Site]:
    """Run a proxy with the project's example in front of the server; none for the direct way.

    Args:
        name: the name of the way, as ``ways`` returns it.
        program: the program of the proxy.
        site: the server.
        folder: gets the configuration and ``access.log``.
        front: where the proxy listens; by default, at a free port.
    """
    if name == DIRECT:
        yield site
        return
    front = front or Site(free_port())
    write = _nginx if name == "nginx" else _caddy
    command = write(program, front, site, folder)
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        front.wait_until_ready()
        yield front
    finally:
        process.terminate()
        process.wait(30)


def _nginx(program: str, front: Site, back: Site, folder: Path) -> list[str]:
    text = (_DEPLOY / "nginx.conf").read_text()
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)  # redirects to TLS
    text = re.sub(r"    ssl_.*\n", "", text).replace("listen 443 ssl", f"listen 127.0.0.1:{front.port}")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{back.port}")
    text = text.replace("/var/log/nginx/leadtracker.log", str(folder / "access.log"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    config = folder / "nginx.conf"
    events = "worker_connections 4096;"  # each client of a proxy takes two
    config.write_text(f"pid {folder}/nginx.pid; events {{ {events} }} http {{ {paths}\n{text}\n}}")
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
