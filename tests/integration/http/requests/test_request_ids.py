"""Every response has a request id and a log entry, and neither reveals personal data."""

import re
from collections.abc import Callable
from typing import NoReturn

import pytest
import structlog
from flask import Flask
from structlog.testing import LogCapture
from structlog.types import EventDict

from tests.support.builders import make_fields
from tests.support.database import on_sqlite
from tests.support.http import Client, api_key, basic

CANARY = "must-not-be-logged"


@pytest.fixture
def logged() -> list[EventDict]:
    """The lines that the application logs."""
    capture = LogCapture()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    return capture.entries


pytestmark = [on_sqlite, pytest.mark.usefixtures("restored_logging")]


def test_request_id_is_generated(public: Client) -> None:
    ids = {public.get("/healthz").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}", identifier) for identifier in ids)


@pytest.mark.parametrize("mine", ["1", "a-B_c.9", "x" * 64, "01890a5d-ac96-774b-bcce-b302099a8057"])
def test_request_id_is_accepted(public: Client, mine: str) -> None:
    assert public.request("GET", "/healthz", {"X-Request-ID": mine}).headers["X-Request-ID"] == mine


@pytest.mark.parametrize(
    "hostile", ["", " ", "x" * 65, "a b", "a;b", "é", "<script>", '"', "a/b", "${jndi:ldap}", "a\tb", "%0a"]
)
def test_unsafe_request_id_is_replaced(public: Client, hostile: str) -> None:
    response = public.request("GET", "/healthz", {"X-Request-ID": hostile})
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_problem_contains_request_id(public: Client) -> None:
    assert public.request("GET", "/leads", {"X-Request-ID": "mine"}).body["request_id"] == "mine"


@pytest.mark.parametrize("path", ["/leads", "/nothing", "/docs", "/readyz"])
def test_every_request_is_logged(public: Client, logged: list[EventDict], path: str) -> None:
    response = public.get(path)
    [line] = [entry for entry in logged if entry["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", path, response.status)
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert line["milliseconds"] >= 0


def test_log_names_the_caller(agent: Client, logged: list[EventDict]) -> None:
    agent.post("/leads", make_fields())
    assert logged[-1]["actor"] == "api-key:agent with an API key"


def test_failed_credentials_are_logged_as_public(public: Client, logged: list[EventDict]) -> None:
    public.request("GET", "/leads", basic("ann", "wrong"))
    assert logged[-1]["actor"] == "public"


SECRETIVE: dict[str, Callable[[Client], object]] = {
    "a lead": lambda client: client.post("/leads", make_fields(f"{CANARY}@example.com", message=CANARY)),
    "a bad lead": lambda client: client.post("/leads", make_fields("no address", phone=CANARY)),
    "bad JSON": lambda client: client.post("/leads", data=f'"{CANARY}', content_type="application/json"),
    "a query": lambda client: client.get("/leads", email=f"{CANARY}@example.com"),
    "a password": lambda client: client.request("GET", "/leads", basic("ann", CANARY)),
    "a key": lambda client: client.request("GET", "/leads", api_key(f"lt_{CANARY}")),
}


@pytest.mark.parametrize("send", SECRETIVE.values(), ids=SECRETIVE.keys())
def test_log_holds_no_data_or_secrets(
    public: Client, logged: list[EventDict], send: Callable[[Client], object]
) -> None:
    send(public)
    assert logged
    assert CANARY not in repr(logged)


def test_bug_is_explained_only_in_log(app: Flask, logged: list[EventDict]) -> None:
    @app.get("/bug")
    def bug() -> NoReturn:
        raise RuntimeError(CANARY)

    public = Client.of(app)
    response = public.unchecked("GET", "/bug")
    assert response.status == 500
    assert set(response.body) == {"type", "title", "status", "detail", "request_id"}
    assert response.body["request_id"] == response.headers["X-Request-ID"]
    assert CANARY not in str(response)
    assert "Traceback" not in str(response)
    [line] = [entry for entry in logged if entry["event"] == "unhandled exception"]
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert isinstance(line["exc_info"], RuntimeError)
    assert logged[-1]["status"] == 500


def test_request_id_is_cleared_afterwards(app: Flask, logged: list[EventDict]) -> None:
    public = Client.of(app)
    for mine in ("one", "two"):
        public.request("GET", "/healthz", {"X-Request-ID": mine})
    assert [entry["request_id"] for entry in logged if entry["path"] == "/healthz"] == ["one", "two"]
