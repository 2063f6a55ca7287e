"""Plan the next follow-up of a lead, or record that one was done."""

from collections.abc import Collection, Mapping
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.field_parser import MAX_WORD_LENGTH, FieldParser
from leadtracker.domain.model.leads.fields import MAX_MESSAGE_LENGTH
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.history import Action, Change, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_query import NEVER
from leadtracker.domain.model.timestamps import format_timestamp, parse_timestamp
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications


@frozen
class _FollowUpRequest:
    due_at: datetime | None
    note: str | None
    message: str | None

    @property
    def is_done_now(self) -> bool:
        return self.message is not None or self.due_at is None

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
    """Follow up now, plan to, or both.

    A follow-up that is done completes the planned one, if there is one. A new plan takes its place.
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
        """Record a follow-up and return it; the planned one if there are two.

        With ``due_at`` the next follow-up is planned. With ``message``, or without ``due_at``, one is done
        now. ``note`` belongs to the one that is returned.

        Args:
            actor: who asks.
            lead_id: which lead.
            raw: the fields named above.
            expected_versions: those of the lead that the caller is ready to change; None if any will do.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: naming every bad field.
            LeadNotFound: there is no such lead.
            VersionConflict: the lead has none of these versions.
        """
        actor.require(Permission.LEAD_EDIT)
        request = _FollowUpRequest.read(raw)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            lead = tx.leads.get(lead_id)
            lead.check_version(expected_versions)
            follow_up = self._record(tx, actor, request, lead.id, now)
            if request.message:
                self._notifications.follow_up_message(tx, lead, request.message, now)
            self._notifications.lead_changed(tx, lead, _store_next(tx, actor, lead, request, now))
            tx.commit()
        return follow_up

    def _record(
        self, tx: UnitOfWork, actor: Actor, request: _FollowUpRequest, lead_id: str, now: datetime
    ) -> FollowUp:
        planned = tx.follow_ups.find_open(lead_id)
        follow_up = planned or self._new(actor, lead_id, now)
        if request.is_done_now:
            note = None if request.due_at else request.note
            follow_up = follow_up.done(now, note, request.message)
            tx.follow_ups.save(follow_up)
        elif planned:
            tx.follow_ups.remove(planned.id)
        if request.due_at:
            follow_up = evolve(self._new(actor, lead_id, now), due_at=request.due_at, note=request.note)
            tx.follow_ups.save(follow_up)
        return follow_up

    def _new(self, actor: Actor, lead_id: str, now: datetime) -> FollowUp:
        return FollowUp(id=self._ids.new_id(now), lead_id=lead_id, created_at=now, created_by=actor.name)


def _store_next(tx: UnitOfWork, actor: Actor, lead: Lead, request: _FollowUpRequest, now: datetime) -> Lead:
    """Let the lead show its next follow-up, and its history what was recorded; the lead as it is then."""
    changes: tuple[Change, ...] = ()
    if lead.follow_up_at != request.due_at:
        changes = (Change("follow_up_at", _shown(lead.follow_up_at), _shown(request.due_at)),)
        lead = evolve(lead, follow_up_at=request.due_at).changed(now)
        tx.leads.save(lead)
    said = "\n\n".join(text for text in (request.note, request.message) if text)
    recorded = entry(lead, actor, Action.FOLLOW_UP, now, said or None)
    tx.history.append([evolve(recorded, changes=changes)])
    return lead


def _shown(timestamp: datetime | None) -> str | None:
    return None if timestamp is None else format_timestamp(timestamp)


def _parse_due(text: str) -> datetime:
    due_at = parse_timestamp(text)
    if due_at >= NEVER:
        message = "is too far in the future"
        raise ValueError(message)
    return due_at
