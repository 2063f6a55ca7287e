"""The application behind Flask's test client, over a real SQLite database.

The contract suites hold both databases to the same promises, so what HTTP makes of them is the same. Tests
for which the database matters are marked ``on_every_database``: races, text and times that a database may
reject or change, failures, SQL that differs, and at least one test for each group of routes.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from typing import Any

import pytest
from attrs import field, frozen
from dependency_injector import providers
from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.http.web.imports.background import THREAD_NAME_PREFIX
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.http import Client, Headers, api_key, basic, bearer, session
from tests.support.instruments.quick_containers import GivenSettings, ReusedContainer
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.memory.system import MemoryClock

MakeContainer = Callable[..., Container]
PHRASE = "correct horse battery"
SECRET_KEY = SecretStr("a key that guards nothing")
_IMPORT_TIMEOUT_SECONDS = 30


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without content: SQLite, or what a mark of the test selects."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])
    return url


@pytest.fixture
def clock() -> MemoryClock:
    """The applications' clock, which changes only when a test advances it."""
    return MemoryClock(NOW)


@contextmanager
def new_container(clock: MemoryClock, **settings: Any) -> Iterator[Container]:
    """A container with these settings, in which nothing has been built yet."""
    reused = ReusedContainer()
    container = reused.container
    settings = {
        "secret_key": SECRET_KEY,
        "public_rate_limit": "off",  # tests send more than any person would
        **settings,
    }
    container.settings.override(GivenSettings(**settings))
    container.clock.override(providers.Object(clock))
    # Hashes as slow as real ones would make the many sign-ins of these tests slow.
    container.hasher.override(providers.Object(MemoryPasswordHasher()))
    yield container
    wait_for_imports()
    container.dialect().close()


def wait_for_imports() -> None:
    """Wait for the threads that still import: to close a connection of SQLite in use crashes the process."""
    for thread in threading.enumerate():
        if thread.name.startswith(THREAD_NAME_PREFIX):
            thread.join(_IMPORT_TIMEOUT_SECONDS)
            assert not thread.is_alive()


@pytest.fixture
def make_container(database_url: str, clock: MemoryClock) -> Iterator[MakeContainer]:
    """Builds applications over the database; keyword arguments are settings."""
    with ExitStack() as made:

        def make(**settings: Any) -> Container:
            settings = {"database_url": SecretStr(database_url), **settings}
            return made.enter_context(new_container(clock, **settings))

        yield make


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container()


@pytest.fixture
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def public(app: Flask) -> Client:
    """A client without credentials."""
    return Client.of(app)


class Way(StrEnum):
    """A kind of credentials."""

    BASIC = "a password"
    API_KEY = "an API key"
    BEARER = "a bearer token"
    SESSION = "a session"


@frozen
class Accounts:
    """Makes users and API keys as they are needed."""

    _container: Container
    _app: Flask
    _made: dict[str, Headers] = field(factory=dict, init=False)

    def client(self, public: Client, role: Role, way: Way = Way.API_KEY) -> Client:
        """A client with the credentials of that account."""
        return public.with_headers(self.credentials(role, way))

    def credentials(self, role: Role, way: Way = Way.API_KEY) -> Headers:
        """The credentials of the account that has the role and comes in that way."""
        name = f"{role} with {way}"
        if name not in self._made:
            self._made[name] = self._make(name, role, way)
        return self._made[name]

    def _make(self, name: str, role: Role, way: Way) -> Headers:
        if way in {Way.BASIC, Way.SESSION}:
            self._container.manage_users().add(OPERATOR, name, role, PHRASE)
            return basic(name, PHRASE) if way is Way.BASIC else session(self._app, name, PHRASE)
        secret = self._container.manage_api_keys().add(OPERATOR, name, role)
        return api_key(secret) if way is Way.API_KEY else bearer(secret)


@pytest.fixture
def accounts(container: Container, app: Flask) -> Accounts:
    return Accounts(container, app)


@pytest.fixture
def viewer(public: Client, accounts: Accounts) -> Client:
    return public.with_headers(accounts.credentials(Role.VIEWER))


@pytest.fixture
def agent(public: Client, accounts: Accounts) -> Client:
    return public.with_headers(accounts.credentials(Role.AGENT))


@pytest.fixture
def admin(public: Client, accounts: Accounts) -> Client:
    return public.with_headers(accounts.credentials(Role.ADMIN))


@pytest.fixture
def lead(agent: Client) -> dict[str, Any]:
    """A lead with a value in every field, as an agent captured it."""
    fields = make_fields(phone="+49 30 901820", message="Please call.", source="ad")
    body: dict[str, Any] = agent.post("/leads", fields).body
    return body
