"""Port: the files of resumes."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.resume import KeptResume


class ResumeStore(Protocol):
    """Keeps at most one resume for each lead, to the last bit, and knows every object that may exist.

    A resume is a file with its content, or an object: then its content is in the ``ObjectStore`` and only
    the key is here. Objects come and go outside of transactions, so each key is *loose* before a resume
    takes it and after a resume has let go of it. A loose key can be taken until it is *condemned*; whatever
    a condemned key stands for may be deleted, since nothing can refer to it any more.
    """

    def put(self, lead_id: str, kept: KeptResume) -> str | None:
        """Keep the resume of a stored lead in place of the one that was there.

        Returns:
            the key that the other one had, if it was an object; it is condemned.

        Raises:
            ResumeStorageUnavailable: the key is not announced, or condemned.
        """
        ...

    def get(self, lead_id: str) -> KeptResume | None:
        """The resume of a lead, if it has one."""
        ...

    def remove(self, lead_id: str) -> str | None:
        """Remove the resume of a lead, if it has one.

        Returns:
            the key that it had, if it was an object; it is condemned.
        """
        ...

    def announce(self, key: str, until: datetime) -> None:
        """Note a loose key before anything is put there; it expires at ``until``."""
        ...

    def is_loose(self, key: str) -> bool:
        """Whether a key is known that no resume has."""
        ...

    def condemn(self, key: str) -> bool:
        """Let no resume take a loose key any more; False if it is not loose."""
        ...

    def condemn_expired(self, now: datetime) -> int:
        """Condemn all loose keys that have expired, and count them."""
        ...

    def condemned(self, limit: int) -> list[str]:
        """Some of the condemned keys."""
        ...

    def forget(self, key: str) -> None:
        """Forget a condemned key; whatever it stood for is deleted."""
        ...
