"""Read the history of a lead, and add notes to it."""

from collections.abc import Mapping

from attrs import frozen

from leadtracker.domain.errors import LeadNotFound
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.history import Action, HistoryEntry, entry
from leadtracker.domain.model.values.field_parser import FieldParser
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

MAX_NOTE_LENGTH = 5_000


@frozen(kw_only=True)
class ReadHistory:
    """Return the history of a lead."""

    _unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, lead_id: str) -> list[HistoryEntry]:
        """Return all entries, oldest first; those of an erased lead are redacted.

        Raises:
            PermissionDenied: the actor may not read leads.
            LeadNotFound: no lead has, or ever had, this id.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            entries = tx.history.of(lead_id)
        if not entries:
            raise LeadNotFound(lead_id)
        return entries


@frozen(kw_only=True)
class AddNote:
    """Add a note to the history of a lead."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self, actor: Actor, lead_id: str, raw: Mapping[str, object]) -> HistoryEntry:
        """Add the text of the field ``note`` and return the history entry.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: names every invalid field.
            LeadNotFound: no lead has this id.
        """
        actor.require(Permission.LEAD_EDIT)
        note = _read_note(raw)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            added = entry(tx.leads.get(lead_id), actor, Action.NOTE_ADDED, now, note)
            tx.history.append([added])
            tx.commit()
        return added


def _read_note(raw: Mapping[str, object]) -> str:
    parser = FieldParser(raw)
    note = parser.required("note", limit=MAX_NOTE_LENGTH, multiline=True)
    parser.forbid_unknown("note")
    parser.raise_if_errors()
    return note
