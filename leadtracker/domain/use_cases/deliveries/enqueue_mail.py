"""Which mails there are; enqueued in the transaction that stores what causes them."""

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.deliveries.delivery import ACKNOWLEDGED_FOR, Delivery, DeliveryKind
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork


@frozen
class EnqueueMail:
    """Puts messages into the outbox.

    Attributes:
        notify: the staff who are told of each new lead, reminded, and get the digest.
    """

    _ids: IdSource
    _notify: tuple[EmailAddress, ...]

    def for_new(self, tx: UnitOfWork, lead: Lead, now: datetime) -> None:
        """Acknowledge a new lead to its sender, and tell the staff."""
        acknowledgement = self._delivery(DeliveryKind.ACKNOWLEDGEMENT, lead.email, lead.id, now)
        tx.deliveries.acknowledge(acknowledgement, now - ACKNOWLEDGED_FOR)
        tx.deliveries.add(
            self._delivery(DeliveryKind.NOTIFICATION, address, lead.id, now) for address in self._notify
        )

    def follow_up(self, tx: UnitOfWork, lead: Lead, text: str, now: datetime) -> None:
        """Tell a prospect something."""
        delivery = self._delivery(DeliveryKind.FOLLOW_UP, lead.email, lead.id, now)
        tx.deliveries.add([evolve(delivery, text=text)])

    def reminders(
        self, tx: UnitOfWork, follow_up: FollowUp, planner: EmailAddress | None, now: datetime
    ) -> int:
        """Remind the staff and whoever planned the follow-up, nobody twice, and count the mails."""
        recipients = _each_once([*self._notify, *([planner] if planner else [])])
        deliveries = [
            self._delivery(DeliveryKind.REMINDER, address, follow_up.lead_id, now) for address in recipients
        ]
        tx.deliveries.add(evolve(delivery, follow_up_id=follow_up.id) for delivery in deliveries)
        return len(deliveries)

    def digest(self, tx: UnitOfWork, now: datetime) -> int:
        """Tell the staff what waits for them, nobody twice, and count the mails."""
        recipients = _each_once(self._notify)
        tx.deliveries.add(self._delivery(DeliveryKind.DIGEST, address, None, now) for address in recipients)
        return len(recipients)

    def _delivery(
        self, kind: DeliveryKind, recipient: EmailAddress, lead_id: str | None, now: datetime
    ) -> Delivery:
        return Delivery(
            id=self._ids.new_id(now),
            kind=kind,
            recipient=recipient.text,
            recipient_key=recipient.key,
            lead_id=lead_id,
            created_at=now,
            due_at=now,
        )


def _each_once(addresses: Iterable[EmailAddress]) -> list[EmailAddress]:
    """The addresses without those that are spelled another way before."""
    by_key: dict[str, EmailAddress] = {}
    for address in addresses:
        by_key.setdefault(address.key, address)
    return list(by_key.values())
