"""Read what happened to a lead, and write down what the staff think of it."""

from collections.abc import Mapping

from attrs import frozen

from leadtracker.domain.errors import LeadNotFound
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.field_parser import FieldParser
from leadtracker.domain.model.leads.history import Action, HistoryEntry, entry
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

MAX_NOTE_LENGTH = 5_000


@frozen(kw_only=True)
class ReadHistory:
    """Show the history of a lead."""

    _unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, lead_id: str) -> list[HistoryEntry]:
        """All entries, the oldest first; of an erased lead what is left of them.

        Raises:
            PermissionDenied: the actor may not read leads.
            LeadNotFound: there is no such lead and never was.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            entries = tx.history.of(lead_id)
        if not entries:
            raise LeadNotFound(lead_id)
        return entries


@frozen(kw_only=True)
class AddNote:
    """Write a note into the history of a lead."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self, actor: Actor, lead_id: str, raw: Mapping[str, object]) -> HistoryEntry:
        """Add the text in ``note``.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: naming every bad field.
            LeadNotFound: there is no such lead.
        """
        actor.require(Permission.LEAD_EDIT)
        note = _read_note(raw)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            noted = entry(tx.leads.get(lead_id), actor, Action.NOTE_ADDED, now, note)
            tx.history.append([noted])
            tx.commit()
        return noted


def _read_note(raw: Mapping[str, object]) -> str:
    parser = FieldParser(raw)
    note = parser.required("note", limit=MAX_NOTE_LENGTH, multiline=True)
    parser.forbid_unknown("note")
    parser.raise_if_errors()
    return note
