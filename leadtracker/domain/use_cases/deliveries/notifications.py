"""Enqueue the deliveries that an event causes, in the transaction that stores the event.

This file is the one table of events: each method is an event, and its body lists the channels that carry it.
A new channel that posts events to URLs needs no line here, because every endpoint receives every lead event.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.accounts.account import User, user_name_of
from leadtracker.domain.model.accounts.account_change import AccountChange, AccountNotice
from leadtracker.domain.model.accounts.account_link import AccountLink
from leadtracker.domain.model.deliveries.delivery import (
    ACKNOWLEDGED_FOR,
    Delivery,
    DeliveryKind,
)
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, event_body, events_between
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.reports.silent_source import SilentSource
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.ports.system import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork

SEVERAL = "several"
"""The text of a mail about the assignment of several leads."""

NO_RECIPIENT = EmailAddress("", "")
"""In place of the recipient of a notification that is for the owner of its lead only."""


@frozen(kw_only=True)
class Notifications:
    """Store one pending delivery for each recipient of an event; the scheduler sends them later.

    Args:
        ids: makes the ids of deliveries.
        notify: addresses that are mailed about new leads and due follow-ups of no reachable owner, and that
            get the digest of all leads.
        report_to: addresses that are mailed about each sealed week and about silent sources; None for those
            of the enabled admins.
        endpoints: URLs that receive lead events, of every channel; those that are disabled receive none.
    """

    _ids: IdSource
    _notify: tuple[EmailAddress, ...]
    _endpoints: tuple[WebhookEndpoint, ...]
    _report_to: tuple[EmailAddress, ...] | None = None

    def lead_created(self, tx: UnitOfWork, lead: Lead, now: datetime, *, sends_mail: bool = True) -> None:
        """Acknowledge a new lead to the prospect, notify the users, and publish ``lead.created``.

        Without ``sends_mail`` nothing is mailed, and the acknowledgement is stored as cancelled, so that
        everyone can see that it was not sent on purpose.
        """
        if sends_mail:
            self._mail_about_new(tx, lead, now)
        elif lead.email:
            tx.deliveries.add([self._acknowledgement(lead, lead.email, now).cancelled()])
        if self._endpoints:
            # Only the stored lead shows whether the store has linked it to a primary lead.
            self._publish(tx, DeliveryKind.LEAD_CREATED, lead_payload(tx.leads.get(lead.id)), now)

    def lead_imported(self, tx: UnitOfWork, lead: Lead, now: datetime) -> None:
        """Acknowledge an imported lead to the prospect, and notify the users; publish no event."""
        self._mail_about_new(tx, lead, now)

    def _mail_about_new(self, tx: UnitOfWork, lead: Lead, now: datetime) -> None:
        """Mail the prospect, if there is an e-mail address, and the owner of the lead, else the users."""
        if lead.email:
            tx.deliveries.acknowledge(self._acknowledgement(lead, lead.email, now), now - ACKNOWLEDGED_FOR)
        # Only the store knows the owner, whom an assignment or the primary lead may have given.
        kind = DeliveryKind.NOTIFICATION
        tx.deliveries.notify(
            [self._mail(kind, address, lead.id, now) for address in self._notify]
            or [self._mail(kind, NO_RECIPIENT, lead.id, now)]
        )

    def _acknowledgement(self, lead: Lead, address: EmailAddress, now: datetime) -> Delivery:
        return self._mail(DeliveryKind.ACKNOWLEDGEMENT, address, lead.id, now)

    def lead_changed(self, tx: UnitOfWork, before: Lead, after: Lead) -> None:
        """Publish the differences between two versions of a lead."""
        if self._endpoints:
            for kind, data in events_between(before, after):
                self._publish(tx, kind, data, after.updated_at)

    def assigned(
        self, tx: UnitOfWork, lead: Lead, actor: Actor, now: datetime, *, is_one_of_many: bool = False
    ) -> None:
        """Mail the new owner of a lead, if that is another user than the actor and can be reached.

        Args:
            tx: the unit of work of the change.
            lead: the lead after the change.
            actor: the user or client that has changed it.
            now: when.
            is_one_of_many: true if the actor gives several leads to the owner, which one mail reports.
        """
        if lead.owner is None or lead.owner == user_name_of(actor.name):
            return
        owner = reachable_owner(tx, lead)
        if owner is not None:
            mail = self._mail(DeliveryKind.ASSIGNMENT, owner, lead.id, now)
            tx.deliveries.add([evolve(mail, text=SEVERAL if is_one_of_many else None)])

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
        self,
        tx: UnitOfWork,
        follow_up: FollowUp,
        owner: EmailAddress | None,
        creator: EmailAddress | None,
        now: datetime,
    ) -> int:
        """Mail a reminder to the owner of the lead; else to each notified address and the creator.

        Args:
            tx: the unit of work that marks the follow-up as reminded.
            follow_up: what is due.
            owner: the address of the owner of the lead; None if there is none who can be reached.
            creator: the address of the user who scheduled the follow-up, likewise.
            now: when it is due.

        Returns:
            The number of mails; an address that occurs twice gets one.
        """
        recipients = [owner] if owner else _unique([*self._notify, *([creator] if creator else [])])
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

    def digest_of_owner(self, tx: UnitOfWork, owner: User, now: datetime) -> int:
        """Mail a digest of the own leads to a user, and return the number of mails.

        A user who is notified of all leads gets only the digest of those.
        """
        address = owner.reachable_at
        if address is None or address.key in {one.key for one in self._notify}:
            return 0
        mail = self._mail(DeliveryKind.DIGEST, address, None, now)
        tx.deliveries.add([evolve(mail, text=owner.name)])
        return 1

    def account_link(self, tx: UnitOfWork, link: AccountLink, recipient: EmailAddress, now: datetime) -> None:
        """Mail a link to choose a password to its user; the text of the mail is the id of the link."""
        mail = self._mail(DeliveryKind(link.purpose.value), recipient, None, now)
        tx.deliveries.add([evolve(mail, text=link.id)])

    def account_changed(self, tx: UnitOfWork, user: User, change: AccountChange, now: datetime) -> None:
        """Mail a change of credentials to the address that the user had before it, if there is one."""
        if user.reachable_at is not None:
            mail = self._mail(DeliveryKind.ACCOUNT_CHANGE, user.reachable_at, None, now)
            tx.deliveries.add([evolve(mail, text=AccountNotice(change, user.name).as_text())])

    def week_sealed(self, tx: UnitOfWork, report: WeeklyReport, now: datetime) -> int:
        """Mail a sealed week to each recipient of reports, and return the number of mails."""
        return self._report(tx, DeliveryKind.WEEKLY_REPORT, report.week.name, now)

    def source_silent(self, tx: UnitOfWork, silent: SilentSource, now: datetime) -> int:
        """Mail that a source is silent to each recipient of reports, and return the number of mails."""
        return self._report(tx, DeliveryKind.SILENCE_ALERT, silent.source or "", now)

    def canary(self, tx: UnitOfWork, recipient: EmailAddress, now: datetime) -> str:
        """Acknowledge the canary to the operator's address, and return the id of the delivery."""
        mail = self._mail(DeliveryKind.ACKNOWLEDGEMENT, recipient, None, now)
        tx.deliveries.add([mail])
        return mail.id

    def _report(self, tx: UnitOfWork, kind: DeliveryKind, text: str, now: datetime) -> int:
        recipients = self._report_to
        if recipients is None:
            admins = (admin.reachable_at for admin in tx.users.enabled_admins())
            recipients = tuple(address for address in admins if address is not None)
        mails = [self._mail(kind, address, None, now) for address in _unique(recipients)]
        tx.deliveries.add(evolve(mail, text=text) for mail in mails)
        return len(mails)

    def _mail(
        self, kind: DeliveryKind, recipient: EmailAddress, lead_id: str | None, now: datetime
    ) -> Delivery:
        return Delivery.mail(self._ids.new_id(now), kind, recipient, now, lead_id)

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


def reachable_owner(tx: UnitOfWork, lead: Lead) -> EmailAddress | None:
    """Return the address of the owner of a lead; None if there is none who can be reached."""
    owner = None if lead.owner is None else tx.users.find(lead.owner)
    return None if owner is None else owner.reachable_at


def _unique(addresses: Iterable[EmailAddress]) -> list[EmailAddress]:
    """Drop addresses that differ from an earlier one in spelling only."""
    by_key: dict[str, EmailAddress] = {}
    for address in addresses:
        by_key.setdefault(address.key, address)
    return list(by_key.values())
