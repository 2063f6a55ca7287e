"""E-mails as they are sent, and mailboxes: their senders and recipients (RFC 5322)."""

import re

from attrs import evolve, frozen

from leadtracker.domain.model.values.email_address import EmailAddress

_NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*", re.DOTALL)
_IN_PLACE_OF_A_DOMAIN = ".invalid"


@frozen(kw_only=True)
class Email:
    """One e-mail to one recipient; its texts may contain any user input.

    Attributes:
        message_id: with its angle brackets; the same on every attempt.
        subject: one line; the adapter that sends it must encode control characters.
        html: the same content as ``text``.
        reply_to: the address to which a reply goes; None for the sender's.
    """

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    reply_to: str | None = None


@frozen
class Mailbox:
    """An e-mail address with an optional display name.

    Attributes:
        local: the part before the ``@``, as its owner wrote it.
        domain: a host name as lower-case A-labels; a single label, such as ``localhost``, is allowed.
        name: the display name, any text; empty without one.
    """

    local: str
    domain: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> "Mailbox":
        """Parse ``name@example.com`` or ``Name <name@example.com>``.

        Raises:
            ValueError: the text is neither; the message is for its author.
        """
        match = _NAMED.fullmatch(text)
        if match is None:
            return cls.at(text)
        return evolve(cls.at(match["address"]), name=match["name"].strip('"'))

    @classmethod
    def at(cls, address: str) -> "Mailbox":
        """Parse an address without a display name.

        Raises:
            ValueError: the text is no address; the message is for its author.
        """
        is_one_label = "." not in address.rpartition("@")[2]
        suffix = _IN_PLACE_OF_A_DOMAIN if is_one_label else ""
        parsed = EmailAddress.parse(address.strip() + suffix)
        local = parsed.text.rpartition("@")[0]
        return cls(local, parsed.key.rpartition("@")[2].removesuffix(suffix))

    @property
    def address(self) -> str:
        """The address without the display name."""
        return f"{self.local}@{self.domain}"

    @property
    def is_international(self) -> bool:
        """True if the address needs a server with SMTPUTF8 (RFC 6531)."""
        return not self.local.isascii()
