"""Port: how many mails of each budget were sent in its current window."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.deliveries.delivery import DeliveryKind


class MailBudgets(Protocol):
    """Counts mails for all schedulers together, so that more schedulers do not send more."""

    def take(self, budget: str, window_start: datetime, limit: int) -> bool:
        """Count one mail, unless ``limit`` were counted in this window.

        Args:
            budget: the name of the budget. It keeps the count of one window only.
            window_start: when the current window of the budget began.
            limit: the most mails in one window.

        Returns:
            False if the limit is reached; nothing was counted then.
        """
        ...

    def postpone(
        self, now: datetime, until: datetime, kind: DeliveryKind, recipient_key: str | None = None
    ) -> None:
        """Let the mails of a kind that wait and are due, to a recipient or to all, wait until ``until``.

        Mails that other units of work have locked are skipped.
        """
        ...
