"""Connections: reuse, TLS and authentication."""

import threading
import time

import pytest

from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.domain.model.deliveries.attempt_detail import DetailCode
from leadtracker.domain.model.deliveries.deliverable import Outcome
from tests.contracts.deliveries.email_sender import make_email
from tests.integration.adapters.mail.conftest import MakeSender
from tests.support.servers import receiver as reactions
from tests.support.servers.smtp import DROP, MailServer


def drip_responses(conversation: reactions.Conversation) -> None:
    """Greet forever, a line at a time, each within the time limit."""
    while not conversation.wait(0.05):
        conversation.send(b"220-Welcome\r\n")


class TestReuse:
    def test_many_mails_share_one_connection(self, server: MailServer, sender: SmtpEmailSender) -> None:
        assert all(sender.send(make_email()).outcome is Outcome.DELIVERED for _ in range(20))
        assert (server.connections, len(server.arrived)) == (1, 20)

    def test_a_rejected_mail_leaves_no_trace_in_the_next(
        self, server: MailServer, sender: SmtpEmailSender
    ) -> None:
        server.expect("DATA", "554 Never")
        sender.send(make_email(recipient="eve@example.com"))
        sender.send(make_email(recipient="ann@example.com"))
        assert [mail.recipients for mail in server.arrived] == [("ann@example.com",)]
        assert server.connections == 1

    def test_stale_connection_is_replaced(self, server: MailServer, sender: SmtpEmailSender) -> None:
        sender.send(make_email())
        server.drop_all_connections()
        assert sender.send(make_email()).outcome is Outcome.DELIVERED
        assert (server.connections, len(server.arrived)) == (2, 2)

    @pytest.mark.parametrize("reaction", ["421 Idle too long", "502 What?", DROP])
    def test_unresettable_connection_is_replaced(
        self, server: MailServer, sender: SmtpEmailSender, reaction: str
    ) -> None:
        sender.send(make_email())
        server.expect("RSET", reaction)
        assert sender.send(make_email()).outcome is Outcome.DELIVERED
        assert (server.connections, len(server.arrived)) == (2, 2)

    def test_closed_sender_reconnects(self, server: MailServer, sender: SmtpEmailSender) -> None:
        sender.close()
        sender.send(make_email())
        sender.close()
        sender.close()
        assert sender.send(make_email()).outcome is Outcome.DELIVERED
        assert server.connections == 2

    def test_threads_share_the_sender(self, server: MailServer, sender: SmtpEmailSender) -> None:
        outcomes: list[Outcome] = []

        def work() -> None:
            outcomes.extend(sender.send(make_email()).outcome for _ in range(5))

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes == [Outcome.DELIVERED] * 40
        assert (server.connections, len(server.arrived)) == (1, 40)


class TestTls:
    @pytest.mark.parametrize(("scheme", "way"), [("smtp", "starttls"), ("smtps", "tls")])
    def test_mails_are_sent_over_tls(self, make_sender: MakeSender, scheme: str, way: str) -> None:
        with MailServer(**{way: True}) as server:
            sender = make_sender(f"{scheme}://{server.address}")
            assert [sender.send(make_email()).outcome for _ in range(3)] == [Outcome.DELIVERED] * 3
            assert server.connections == 1
            sender.close()

    @pytest.mark.parametrize(("scheme", "way"), [("smtp", "starttls"), ("smtps", "tls")])
    def test_unknown_certificate_is_rejected(self, make_sender: MakeSender, scheme: str, way: str) -> None:
        with MailServer(is_trusted=False, **{way: True}) as server:
            result = make_sender(f"{scheme}://u:p@{server.address}").send(make_email())
            assert result.outcome is Outcome.NOT_SENT
            assert result.detail is not None
            assert result.detail.code is DetailCode.CERTIFICATE_REJECTED
            assert (server.arrived, server.signed_in) == ([], [])

    def test_certificate_for_other_host_is_rejected(self, make_sender: MakeSender) -> None:
        with MailServer(tls=True) as server:
            result = make_sender(f"smtps://localhost:{server.port}").send(make_email())
            assert result.outcome is Outcome.NOT_SENT
            assert server.arrived == []

    def test_cleartext_is_never_used(self, server: MailServer, make_sender: MakeSender) -> None:
        sender = make_sender(f"smtp://u:p@{server.address}")
        for _ in range(2):
            result = sender.send(make_email())
            assert result.outcome is Outcome.NOT_SENT
            assert result.detail is not None
            assert result.detail.code is DetailCode.NO_STARTTLS
        assert (server.arrived, server.signed_in) == ([], [])

    @pytest.mark.parametrize(
        "reaction", ["454 Not now", "501 No", DROP, "220 Go, said the man in the middle"]
    )
    def test_stripped_starttls_is_rejected(self, make_sender: MakeSender, reaction: str) -> None:
        with MailServer(starttls=True) as server:
            server.expect("STARTTLS", *[reaction] * 2)
            sender = make_sender(f"smtp://u:p@{server.address}", total_seconds=1)
            assert [sender.send(make_email()).outcome for _ in range(2)] == [Outcome.NOT_SENT] * 2
            assert (server.arrived, server.signed_in) == ([], [])

    def test_server_without_tls_is_rejected(self, server: MailServer, make_sender: MakeSender) -> None:
        result = make_sender(f"smtps://{server.address}", total_seconds=1).send(make_email())
        assert result.outcome is Outcome.NOT_SENT

    @pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp+plain"])
    @pytest.mark.parametrize("reaction", [reactions.never_read, drip_responses])
    def test_slow_server_is_abandoned(
        self, make_sender: MakeSender, scheme: str, reaction: reactions.Reaction
    ) -> None:
        with reactions.Receiver(reaction) as receiver:
            began = time.monotonic()
            sender = make_sender(f"{scheme}://127.0.0.1:{receiver.port}", total_seconds=0.5)
            assert sender.send(make_email()).outcome is Outcome.NOT_SENT
            assert time.monotonic() - began < 10


class TestSignIn:
    @pytest.mark.parametrize("excluded", [[], ["PLAIN"]])
    def test_credentials_are_decoded(self, make_sender: MakeSender, excluded: list[str]) -> None:
        with MailServer(starttls=True, auth_exclude_mechanism=excluded) as server:
            sender = make_sender(f"smtp://ann%40firm.example:p%C3%A4ss%2F%3A%40@{server.address}")
            assert sender.send(make_email()).outcome is Outcome.DELIVERED
            assert server.signed_in == [("ann@firm.example", "päss/:@")]
            sender.close()

    @pytest.mark.parametrize("reaction", ["535 Wrong", "454 Later", "504 What?", DROP])
    def test_sign_in_failure_is_permanent(
        self, server: MailServer, make_sender: MakeSender, reaction: str
    ) -> None:
        server.expect("AUTH", reaction)
        sender = make_sender(f"smtp+plain://u:p@{server.address}")
        assert sender.send(make_email()).outcome is Outcome.NOT_SENT
        assert sender.send(make_email()).outcome is Outcome.DELIVERED

    def test_missing_auth_support_sends_nothing(self, make_sender: MakeSender) -> None:
        with MailServer(auth_exclude_mechanism=["PLAIN", "LOGIN"]) as server:
            result = make_sender(f"smtp+plain://u:p@{server.address}").send(make_email())
            assert result.outcome is Outcome.NOT_SENT
            assert server.arrived == []
