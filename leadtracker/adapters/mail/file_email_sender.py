"""Mails as files, for installations without a mail server."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from leadtracker.adapters.mail.composing import compose
from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.email import Email, Mailbox
from leadtracker.domain.ports.deliveries.emails import EmailSender, KeptMails
from leadtracker.domain.ports.system import Clock

_SAFE = re.compile(r"\w[\w.+@-]{0,99}", re.ASCII)


class FileEmailSender(EmailSender):
    """Writes each mail to one ``.eml`` file, named by its message id.

    Raises:
        ValueError: the sender is invalid.
    """

    def __init__(self, folder: Path, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = Mailbox.parse(sender)
        self._clock = clock

    def send(self, email: Email) -> DeliveryResult:
        try:
            recipient = Mailbox.at(email.recipient)
        except ValueError:
            detail = AttemptDetail(DetailCode.INVALID_RECIPIENT)
            return DeliveryResult(outcome=Outcome.REJECTED, detail=detail)
        mail = compose(email, self._sender, recipient, self._clock.now())
        path = self._folder / f"{_safe(email.message_id)}.eml"
        try:
            self._write(path, mail)
        except OSError as error:
            detail = AttemptDetail(DetailCode.FOLDER_NOT_WRITABLE, error=type(error).__name__)
            return DeliveryResult(outcome=Outcome.NOT_SENT, detail=detail)
        detail = AttemptDetail(DetailCode.WRITTEN_TO_FILE, path=str(path))
        return DeliveryResult(outcome=Outcome.DELIVERED, detail=detail)

    def close(self) -> None:
        pass  # nothing is kept between mails

    def _write(self, path: Path, mail: bytes) -> None:
        """Write the file atomically, with mode 0600: under a temporary name first."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, new = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".tmp")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(mail)
                file.flush()
                os.fsync(file.fileno())
            Path(new).replace(path)
        except OSError:
            Path(new).unlink(missing_ok=True)
            raise


class MailFolder(KeptMails):
    """The files that ``FileEmailSender`` has written to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def erase(self, delivery_ids: Iterable[str]) -> None:
        for path in self._files(delivery_ids):
            _delete(path)

    def erase_naming(self, lead_id: str, delivery_ids: Iterable[str]) -> None:
        for path in self._files(delivery_ids):
            try:
                is_named = lead_id in _text_of(path.read_bytes())
            except FileNotFoundError:
                continue  # erased in the meantime
            except OSError as error:
                raise StorageUnavailable("a mail that may name the person cannot be read") from error
            if is_named:
                _delete(path)

    def _files(self, delivery_ids: Iterable[str]) -> Iterator[Path]:
        for delivery_id in delivery_ids:
            if _SAFE.fullmatch(delivery_id):  # others are no ids of ours
                yield from self._folder.glob(f"{delivery_id}@*.eml")


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageUnavailable("a mail of the person cannot be deleted") from error


def _text_of(mail: bytes) -> str:
    """Return the decoded texts of a mail: a link in an encoded one may be broken over lines."""
    message = BytesParser(policy=default).parsebytes(mail)
    return "\n".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")


def _safe(message_id: str) -> str:
    """Return the message id if it is a safe file name, else its SHA-256 in hexadecimal."""
    name = message_id.strip("<>")
    return name if _SAFE.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()
