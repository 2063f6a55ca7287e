"""Port: sending e-mails."""

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
