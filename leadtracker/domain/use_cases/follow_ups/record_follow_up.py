"""Schedule the next follow-up of a lead, record a completed one, or both."""

from collections.abc import Collection, Mapping
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.fields import MAX_MESSAGE_LENGTH
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.history import Action, Change, entries_between, entry
from leadtracker.domain.model.leads.lead import ChangedLead, Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import NEVER
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import MAX_WORD_LENGTH, FieldParser
from leadtracker.domain.model.values.timestamps import format_timestamp, parse_timestamp
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.leads.answer_enquiries import (
    AnswerRemaining,
    Contact,
    answer_enquiries,
    reasoned,
)


@frozen
class _FollowUpRequest:
    due_at: datetime | None
    note: str | None
    message: str | None

    @property
    def is_done_now(self) -> bool:
        return self.message is not None or self.due_at is None

    @property
    def contact(self) -> Contact:
        return Contact.FOLLOW_UP if self.message is None else Contact.MAIL

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> "_FollowUpRequest":
        parser = FieldParser(raw)
        due_at = parser.optional("due_at", limit=MAX_WORD_LENGTH)
        request = cls(
            due_at=parser.parsed("due_at", due_at, _parse_due),
            note=parser.optional("note", limit=MAX_MESSAGE_LENGTH, multiline=True),
            message=parser.optional("message", limit=MAX_MESSAGE_LENGTH, multiline=True),
        )
        parser.forbid_unknown("due_at", "note", "message")
        parser.raise_if_errors()
        return request


@frozen(kw_only=True)
class RecordFollowUp:
    """Complete or schedule a follow-up.

    A lead has at most one scheduled follow-up: completing one completes it, scheduling another replaces it.
    Completing one means that the person was contacted: all their open enquiries become ``REACHED_OUT``.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _notifications: Notifications

    def __call__(
        self,
        actor: Actor,
        lead_id: str,
        raw: Mapping[str, object],
        expected_versions: Collection[int] | None = None,
    ) -> FollowUp:
        """Record a follow-up and return it; if one is completed and one scheduled, return the scheduled one.

        ``due_at`` schedules the next follow-up. ``message``, or a missing ``due_at``, completes one now; the
        message is mailed to the prospect. ``note`` belongs to the follow-up that is returned.

        Args:
            actor: the caller.
            lead_id: the lead's id.
            raw: the unvalidated fields ``due_at``, ``note`` and ``message``.
            expected_versions: the versions of the lead that the caller accepts; None accepts any.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: names every invalid field; also a message to a lead without an e-mail address.
            LeadNotFound: no lead has this id.
            VersionConflict: the lead has none of the expected versions.
        """
        actor.require(Permission.LEAD_EDIT)
        request = _FollowUpRequest.read(raw)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            if request.is_done_now:
                tx.leads.lock_links()
            lead = tx.leads.get(lead_id)
            lead.check_version(expected_versions)
            follow_up = self._record(tx, actor, request, lead.id, now)
            if request.message:
                self._notifications.follow_up_message(tx, lead, request.message, now)
            changes = self._change_leads(tx, actor, lead, request, now)
            tx.commit()
        answer_rest = AnswerRemaining(unit_of_work=self._unit_of_work, notifications=self._notifications)
        answer_rest(actor, changes, request.contact, now)
        return follow_up

    def _change_leads(
        self, tx: UnitOfWork, actor: Actor, lead: Lead, request: _FollowUpRequest, now: datetime
    ) -> list[ChangedLead]:
        """Store what changes about the lead, and with a contact about the other enquiries of the person."""
        changed = ChangedLead(lead, _store_next(tx, actor, lead, request, now))
        changes = [changed]
        if request.is_done_now:
            changes += answer_enquiries(tx, actor, changed.after, request.contact, now)
        for before, after in changes:
            self._notifications.lead_changed(tx, before, after)
        return changes

    def _record(
        self, tx: UnitOfWork, actor: Actor, request: _FollowUpRequest, lead_id: str, now: datetime
    ) -> FollowUp:
        scheduled = tx.follow_ups.find_open(lead_id)
        follow_up = scheduled or self._new(actor, lead_id, now)
        if request.is_done_now:
            note = None if request.due_at else request.note
            follow_up = follow_up.done(now, note, request.message)
            tx.follow_ups.save(follow_up)
        elif scheduled:
            tx.follow_ups.remove(scheduled.id)
        if request.due_at:
            follow_up = evolve(self._new(actor, lead_id, now), due_at=request.due_at, note=request.note)
            tx.follow_ups.save(follow_up)
        return follow_up

    def _new(self, actor: Actor, lead_id: str, now: datetime) -> FollowUp:
        return FollowUp(id=self._ids.new_id(now), lead_id=lead_id, created_at=now, created_by=actor.name)


def _store_next(tx: UnitOfWork, actor: Actor, lead: Lead, request: _FollowUpRequest, now: datetime) -> Lead:
    """Store the time of the next follow-up and the state after a contact, and return the lead."""
    changes: tuple[Change, ...] = ()
    stored = evolve(lead, follow_up_at=request.due_at)
    if lead.follow_up_at != request.due_at:
        changes = (Change("follow_up_at", _format(lead.follow_up_at), _format(request.due_at)),)
    if request.is_done_now and lead.state is LeadState.PENDING:
        stored = stored.with_state(LeadState.REACHED_OUT, now)
    if stored != lead:
        stored = stored.changed(now)
        tx.leads.save(stored)
    text = "\n\n".join(part for part in (request.note, request.message) if part)
    recorded = entry(stored, actor, Action.FOLLOW_UP, now, text or None)
    tx.history.append(
        [
            evolve(recorded, changes=changes),
            *reasoned(entries_between(lead, stored, actor), request.contact),
        ]
    )
    return stored


def _format(timestamp: datetime | None) -> str | None:
    return None if timestamp is None else format_timestamp(timestamp)


def _parse_due(text: str) -> datetime:
    due_at = parse_timestamp(text)
    if due_at >= NEVER:
        raise InvalidValue("too-far-ahead")
    return due_at
