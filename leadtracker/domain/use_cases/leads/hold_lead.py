"""Set and clear legal holds, which keep leads from being erased."""

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.field_parser import FieldParser
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

MAX_REASON_LENGTH = 500


@frozen(kw_only=True)
class HoldLead:
    """Set or clear the legal hold of a lead; recorded in its history and in the audit log."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def set(self, actor: Actor, lead_id: str, raw: Mapping[str, object]) -> Lead:
        """Put a lead on legal hold, for the text of the field ``reason``; another reason replaces the first.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: names every invalid field.
            LeadNotFound: no lead has this id.
        """
        actor.require(Permission.LEAD_EDIT)
        parser = FieldParser(raw)
        reason = parser.required("reason", limit=MAX_REASON_LENGTH)
        parser.forbid_unknown("reason")
        parser.raise_if_errors()
        return self._store(actor, lead_id, reason)

    def clear(self, actor: Actor, lead_id: str) -> Lead:
        """Clear the legal hold of a lead, so that it can be erased; nothing changes without one.

        Raises:
            PermissionDenied: the actor may not edit leads.
            LeadNotFound: no lead has this id.
        """
        actor.require(Permission.LEAD_EDIT)
        return self._store(actor, lead_id, None)

    def _store(self, actor: Actor, lead_id: str, reason: str | None) -> Lead:
        now = self._clock.now()
        with self._unit_of_work() as tx:
            lead = tx.leads.get(lead_id)
            if lead.hold == reason:
                return lead
            held = evolve(lead, hold=reason)
            tx.leads.set_hold(lead_id, reason)
            _record(tx, actor, held, now)
            tx.commit()
        return held


def _record(tx: UnitOfWork, actor: Actor, lead: Lead, now: datetime) -> None:
    is_set = lead.hold is not None
    action = Action.HOLD_SET if is_set else Action.HOLD_CLEARED
    tx.history.append([entry(lead, actor, action, now, lead.hold)])
    audited = AuditAction.HOLD_SET if is_set else AuditAction.HOLD_CLEARED
    tx.audit_log.append(AuditRecord.by(actor, audited, now, lead.id))
