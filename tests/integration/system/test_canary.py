"""The daily test of the public form, by the program itself: real processes, HTTP, SMTP and databases."""

from collections.abc import Iterator

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.database import on_every_database, on_sqlite
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program, Site, free_port
from tests.support.servers.received_mail import parse_mail
from tests.support.servers.receiver import Receiver, response
from tests.support.servers.smtp import MailServer

EMPTY = (
    "leads",
    "lead_history",
    "lead_search",
    "lead_files",
    "deliveries",
    "idempotency_keys",
    "quarantine",
    "rejected_submissions",
    "erased_leads",
)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def tested(program: Program, site: Site, mail_server: MailServer, database_url: str) -> Program:
    return program.with_settings(
        DATABASE_URL=database_url,
        CANARY="on",
        PUBLIC_URL=f"http://127.0.0.1:{site.port}",
        SMTP_URL=f"smtp+plain://{mail_server.address}",
        MAIL_FROM="Firm <leads@firm.example>",
        NOTIFY="staff@firm.example",
        WEBHOOK_URLS="http://127.0.0.1:9/hook",
        WEBHOOK_SECRET="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        REQUIRED_FIELDS="first_name,last_name,email,phone,message,resume,consent",
        PUBLIC_RATE_LIMIT="60/minute",
        DIGEST_AT="off",
        REPORT_TO="off",
    )


@pytest.fixture
def leadtracker(
    tested: Program,
    restored_logging: None,  # noqa: ARG001 - each command sets up logging
) -> CommandLine:
    """Its commands beside the web server, without the time that a process takes to start."""
    return CommandLine(tested.all_settings)


def remains(database_url: str) -> dict[str, int]:
    """Return the tables in which a test has left rows, with their number."""
    raw_db = RawDatabase(database_url)
    return {table: number for table in EMPTY if (number := raw_db.count(table))}


@on_every_database
def test_form_is_tested_as_a_visitor_would(
    tested: Program, leadtracker: CommandLine, site: Site, mail_server: MailServer, database_url: str
) -> None:
    with tested.start("web"):
        site.wait_until_ready()
        first = tested.run("scheduler", "--once")
        again = leadtracker.run("scheduler", "--once")
    assert (first.status, "test of the form passed" in first.err) == (0, True), first.err
    assert (again.status, "test of the form" in again.err) == (0, False)
    [mail] = [parse_mail(one.content) for one in mail_server.arrived]
    assert mail["To"] == "leads@firm.example"
    assert "Canary" in str(mail.get_body(["plain"]))
    assert remains(database_url) == {}
    [line] = [line for line in leadtracker.run("doctor").out.splitlines() if " canary " in line]
    assert line.startswith("ok ")
    assert line.endswith(" has passed")


@on_every_database
def test_rejected_mail_fails_the_test(
    tested: Program, leadtracker: CommandLine, site: Site, mail_server: MailServer, database_url: str
) -> None:
    mail_server.rejected.add("leads@firm.example")
    with tested.start("web"):
        site.wait_until_ready()
        ended = leadtracker.run("scheduler", "--once")
    assert (ended.status, "mail_not_sent" in ended.err) == (1, True), ended.err
    assert remains(database_url) == {}
    doctor = leadtracker.run("doctor")
    [line] = [line for line in doctor.out.splitlines() if " canary " in line]
    assert doctor.status == 1
    assert "has failed: mail_not_sent (" in line
    assert "550" in line


@on_sqlite
def test_failures_are_logged(leadtracker: CommandLine, database_url: str) -> None:
    down = leadtracker.with_settings(PUBLIC_URL=f"http://127.0.0.1:{free_port()}")
    assert down.run("migrate").status == 0
    ended = down.run("scheduler", "--once")
    assert (ended.status, "unreachable" in ended.err) == (1, True), ended.err
    assert remains(database_url) == {}


@on_sqlite
def test_web_server_with_another_database_rejects_the_test(
    tested: Program, leadtracker: CommandLine, site: Site, database_url: str
) -> None:
    with tested.with_settings(DATABASE_URL=f"sqlite:///{tested.folder / 'other.db'}").start("web"):
        site.wait_until_ready()
        assert leadtracker.run("migrate").status == 0
        ended = leadtracker.run("scheduler", "--once")
    assert "answered 422; the form says: " in ended.err
    assert remains(database_url) == remains(f"sqlite:///{tested.folder / 'other.db'}") == {}


@on_sqlite
def test_proxy_that_keeps_submissions_is_noticed(
    tested: Program, leadtracker: CommandLine, site: Site, database_url: str
) -> None:
    with tested.start("web"):
        site.wait_until_ready()
        form = site.send("GET", "/")[1]
    thanks = response(303, {"Location": "/thanks"})
    with Receiver(response(200, {"Content-Type": "text/html"}, form), thanks, response(200)) as proxy:
        proxied = leadtracker.with_settings(PUBLIC_URL=f"http://127.0.0.1:{proxy.port}")
        ended = proxied.run("scheduler", "--once")
    assert "not_stored" in ended.err
    assert remains(database_url) == {}


@on_sqlite
def test_canary_needs_a_public_url(leadtracker: CommandLine) -> None:
    ended = leadtracker.with_settings(PUBLIC_URL="").run("config")
    assert ended.status == 78
    assert ended.err.strip().endswith(
        "LEADTRACKER_CANARY: needs LEADTRACKER_PUBLIC_URL, the address at which visitors open the form"
    )
