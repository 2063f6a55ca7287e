"""Secrets pass through every success and every failure without being shown."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attrs import define, evolve, field

from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.http import api_key, basic, bearer
from tests.support.raw_database import RawDatabase
from tests.support.servers import receiver as reactions
from tests.support.servers.postgres import URL_VARIABLE
from tests.support.servers.processes import Program, Site
from tests.support.servers.receiver import Receiver

URL_KEY = "canary-of-the-url"
HEADER_KEY = "canary-of-the-header"
ADMIN = "canary-of-the-admin"
USER = "canary-of-the-user"
WRONG = "canary-of-a-stranger"
DATABASE = "canary-of-the-database"
HOOK_KEY = "canary-of-the-endpoint"
HOOK_SIGNER = "canary-of-the-signature"
CANARIES = (URL_KEY, HEADER_KEY, ADMIN, USER, WRONG, DATABASE, HOOK_KEY, HOOK_SIGNER)


@define
class Witness:
    """Runs commands and keeps all their output."""

    leadtracker: CommandLine
    said: list[str] = field(factory=list)

    def run(self, *arguments: str, stdin: str = "", **settings: object) -> int:
        """Run a command with these additional settings; return its exit status."""
        ended = self.leadtracker.with_settings(**settings).run(*arguments, stdin=stdin)
        self.said += [ended.out, ended.err]
        return ended.status

    def check(self, *more: str) -> None:
        """Check that no secret was printed, logged or is in ``more``."""
        everything = "\n".join([*self.said, *more])
        assert everything.strip()
        assert [canary for canary in (*CANARIES, "canary-of") if canary in everything] == []


@pytest.fixture
def retool() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def secretive(program: Program, retool: Receiver) -> Program:
    settings = {
        "RETOOL_URL": f"{retool.url}?workflowApiKey={URL_KEY}",
        "RETOOL_API_KEY": HEADER_KEY,
        "ADMIN_PASSWORD": ADMIN,
    }
    return evolve(program.with_settings(**settings), is_forked=True)


@pytest.fixture
def witness(
    secretive: Program,
    restored_logging: None,  # noqa: ARG001 - each command sets up logging
) -> Witness:
    return Witness(CommandLine(secretive.all_settings))


def all_ways_to_sign_in(secret: str) -> list[tuple[int, dict[str, str]]]:
    """Valid and invalid credentials, and the expected statuses."""
    return [
        (200, basic("admin", ADMIN)),
        (200, api_key(secret)),
        (200, bearer(secret)),
        (401, basic("admin", WRONG)),
        (401, basic(WRONG, WRONG)),
        (401, api_key(f"lt_{WRONG}")),
        (401, bearer(WRONG)),
        (401, {"Authorization": f"Digest {WRONG}"}),
    ]


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_requests_leak_no_secret(
    secretive: Program, witness: Witness, site: Site, raw_db: RawDatabase, log_format: str
) -> None:
    with secretive.with_settings(LOG_FORMAT=log_format).start("up") as running:
        site.wait_until_ready()
        added = witness.leadtracker.run("api-key", "add", "k", "--role", "admin")
        secret = added.out.strip()
        ways = all_ways_to_sign_in(secret)
        responses = [site.send("GET", "/leads", headers) for _, headers in ways]
        assert [status for status, _ in responses] == [status for status, _ in ways]
        responses.append(site.send("GET", f"/leads?key={WRONG}&cursor={WRONG}", api_key(secret)))
        responses.append(site.send("POST", f"/leads?key={WRONG}", json=make_fields("noone")))
        witness.run("api-key", "revoke", "k")
        witness.run("api-key", "list")
        responses.append(site.send("GET", "/leads", api_key(secret)))
    said = (running.out, running.err, added.err, *(body.decode() for _, body in responses), raw_db.dump())
    witness.check(*said)
    assert secret not in "".join([*said, *witness.said])


def test_log_holds_no_lead_data(secretive: Program, site: Site) -> None:
    lead = make_fields("ann@example.com", message="a sad story", phone="+49 30 901820")
    with secretive.start("up") as running:
        site.wait_until_ready()
        responses = [site.send("POST", "/leads", json=lead)[0] for _ in range(2)]
        site.send("GET", "/leads?email=ann@example.com", basic("admin", ADMIN))
    assert responses == [201, 201]
    assert "request" in running.err
    assert not any(text in running.err for text in ("ann@", "sad story", "901820", '"Lee"', "'Lee'"))


def test_report_deliveries_leak_no_secret(witness: Witness, retool: Receiver, raw_db: RawDatabase) -> None:
    retool.expect(
        reactions.response(500, body=f"{URL_KEY} {HEADER_KEY}".encode()),
        reactions.response(401),
        reactions.response(302, {"Location": f"/?workflowApiKey={URL_KEY}"}),
        reactions.reset_after_reading,
        reactions.garble,
    )
    again = ("report", "send", "--again")
    assert [witness.run(*again) for _ in range(6)] == [1] * 5 + [0]
    assert retool.requests[-1].headers["x-workflow-api-key"] == HEADER_KEY
    for url in (
        f"http://127.0.0.1:1/?workflowApiKey={URL_KEY}",
        f"http://leadtracker.invalid/?workflowApiKey={URL_KEY}",
        f"https://127.0.0.1:{retool.port}/?workflowApiKey={URL_KEY}",
        f"http://user:{URL_KEY}@127.0.0.1:1/",
    ):
        assert witness.run(*again, RETOOL_URL=url) == 1
    assert witness.run("scheduler", "--once") == 0
    for command in (["report", "list", "--json"], ["config"]):
        assert witness.run(*command) == 0
    witness.check(raw_db.dump())


def test_webhook_deliveries_leak_no_secret(
    witness: Witness, retool: Receiver, site: Site, secretive: Program, raw_db: RawDatabase
) -> None:
    urls = (
        f"http://{HOOK_KEY}:{HOOK_KEY}@127.0.0.1:{retool.port}/{HOOK_KEY}?key={HOOK_KEY}",
        f"http://127.0.0.1:1/{HOOK_KEY}",
        f"https://leadtracker.invalid/{HOOK_KEY}",
    )
    hooks = {"WEBHOOK_URLS": " ".join(urls), "WEBHOOK_SECRET": f"{HOOK_SIGNER} whsec_c2VjcmV0"}
    retool.expect(
        reactions.response(500, body=HOOK_KEY.encode()),
        reactions.response(307, {"Location": f"/{HOOK_KEY}"}),
        reactions.reset_after_reading,
        reactions.garble,
    )
    assert [witness.run("webhook", "test", "1", **hooks) for _ in range(5)] == [1] * 4 + [0]
    with secretive.with_settings(**hooks).start("up") as running:
        site.wait_until_ready()
        assert site.send("POST", "/leads", json=make_fields())[0] == 201
        retool.wait_for(6)
        for fate in ("delivery sent", "delivery not sent"):
            running.wait_for_log_line(fate)
        _, listed = site.send("GET", "/deliveries", basic("admin", ADMIN))
    retool.expect(reactions.response(410, body=HOOK_KEY.encode()))
    assert witness.run("webhook", "test", **hooks) == 1
    for command in (
        ["webhook", "list"],
        ["webhook", "enable", "1"],
        ["deliveries", "list", "--json"],
        ["config"],
    ):
        assert witness.run(*command, **hooks) == 0
    assert witness.run("webhook", "list", WEBHOOK_URLS=f"ftp://{HOOK_KEY}") == 78
    assert witness.run("webhook", "list", **(hooks | {"WEBHOOK_SECRET": f"whsec_{HOOK_SIGNER}"})) == 78
    witness.check(running.out, running.err, listed.decode(), raw_db.dump())


def test_invalid_settings_leak_no_secret(witness: Witness) -> None:
    for name, value in {
        "RETOOL_URL": f"ftp://{URL_KEY}",
        "RETOOL_API_KEY": f"{HEADER_KEY}é",
        "ADMIN_PASSWORD": ADMIN * 100,
        "DATABASE_URL": f"mysql://user:{DATABASE}@localhost/leads",
        "PORT": WRONG,
    }.items():
        assert witness.run("report", "list", **{name: value}) == 78
    witness.check()


def test_user_commands_leak_no_password(witness: Witness, raw_db: RawDatabase) -> None:
    add = ("user", "add", "ann", "--role", "viewer", "--password-stdin")
    assert witness.run(*add, stdin=USER) == 0
    assert witness.run(*add, stdin=USER) == 1
    assert witness.run("user", "set-password", "ann", "--password-stdin", stdin=f"{USER} again") == 0
    assert witness.run("user", "set-password", "bob", "--password-stdin", stdin=USER) == 1
    assert witness.run("user", "add", "bob", "--role", "viewer", "--password-stdin", stdin=USER * 100) == 2
    assert witness.run("user", "list", "--json") == 0
    witness.check(raw_db.dump())


@pytest.mark.parametrize("command", [["report", "list"], ["web"]])
def test_denied_database_leaks_no_password(witness: Witness, command: list[str]) -> None:
    for url in (
        f"postgresql://leadtracker:{DATABASE}@127.0.0.1:1/leads",
        f"postgresql://leadtracker@127.0.0.1:1/leads?password={DATABASE}",
        f"postgresql://leadtracker:{DATABASE}@127.0.0.1:1/leads?no_such_option={DATABASE}",
    ):
        assert witness.run(*command, DATABASE_URL=url) == 1
    witness.check()


def test_working_database_leaks_no_password(witness: Witness, postgres_url: str, tmp_path: Path) -> None:
    url = urlsplit(postgres_url)
    if URL_VARIABLE not in os.environ:  # the tests' own server takes any password
        url = url._replace(netloc=url.netloc.replace(f":{url.password}@", f":{DATABASE}@"))
    assert witness.run("report", "send", DATABASE_URL=url.geturl()) == 0
    assert witness.run("config", DATABASE_URL=url.geturl()) == 0
    missing = url._replace(path="/no_such_database").geturl()
    assert witness.run("report", "list", DATABASE_URL=missing) == 1
    witness.check(RawDatabase(postgres_url).dump(), *map(str, tmp_path.iterdir()))
