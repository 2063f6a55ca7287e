"""Outcomes by step and reply, against a real server."""

import pytest

from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.domain.model.deliveries.deliverable import Outcome
from tests.contracts.deliveries.email_sender import make_email
from tests.integration.adapters.mail.conftest import MakeSender
from tests.support.servers.smtp import DROP, HANG, MailServer

STEPS = ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "END"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("status", "outcome"), [(451, Outcome.RETRY), (550, Outcome.REJECTED)])
def test_status_code_determines_outcome(
    server: MailServer, sender: SmtpEmailSender, step: str, status: int, outcome: Outcome
) -> None:
    server.expect(step, f"{status} canary")
    result = sender.send(make_email())
    assert (result.outcome, result.status) == (outcome, status)
    assert result.detail is not None
    assert "canary" not in result.detail.data().values()
    assert sender.send(make_email()).outcome is Outcome.DELIVERED


@pytest.mark.parametrize("status", [421, 452])
def test_closing_server_is_retried(server: MailServer, sender: SmtpEmailSender, status: int) -> None:
    server.expect("RCPT", f"{status} Closing")
    assert sender.send(make_email()).outcome is Outcome.RETRY
    assert sender.send(make_email()).outcome is Outcome.DELIVERED
    assert server.connections == (2 if status == 421 else 1)


@pytest.mark.parametrize("reaction", [DROP, HANG, "hello", "999 what", "250-" + "x" * 9000])
@pytest.mark.parametrize("step", STEPS)
def test_timeout_outcome_depends_on_progress(
    server: MailServer, make_sender: MakeSender, step: str, reaction: str
) -> None:
    server.expect(step, reaction)
    sender = make_sender(f"smtp+plain://{server.address}", total_seconds=2 if reaction == HANG else 20)
    result = sender.send(make_email())
    may_have_it = step in {"DATA", "END"}
    assert result.outcome is (Outcome.UNKNOWN if may_have_it else Outcome.NOT_SENT)
    assert len(server.arrived) == (step == "END")


def test_lost_connection_is_unknown(server: MailServer, sender: SmtpEmailSender) -> None:
    server.expect("CONTENT", DROP)
    result = sender.send(make_email(text="x\n" * 2_000_000))
    assert (result.outcome, result.status) == (Outcome.UNKNOWN, None)
    assert server.arrived == []


@pytest.mark.parametrize("status", [530, 535])
def test_required_sign_in_is_permanent(server: MailServer, sender: SmtpEmailSender, status: int) -> None:
    server.expect("MAIL", f"{status} Authentication required")
    result = sender.send(make_email())
    assert (result.outcome, result.status) == (Outcome.NOT_SENT, status)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "leadtracker.invalid", "a..b", "x" * 70])
def test_unreachable_server_is_retried(make_sender: MakeSender, host: str) -> None:
    result = make_sender(f"smtp+plain://{host}").send(make_email())
    assert (result.outcome, result.status) == (Outcome.NOT_SENT, None)


@pytest.mark.parametrize(
    "recipient", ["", "ann", "a@b@c.example", "a@example.com> BODY=8BITMIME", "a@x.y\r\nz"]
)
def test_invalid_address_is_rejected(server: MailServer, sender: SmtpEmailSender, recipient: str) -> None:
    assert sender.send(make_email(recipient=recipient)).outcome is Outcome.REJECTED
    assert server.connections == 0


def test_detail_holds_no_secret_or_text(server: MailServer, make_sender: MakeSender) -> None:
    sender = make_sender(f"smtp+plain://canary:canary@{server.address}")
    for step in [*STEPS, "AUTH"]:
        for reaction in ("451 canary", "550 canary", DROP):
            server.expect(step, reaction)
            result = sender.send(make_email(recipient="canary@example.com", text="canary"))
            assert "canary" not in repr(result)
            assert result.detail is not None
            assert result.detail.host == "127.0.0.1"
            sender.close()
