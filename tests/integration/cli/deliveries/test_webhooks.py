"""``webhook``: list, test and enable endpoints."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from standardwebhooks import Webhook

from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.instruments.deliveries import SECRET, capture
from tests.support.servers import receiver as reactions
from tests.support.servers.receiver import Receiver

KEY = "canary"


@pytest.fixture
def hooks() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def leadtracker(leadtracker: CommandLine, hooks: Receiver) -> CommandLine:
    urls = f"http://127.0.0.1:{hooks.port}/{KEY}, http://{KEY}@127.0.0.1:1/ "
    return leadtracker.with_settings(WEBHOOK_URLS=urls, WEBHOOK_SECRET=SECRET)


@on_sqlite
def test_endpoints_are_listed_without_secrets(leadtracker: CommandLine, hooks: Receiver) -> None:
    listing = leadtracker.run("webhook", "list")
    assert [line.split() for line in listing.out.splitlines()] == [
        ["NUMBER", "URL", "STATE", "SINCE"],
        ["1", f"http://127.0.0.1:{hooks.port}", "enabled", "-"],
        ["2", "http://127.0.0.1:1", "enabled", "-"],
    ]
    first, _ = leadtracker.run("webhook", "list", "--json").json
    assert first == {"number": 1, "url": f"http://127.0.0.1:{hooks.port}", "disabled_at": None}


@on_sqlite
def test_test_event_is_delivered(leadtracker: CommandLine, hooks: Receiver) -> None:
    tested = leadtracker.run("webhook", "test", "1")
    assert (tested.status, tested.err) == (0, "")
    assert tested.out == f"1  http://127.0.0.1:{hooks.port}  delivered  127.0.0.1 answered 200.\n"
    [request] = hooks.requests
    assert Webhook(SECRET).verify(request.body, dict(request.headers))["type"] == "leadtracker.test"


@on_sqlite
def test_failed_test_event_is_reported(leadtracker: CommandLine, hooks: Receiver) -> None:
    hooks.expect(reactions.response(302, {"Location": f"/{KEY}"}))
    tested = leadtracker.run("webhook", "test")
    assert tested.status == 1
    first, second = tested.out.splitlines()
    assert first.endswith("retry  127.0.0.1 answered 302.")
    assert second.startswith("2  http://127.0.0.1:1  not_sent  There was no connection to 127.0.0.1. Check")
    assert KEY not in tested.out + tested.err


@on_sqlite
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["test", "3"], 1, "Error: there is no webhook endpoint 3\n"),
        (["enable", "127.0.0.1"], 2, "Error: “endpoint” 127.0.0.1 may be 1 or 2; give the number\n"),
    ],
)
def test_ambiguous_endpoint_is_rejected(
    leadtracker: CommandLine, arguments: list[str], status: int, message: str
) -> None:
    rejected = leadtracker.run("webhook", *arguments)
    assert (rejected.status, rejected.err) == (status, message)


@on_sqlite
def test_no_endpoint_means_nothing_to_test(leadtracker: CommandLine) -> None:
    bare = leadtracker.with_settings(WEBHOOK_URLS="", WEBHOOK_SECRET="")
    assert (bare.run("webhook", "list").out, bare.run("webhook", "list").status) == ("", 0)
    rejected = bare.run("webhook", "test")
    assert (rejected.status, rejected.err) == (
        1,
        "Error: there is no webhook endpoint; set LEADTRACKER_WEBHOOK_URLS\n",
    )


@on_sqlite
def test_missing_secret_stops_command(leadtracker: CommandLine) -> None:
    rejected = leadtracker.with_settings(WEBHOOK_SECRET="").run("webhook", "list")
    assert rejected.status == 78
    assert rejected.err == (
        "Error: LEADTRACKER_WEBHOOK_SECRET: is needed to sign what is sent to LEADTRACKER_WEBHOOK_URLS\n"
    )


def test_endpoint_is_disabled_by_410_until_enabled(
    leadtracker: CommandLine, hooks: Receiver, database_url: str, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{hooks.port}/{KEY}"
    only = leadtracker.with_settings(WEBHOOK_URLS=url, DATA_DIR=tmp_path / "data")
    capture(database_url, url, "ann@example.com")
    hooks.expect(reactions.response(410))
    ended = only.run("scheduler", "--once")
    assert ended.status == 1
    assert "leadtracker webhook enable" in ended.err
    assert KEY not in ended.err
    assert "disabled  2" in only.run("webhook", "list").out
    assert only.run("webhook", "enable", "1").out.endswith("enabled\n")
    assert only.run("deliveries", "retry", "--all-failed").out == "retried=1\n"
    assert only.run("scheduler", "--once").status == 0
    first, second = hooks.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert orjson.loads(second.body)["data"]["email"] == "ann@example.com"


@on_sqlite
def test_messages_for_removed_endpoint_die(
    leadtracker: CommandLine, database_url: str, tmp_path: Path
) -> None:
    capture(database_url, f"https://elsewhere.example/{KEY}", "ann@example.com")
    leadtracker.with_settings(DATA_DIR=tmp_path / "data").run("scheduler", "--once")
    failed = leadtracker.run("deliveries", "list", "--state", "failed").out
    assert "1         https://elsewhere.example  The endpoint is no longer in the settings." in failed
    assert KEY not in failed
