"""Runs one S3 server, SeaweedFS, for one test run; see `supervisor.py`.

    python -m tests.support.servers.s3_supervisor WEED FOLDER PORT

`tests.support.servers.s3` starts it.
"""

import contextlib
import random
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.servers.supervisor import main

BUCKET = "leads"
KEY_ID, SECRET = "test-key-id", "test-secret"
START_TIMEOUT_SECONDS = 60
PORTS = range(20_000, 32_000)  # outside of the range from which systems take those of outgoing connections
LISTENERS = tuple(
    f"{part}.port{kind}" for part in ("master", "volume", "filer", "s3") for kind in ("", ".grpc")
)
SETTINGS = {
    "admin.ui": "false",
    "bucket": BUCKET,
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "master.telemetry": "false",
    "master.volumeSizeLimitMB": "64",
    "s3.iam": "false",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "volume.max": "8",
    "webdav": "false",
}


@contextlib.contextmanager
def serve(weed: str, folder: Path) -> Iterator[str]:
    """Run the server on an empty folder and yield the port of its S3 API."""
    data = folder / "data"
    data.mkdir()
    ports = dict(zip(LISTENERS, _free_ports(len(LISTENERS)), strict=True))
    settings = SETTINGS | {"dir": str(data)} | {name: str(port) for name, port in ports.items()}
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(
            [weed, "-logtostderr=true", "mini", *(f"-{name}={value}" for name, value in settings.items())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=data,
            env={"HOME": str(data), "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET},
        )
    try:
        _wait_until_ready(server, ports["s3.port"])
        yield str(ports["s3.port"])
    finally:
        server.kill()  # its data is not needed any more
        server.wait()


def _free_ports(number: int) -> list[int]:
    """Return ports that are free."""
    with contextlib.ExitStack() as stack:
        free: list[int] = []
        for port in random.sample(PORTS, k=len(PORTS)):
            probe = stack.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                free.append(port)
            if len(free) == number:
                return free
    raise RuntimeError("not enough ports are free")


def _wait_until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until the S3 port is open; users then wait for the bucket, which is created soon after."""
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("weed did not start")
        time.sleep(0.02)


if __name__ == "__main__":
    main(serve)
