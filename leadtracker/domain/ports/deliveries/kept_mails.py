"""Port: the e-mails that an installation without a mail server has kept as files."""

from collections.abc import Iterable
from typing import Protocol


class KeptMails(Protocol):
    """E-mails that were written instead of sent, also by an installation that has a mail server now."""

    def erase(self, delivery_ids: Iterable[str]) -> None:
        """Delete the e-mails of these deliveries; those that were not kept are no error.

        Raises:
            StorageUnavailable: an e-mail cannot be deleted.
        """
        ...
