"""``mail test``: a test mail through the configured sender."""

from pathlib import Path

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.raw_database import RawDatabase
from tests.support.servers.smtp import MailServer

pytestmark = on_sqlite


@pytest.fixture
def leadtracker(leadtracker: CommandLine, tmp_path: Path) -> CommandLine:
    return leadtracker.with_settings(DATA_DIR=tmp_path / "data", MAIL_FROM="Firm <office@firm.example>")


def test_test_mail_is_sent_immediately(leadtracker: CommandLine, raw_db: RawDatabase) -> None:
    with MailServer() as server:
        tried = leadtracker.with_settings(SMTP_URL=f"smtp+plain://{server.address}").run(
            "mail", "test", "ann@example.com"
        )
        [mail] = server.arrived
    assert (tried.status, tried.err) == (0, "")
    assert tried.out.startswith("delivered: ")
    assert len(tried.out.splitlines()) == 1
    assert mail.recipients == ("ann@example.com",)
    assert b"From: Firm\r\n <office@firm.example>" in mail.content
    assert b"This is a test." in mail.content
    assert raw_db.count("deliveries") == 0


@pytest.mark.parametrize(("response", "outcome"), [("550 Never", "refused"), ("451 Later", "retry")])
def test_rejected_test_mail_fails(leadtracker: CommandLine, response: str, outcome: str) -> None:
    with MailServer() as server:
        server.expect("END", response)
        tried = leadtracker.with_settings(SMTP_URL=f"smtp+plain://{server.address}").run(
            "mail", "test", "ann@example.com"
        )
    assert tried.status == 1
    assert tried.out.startswith(f"{outcome}: ")
    assert response[:3] in tried.out


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("smtp+plain://127.0.0.1:1", "127.0.0.1 refused the connection. Check the port"),
        ("smtp://mail.firm.invalid", "mail.firm.invalid was not found. Check the host"),
    ],
)
def test_unreachable_server_is_reported(leadtracker: CommandLine, url: str, text: str) -> None:
    tried = leadtracker.with_settings(SMTP_URL=url).run("mail", "test", "ann@example.com")
    assert tried.status == 1
    assert tried.out.startswith(f"not_sent: {text}")


def test_plain_server_is_not_taken_for_tls(leadtracker: CommandLine) -> None:
    with MailServer() as server:
        tls = leadtracker.with_settings(SMTP_URL=f"smtps://{server.address}")
        tried = tls.run("mail", "test", "ann@example.com")
    assert "127.0.0.1 does not begin with TLS" in tried.out


def test_wrong_password_is_named(leadtracker: CommandLine) -> None:
    with MailServer() as server:
        server.expect("AUTH", "535 5.7.8 Wrong")
        wrong = leadtracker.with_settings(SMTP_URL=f"smtp+plain://ann:wrong@{server.address}")
        tried = wrong.run("mail", "test", "ann@example.com")
    assert "127.0.0.1 rejected the user name or the password (535)." in tried.out


def test_without_server_file_is_named(leadtracker: CommandLine, tmp_path: Path) -> None:
    tried = leadtracker.run("mail", "test", "ann@example.com")
    [file] = (tmp_path / "data" / "mail").glob("*.eml")
    assert (tried.status, tried.out) == (0, f"delivered: Written to {file}.\n")
    assert b"To: ann@example.com" in file.read_bytes()


def test_custom_templates_take_precedence(leadtracker: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "own" / "test").mkdir(parents=True)
    (tmp_path / "own" / "test" / "text.txt").write_text("Our own words.")
    leadtracker.with_settings(MAIL_TEMPLATES=tmp_path / "own").run("mail", "test", "ann@example.com")
    [file] = (tmp_path / "data" / "mail").glob("*.eml")
    assert b"Our own words." in file.read_bytes()


def test_invalid_address_is_usage_error(leadtracker: CommandLine, tmp_path: Path) -> None:
    tried = leadtracker.run("mail", "test", "ann@")
    assert tried.status == 2
    assert tried.err == "Error: “address” must be an e-mail address, such as name@example.com\n"
    assert not (tmp_path / "data" / "mail").exists()
