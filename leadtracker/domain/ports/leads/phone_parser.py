"""Port: recognition of phone numbers."""

from typing import Protocol


class PhoneParser(Protocol):
    """Recognises phone numbers by the numbering plans of all countries."""

    def to_e164(self, text: str) -> str | None:
        """Return the number in E.164; None unless all of ``text`` is certainly a phone number."""
        ...
