"""Mailboxes: where a mail comes from or goes to."""

import re

from attrs import evolve, frozen

from leadtracker.domain.model.email_address import EmailAddress

_NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*", re.DOTALL)
_IN_PLACE_OF_A_DOMAIN = ".invalid"


@frozen
class Mailbox:
    """An address as programs write it, and the name that people see.

    Attributes:
        local: the part before the ``@``, as its owner wrote it.
        domain: a host name as lower-case A-labels; one label, such as ``localhost``, will do.
        name: anything that somebody typed; empty if there is none.
    """

    local: str
    domain: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> "Mailbox":
        """Read ``name@example.com`` or ``Name <name@example.com>``.

        Raises:
            ValueError: with a message for the person who typed it.
        """
        match = _NAMED.fullmatch(text)
        if match is None:
            return cls.at(text)
        return evolve(cls.at(match["address"]), name=match["name"].strip('"'))

    @classmethod
    def at(cls, address: str) -> "Mailbox":
        """Read an address, and nothing but that.

        Raises:
            ValueError: with a message for the person who typed it.
        """
        is_one_label = "." not in address.rpartition("@")[2]
        suffix = _IN_PLACE_OF_A_DOMAIN if is_one_label else ""
        parsed = EmailAddress.parse(address.strip() + suffix)
        local = parsed.text.rpartition("@")[0]
        return cls(local, parsed.key.rpartition("@")[2].removesuffix(suffix))

    @property
    def address(self) -> str:
        """The address alone."""
        return f"{self.local}@{self.domain}"

    @property
    def is_international(self) -> bool:
        """Whether only servers that know SMTPUTF8 (RFC 6531) can handle it."""
        return not self.local.isascii()
