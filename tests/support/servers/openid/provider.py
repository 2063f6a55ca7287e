"""Runs a real OpenID provider for a test: django-oauth-toolkit, in a separate process."""

import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import field, frozen
from joserfc.jwk import RSAKey

from tests.support.instruments.skips import skip_or_fail
from tests.support.servers.openid.django_program import READY
from tests.support.servers.processes import free_port

_CODE = Path(__file__).parents[4]


@frozen
class Provider:
    """A running provider with one person and one client."""

    port: int
    folder: Path
    client_id: str = "leadtracker"
    client_secret: str = "a secret of the office"  # noqa: S105 - guards nothing
    person: Mapping[str, object] = field(
        factory=lambda: {
            "name": "ann",
            "email": "ann@firm.example",
            "password": "correct horse battery",
            "groups": ["everyone", "partners"],
        }
    )

    @property
    def issuer(self) -> str:
        """The issuer identifier."""
        return f"http://127.0.0.1:{self.port}/o"

    def forget_refresh_tokens(self) -> None:
        """Delete all refresh tokens, as a provider does that disables a person."""
        with closing(sqlite3.connect(self.folder / "provider.db")) as connection:
            connection.execute("DELETE FROM oauth2_provider_refreshtoken")
            connection.commit()


@contextmanager
def run_provider(folder: Path, redirect_uri: str) -> Iterator[Provider]:
    """Run a provider until the end of the block."""
    if importlib.util.find_spec("oauth2_provider") is None:
        skip_or_fail("django-oauth-toolkit is not installed; `make test` installs it")
    provider = Provider(free_port(), folder)
    configuration = {
        "folder": str(folder),
        "port": provider.port,
        "private_key": RSAKey.generate_key(2048).as_pem(private=True).decode(),
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "redirect_uri": redirect_uri,
        "sign_in_uri": redirect_uri.removesuffix("/oidc/callback"),
        "person": dict(provider.person),
    }
    search_path = os.pathsep.join([str(_CODE), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.servers.openid.django_program"],
        env={**os.environ, "PYTHONPATH": search_path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(configuration))
            process.stdin.close()
            assert process.stdout.readline().strip() == READY
            yield provider
        finally:
            process.terminate()
