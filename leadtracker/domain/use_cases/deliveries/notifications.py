"""Enqueue the deliveries that an event causes, in the transaction that stores the event.

This file is the one table of events: each method is an event, and its body lists the channels that carry it.
A new channel that posts events to URLs needs no line here, because every endpoint receives every lead event.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.deliveries.delivery import ACKNOWLEDGED_FOR, Channel, Delivery, DeliveryKind
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, event_body, events_between
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.ports.system import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork


@frozen(kw_only=True)
class Notifications:
    """Store one pending delivery for each recipient of an event; the scheduler sends them later.

    Args:
        ids: makes the ids of deliveries.
        notify: addresses that are mailed about each new lead, due follow-ups and the digest.
        endpoints: URLs that receive lead events, of every channel; those that are disabled receive none.
    """

    _ids: IdSource
    _notify: tuple[EmailAddress, ...]
    _endpoints: tuple[WebhookEndpoint, ...]

    def lead_created(self, tx: UnitOfWork, lead: Lead, now: datetime, *, sends_mail: bool = True) -> None:
        """Acknowledge a new lead to the prospect, notify the users, and publish ``lead.created``.

        Without ``sends_mail`` nothing is mailed, and the acknowledgement is stored as cancelled, so that
        everyone can see that it was not sent on purpose.
        """
        if sends_mail:
            self.lead_imported(tx, lead, now)
        elif lead.email:
            tx.deliveries.add([self._acknowledgement(lead, lead.email, now).cancelled()])
        if self._endpoints:
            # Only the stored lead shows whether the store has linked it to a primary lead.
            self._publish(tx, DeliveryKind.LEAD_CREATED, lead_payload(tx.leads.get(lead.id)), now)

    def lead_imported(self, tx: UnitOfWork, lead: Lead, now: datetime) -> None:
        """Acknowledge an imported lead to the prospect, if by e-mail, and notify the users.

        Endpoints receive nothing.
        """
        if lead.email:
            tx.deliveries.acknowledge(self._acknowledgement(lead, lead.email, now), now - ACKNOWLEDGED_FOR)
        tx.deliveries.add(
            self._mail(DeliveryKind.NOTIFICATION, address, lead.id, now) for address in self._notify
        )

    def _acknowledgement(self, lead: Lead, address: EmailAddress, now: datetime) -> Delivery:
        return self._mail(DeliveryKind.ACKNOWLEDGEMENT, address, lead.id, now)

    def lead_changed(self, tx: UnitOfWork, before: Lead, after: Lead) -> None:
        """Publish the differences between two versions of a lead."""
        if self._endpoints:
            for kind, data in events_between(before, after):
                self._publish(tx, kind, data, after.updated_at)

    def lead_erased(self, tx: UnitOfWork, lead_id: str, now: datetime) -> None:
        """Publish the erasure of a lead, with nothing but its id.

        Call it after the lead's earlier deliveries are erased, because erasing them would erase this one.
        """
        if self._endpoints:
            self._publish(tx, DeliveryKind.LEAD_ERASED, {"id": lead_id}, now)

    def follow_up_message(self, tx: UnitOfWork, lead: Lead, text: str, now: datetime) -> None:
        """Mail the text that a user wrote to the prospect.

        Raises:
            InvalidInput: the lead has no e-mail address.
        """
        if lead.email is None:
            raise InvalidInput([field_error("message", InvalidValue("no-mail-address"))])
        delivery = self._mail(DeliveryKind.FOLLOW_UP, lead.email, lead.id, now)
        tx.deliveries.add([evolve(delivery, text=text)])

    def follow_up_due(
        self, tx: UnitOfWork, follow_up: FollowUp, planner: EmailAddress | None, now: datetime
    ) -> int:
        """Mail a reminder to each notified address and to the user who planned the follow-up.

        Returns:
            The number of mails; an address that occurs twice gets one.
        """
        recipients = _unique([*self._notify, *([planner] if planner else [])])
        reminders = [
            self._mail(DeliveryKind.REMINDER, address, follow_up.lead_id, now) for address in recipients
        ]
        tx.deliveries.add(evolve(reminder, follow_up_id=follow_up.id) for reminder in reminders)
        return len(reminders)

    def digest(self, tx: UnitOfWork, now: datetime) -> int:
        """Mail the daily digest to each notified address, and return the number of mails."""
        recipients = _unique(self._notify)
        tx.deliveries.add(self._mail(DeliveryKind.DIGEST, address, None, now) for address in recipients)
        return len(recipients)

    def _mail(
        self, kind: DeliveryKind, recipient: EmailAddress, lead_id: str | None, now: datetime
    ) -> Delivery:
        return Delivery(
            id=self._ids.new_id(now),
            kind=kind,
            channel=Channel.MAIL,
            recipient=recipient.text,
            recipient_key=recipient.key,
            lead_id=lead_id,
            created_at=now,
            due_at=now,
        )

    def _publish(self, tx: UnitOfWork, kind: DeliveryKind, data: Mapping[str, object], now: datetime) -> None:
        """Store one delivery of an event for each endpoint that is not disabled."""
        disabled = tx.disabled_endpoints.all()
        body = event_body(kind, data, now)
        tx.deliveries.add(
            Delivery(
                id=self._ids.new_id(now),
                kind=kind,
                channel=endpoint.channel,
                recipient=endpoint.origin,
                recipient_key=endpoint.key,
                lead_id=str(data["id"]),
                text=body,
                created_at=now,
                due_at=now,
            )
            for endpoint in self._endpoints
            if endpoint.key not in disabled
        )


def _unique(addresses: Iterable[EmailAddress]) -> list[EmailAddress]:
    """Drop addresses that differ from an earlier one in spelling only."""
    by_key: dict[str, EmailAddress] = {}
    for address in addresses:
        by_key.setdefault(address.key, address)
    return list(by_key.values())
