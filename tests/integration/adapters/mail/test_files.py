"""Mails as files: named, private, whole."""

from pathlib import Path

import pytest

from leadtracker.adapters.mail.file_email_sender import FileEmailSender
from leadtracker.domain.model.deliveries.deliverable import Outcome
from tests.contracts.deliveries.email_sender import make_email
from tests.integration.adapters.mail.conftest import SENDER, as_email
from tests.support.clock import NOW
from tests.support.memory.system import MemoryClock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "mail"


@pytest.fixture
def files(folder: Path) -> FileEmailSender:
    return FileEmailSender(folder, SENDER, MemoryClock(NOW))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_file_is_named_after_message(folder: Path, files: FileEmailSender) -> None:
    files.send(make_email())
    assert names(folder) == ["message-1@leadtracker.eml"]


def test_file_is_private(folder: Path, files: FileEmailSender) -> None:
    files.send(make_email())
    assert (folder / "message-1@leadtracker.eml").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_repeated_mail_overwrites_file(folder: Path, files: FileEmailSender) -> None:
    files.send(make_email(text="first\n"))
    files.send(make_email(text="second\n"))
    (path,) = folder.iterdir()
    assert as_email(path.read_bytes()).text == "second\n"


@pytest.mark.parametrize("message_id", ["<.hidden@leadtracker>", f"<{'x' * 300}@leadtracker>"])
def test_unsafe_id_makes_safe_file_name(folder: Path, files: FileEmailSender, message_id: str) -> None:
    assert files.send(make_email(message_id=message_id)).outcome is Outcome.DELIVERED
    (name,) = names(folder)
    assert len(name) == 64 + len(".eml")


def test_invalid_address_is_rejected(folder: Path, files: FileEmailSender) -> None:
    assert files.send(make_email(recipient="Ann <ann@example.com>")).outcome is Outcome.REJECTED
    assert not folder.exists()


def test_failed_write_leaves_no_file(folder: Path, files: FileEmailSender) -> None:
    (folder / "message-1@leadtracker.eml").mkdir(parents=True)
    result = files.send(make_email())
    assert result.outcome is Outcome.NOT_SENT
    assert "ann@" not in repr(result)
    assert names(folder) == ["message-1@leadtracker.eml"]
