"""Port: recognising phone numbers."""

from typing import Protocol


class PhoneParser(Protocol):
    """Knows the world's numbering plans."""

    def to_e164(self, text: str) -> str | None:
        """The number in E.164, or None if ``text`` is not wholly and surely one."""
        ...
