"""Contract suite of ``EmailSender``, with the meaning of each outcome."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol

import pytest

from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.ports.deliveries.emails import EmailSender


class Situation(StrEnum):
    """A mail server's reaction to an attempt."""

    TAKES_IT = "takes it"
    REJECTS = "answers that it will never take this, as with 550"
    IS_OVERLOADED = "asks to come back later, as with 451"
    IS_AWAY = "cannot be reached, so that nothing is sent"
    HANGS_UP = "breaks off after it has got everything and before it answers"


OUTCOMES = {
    Situation.TAKES_IT: Outcome.DELIVERED,
    Situation.REJECTS: Outcome.REJECTED,
    Situation.IS_OVERLOADED: Outcome.RETRY,
    Situation.IS_AWAY: Outcome.NOT_SENT,
    Situation.HANGS_UP: Outcome.UNKNOWN,
}


class OtherEnd(Protocol):
    """The mail server of a sender, created by the fixture ``other_end`` of each suite."""

    def sender(self, situation: Situation) -> EmailSender:
        """Return a sender whose server puts every attempt into the situation."""
        ...

    def received(self) -> Sequence[Email]:
        """Return the received mails, oldest first."""
        ...


class EmailSenderContract:
    """Requires the fixture ``other_end``."""

    def test_attempt_delivers_the_mail_once(self, other_end: OtherEnd) -> None:
        email = make_email()
        assert other_end.sender(Situation.TAKES_IT).send(email).outcome is Outcome.DELIVERED
        assert list(other_end.received()) == [email]

    def test_texts_arrive_unchanged(self, other_end: OtherEnd) -> None:
        email = make_email(subject="Grüße an Zoë ✓", text="ä\n.\n..\nFrom x\n€ " + "long " * 400 + "\n")
        assert other_end.sender(Situation.TAKES_IT).send(email).outcome is Outcome.DELIVERED
        assert list(other_end.received()) == [email]

    def test_several_mails_arrive_in_order(self, other_end: OtherEnd) -> None:
        emails = [make_email(message_id=f"<m{number}@leadtracker>") for number in range(3)]
        sender = other_end.sender(Situation.TAKES_IT)
        assert [sender.send(email).outcome for email in emails] == [Outcome.DELIVERED] * 3
        assert list(other_end.received()) == emails

    def test_closed_sender_reconnects(self, other_end: OtherEnd) -> None:
        sender = other_end.sender(Situation.TAKES_IT)
        for number in range(2):
            assert sender.send(make_email(message_id=f"<m{number}@x>")).outcome is Outcome.DELIVERED
            sender.close()
        assert len(other_end.received()) == 2

    def test_repeated_mail_keeps_message_id(self, other_end: OtherEnd) -> None:
        sender = other_end.sender(Situation.TAKES_IT)
        sender.send(make_email())
        sender.send(make_email())
        assert {email.message_id for email in other_end.received()} == {make_email().message_id}

    def test_failed_connection_sends_nothing(self, other_end: OtherEnd) -> None:
        assert other_end.sender(Situation.IS_AWAY).send(make_email()).outcome is Outcome.NOT_SENT
        assert list(other_end.received()) == []


class FallibleEmailSenderContract(EmailSenderContract):
    """Contract of senders whose server may fail; requires the fixture ``other_end``."""

    @pytest.mark.parametrize("situation", Situation)
    def test_every_server_response_is_an_outcome(self, other_end: OtherEnd, situation: Situation) -> None:
        assert other_end.sender(situation).send(make_email()).outcome is OUTCOMES[situation]

    @pytest.mark.parametrize("situation", Situation)
    def test_failed_attempt_is_not_repeated(self, other_end: OtherEnd, situation: Situation) -> None:
        other_end.sender(situation).send(make_email())
        assert len(other_end.received()) == (0 if situation is Situation.IS_AWAY else 1)

    def test_sender_recovers_after_failure(self, other_end: OtherEnd) -> None:
        other_end.sender(Situation.HANGS_UP).send(make_email())
        assert other_end.sender(Situation.TAKES_IT).send(make_email()).outcome is Outcome.DELIVERED


def make_email(**rest: Any) -> Email:
    """Build a mail to Ann; ``rest`` are its fields."""
    given = {
        "message_id": "<message-1@leadtracker>",
        "recipient": "ann@example.com",
        "subject": "We have received your request",
        "text": "Hello Ann,\n\nthank you.\n",
        "html": "<p>Hello Ann,</p>\n<p>thank you.</p>\n",
    }
    return Email(**(given | rest))
