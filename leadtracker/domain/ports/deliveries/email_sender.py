"""Port: the way mails go."""

from typing import Protocol

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.email import Email


class EmailSender(Protocol):
    """Hands mails to whoever brings them to their recipients."""

    def send(self, email: Email) -> DeliveryResult:
        """Try once, within 30 seconds, and say how it went; whatever goes wrong outside is an outcome.

        ``DELIVERED`` means that the next server has taken over; ``REJECTED`` that it never will (5xx);
        ``RETRY`` that it may later (4xx); ``NOT_SENT`` that nothing could be sent; ``UNKNOWN`` that the
        connection was lost when the mail may have been taken already.
        """
        ...

    def close(self) -> None:
        """Let go of what is kept between mails; another mail may follow all the same."""
        ...
