"""The mail adapters keep the promises of their port, against a real server and a real folder."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs import frozen

from leadtracker.adapters.mail.file_email_sender import FileEmailSender
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.ports.deliveries.emails import EmailSender
from tests.contracts.deliveries.email_sender import (
    EmailSenderContract,
    FallibleEmailSenderContract,
    Situation,
)
from tests.integration.adapters.mail.conftest import SENDER, MakeSender, as_email
from tests.support.clock import NOW
from tests.support.memory.system import MemoryClock
from tests.support.servers.smtp import DROP, MailServer

REACTIONS = {Situation.REJECTS: "550 Never", Situation.IS_OVERLOADED: "451 Later", Situation.HANGS_UP: DROP}


@frozen
class SmtpOtherEnd:
    """The server behind the interface of the contract suite."""

    _server: MailServer
    _make_sender: MakeSender

    def sender(self, situation: Situation) -> EmailSender:
        if situation is Situation.IS_AWAY:
            return self._make_sender("smtp+plain://127.0.0.1:1")
        if situation in REACTIONS:
            self._server.expect("END", REACTIONS[situation])
        return self._make_sender(f"smtp+plain://{self._server.address}")

    def received(self) -> Sequence[Email]:
        return [as_email(mail.content) for mail in self._server.arrived]


class TestSmtpEmailSender(FallibleEmailSenderContract):
    @pytest.fixture
    def other_end(self, server: MailServer, make_sender: MakeSender) -> SmtpOtherEnd:
        return SmtpOtherEnd(server, make_sender)


@frozen
class Folder:
    """A folder of mails; unavailable while a file has its name."""

    _path: Path

    def sender(self, situation: Situation) -> EmailSender:
        if situation is Situation.IS_AWAY:
            self._path.write_text("in the way")
        return FileEmailSender(self._path, SENDER, MemoryClock(NOW))

    def received(self) -> Sequence[Email]:
        return [as_email(path.read_bytes()) for path in sorted(self._path.glob("*.eml"))]


class TestFileEmailSender(EmailSenderContract):
    @pytest.fixture
    def other_end(self, tmp_path: Path) -> Folder:
        return Folder(tmp_path / "mail")
