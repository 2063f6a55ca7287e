"""Ports: sending e-mails, and those that an installation without a mail server has kept as files."""

from collections.abc import Iterable
from typing import Protocol

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.email import Email


class EmailSender(Protocol):
    """Sends e-mails through a mail server, or writes them to files."""

    def send(self, email: Email) -> DeliveryResult:
        """Make one attempt of at most 30 seconds; every external failure is an outcome, not an exception.

        Returns:
            ``DELIVERED`` if the server has accepted the e-mail, ``REJECTED`` if it never will (5xx),
            ``RETRY`` if it may later (4xx), ``NOT_SENT`` if nothing could be sent, and ``UNKNOWN`` if the
            connection was lost after the server may have accepted the e-mail.
        """
        ...

    def close(self) -> None:
        """Close the connection that is kept between e-mails; ``send`` may still be called afterwards."""
        ...


class KeptMails(Protocol):
    """E-mails that were written instead of sent, also by an installation that has a mail server now."""

    def erase(self, delivery_ids: Iterable[str]) -> None:
        """Delete the e-mails of these deliveries; those that were not kept are no error.

        Raises:
            StorageUnavailable: an e-mail cannot be deleted.
        """
        ...

    def erase_naming(self, lead_id: str, delivery_ids: Iterable[str]) -> None:
        """Delete those of these e-mails that link to a lead, such as a digest that lists it.

        Raises:
            StorageUnavailable: an e-mail cannot be read or deleted.
        """
        ...
