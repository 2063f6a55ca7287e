"""Mailboxes: who a mail comes from or goes to."""

import pytest

from leadtracker.domain.model.deliveries.email import Mailbox


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("ann@example.com", Mailbox("ann", "example.com")),
        (" Ann.Lee@Example.COM ", Mailbox("Ann.Lee", "example.com")),
        ("leadtracker@localhost", Mailbox("leadtracker", "localhost")),
        ("zoë@bücher.example", Mailbox("zoë", "xn--bcher-kva.example")),
        ("<ann@example.com>", Mailbox("ann", "example.com")),
        ("Lee & Sons <ann@example.com>", Mailbox("ann", "example.com", "Lee & Sons")),
        ('"Lee, Ann" <ann@localhost>', Mailbox("ann", "localhost", "Lee, Ann")),
    ],
)
def test_address_with_or_without_a_name(text: str, mailbox: Mailbox) -> None:
    assert Mailbox.parse(text) == mailbox


@pytest.mark.parametrize(
    "text", ["", "ann", "@", "ann@", "@localhost", "a@b@c", "a b@localhost", "Ann <>", "<a@b.c", "a@b.c\nx"]
)
def test_invalid_mailboxes_are_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="must be an e-mail address"):
        Mailbox.parse(text)


def test_name_can_be_forbidden() -> None:
    with pytest.raises(ValueError, match="must be an e-mail address"):
        Mailbox.at("Ann <ann@example.com>")


@pytest.mark.parametrize(
    ("text", "is_international"), [("ann@bücher.example", False), ("zoë@example.com", True)]
)
def test_only_local_part_needs_smtputf8(text: str, *, is_international: bool) -> None:
    mailbox = Mailbox.at(text)
    assert mailbox.is_international is is_international
    assert mailbox.address.isascii() is not is_international
