"""Hold back mails that anyone can cause by the public form, so that it cannot be used to flood people."""

from datetime import datetime, timedelta

from attrs import evolve, frozen

from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind
from leadtracker.domain.model.values.timestamps import start_of_window
from leadtracker.domain.ports.system import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork

HOUR = timedelta(hours=1)
"""The window of acknowledgements and of single notifications."""

BUNDLE_WINDOW = timedelta(minutes=10)
"""Above the limit of single notifications, a recipient gets one bundle within this time."""

MAX_BUNDLED = 200
"""The maximum number of leads in one bundle."""

_ACKNOWLEDGEMENTS = "acknowledgements"


@frozen(kw_only=True)
class MailBudget:
    """Decide whether a mail that is due is sent now, waits, or is bundled with others.

    Acknowledgements go to strangers and have one limit for all together; above it they wait for the next
    hour. Notifications have a limit for each recipient; above it, those that are due are reported by one
    mail. Retries are never held back, because they have been counted.

    Args:
        acknowledgements_per_hour: 0 for no limit.
        notifications_per_hour: for each recipient; 0 for no limit.
    """

    _ids: IdSource
    _acknowledgements_per_hour: int
    _notifications_per_hour: int

    def admit(self, tx: UnitOfWork, due: Delivery, now: datetime) -> Delivery | None:
        """Return the mail to send instead of ``due``, which may be the same; None after it was postponed."""
        if due.attempts:
            return due
        if due.kind is DeliveryKind.ACKNOWLEDGEMENT and self._acknowledgements_per_hour:
            return self._admit_acknowledgement(tx, due, now)
        if due.kind is DeliveryKind.NOTIFICATION and self._notifications_per_hour:
            return self._admit_notification(tx, due, now)
        return due

    def _admit_acknowledgement(self, tx: UnitOfWork, due: Delivery, now: datetime) -> Delivery | None:
        window = start_of_window(now, HOUR)
        if tx.mail_budgets.take(_ACKNOWLEDGEMENTS, window, self._acknowledgements_per_hour):
            return due
        tx.mail_budgets.postpone(now, window + HOUR, due.kind)
        return None

    def _admit_notification(self, tx: UnitOfWork, due: Delivery, now: datetime) -> Delivery | None:
        budget = f"notifications {due.recipient_key}"
        if tx.mail_budgets.take(budget, start_of_window(now, HOUR), self._notifications_per_hour):
            return due
        window = start_of_window(now, BUNDLE_WINDOW)
        if tx.mail_budgets.take(f"bundles {due.recipient_key}", window, 1):
            return self._bundle(tx, due, now)
        tx.mail_budgets.postpone(now, window + BUNDLE_WINDOW, due.kind, due.recipient_key)
        return None

    def _bundle(self, tx: UnitOfWork, due: Delivery, now: datetime) -> Delivery:
        """Replace the notifications that are due by one mail, or return ``due`` if there is no other."""
        found = tx.deliveries.find_due_of_kind(now, due.kind, due.recipient_key, MAX_BUNDLED)
        if len(found) < 2:  # noqa: PLR2004 - one is no bundle
            return due
        for one in found:
            tx.deliveries.replace(evolve(one.cancelled(), epoch=one.epoch + 1), epoch=one.epoch)
        bundle = Delivery(
            id=self._ids.new_id(now),
            kind=DeliveryKind.NOTIFICATION_BUNDLE,
            channel=due.channel,
            recipient=due.recipient,
            recipient_key=due.recipient_key,
            lead_id=None,
            text="\n".join(one.lead_id for one in found if one.lead_id is not None),
            created_at=now,
            due_at=now,
        )
        tx.deliveries.add([bundle])
        return bundle
