"""Read the history of a lead, add notes to it, and correct them."""

from collections.abc import Mapping

from attrs import evolve, frozen

from leadtracker.domain.errors import LeadNotFound, NoteNotFound, NotTheAuthor
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.history import Action, Change, HistoryEntry, current_notes, entry
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
            tx.history.append([entry(tx.leads.get(lead_id), actor, Action.NOTE_ADDED, now, note)])
            added = tx.history.of(lead_id)[-1]
            tx.commit()
        return added


@frozen(kw_only=True)
class CorrectNote:
    """Correct the text of a note; the history keeps the earlier text."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self, actor: Actor, lead_id: str, note_id: int, raw: Mapping[str, object]) -> HistoryEntry:
        """Correct a note, and return the history entry that holds its current text.

        Args:
            actor: the caller.
            lead_id: the lead's id.
            note_id: the number of the note's entry in the history.
            raw: the unvalidated field ``note``, the new text; the present one again changes nothing.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: names every invalid field.
            LeadNotFound: no lead has this id.
            NoteNotFound: the lead has no note with this id.
            NotTheAuthor: another actor wrote the note.
        """
        actor.require(Permission.LEAD_EDIT)
        text = _read_note(raw)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            lead = tx.leads.get(lead_id)
            current = current_notes(tx.history.of(lead_id)).get(note_id)
            if current is None:
                raise NoteNotFound(str(note_id))
            if current.actor != actor.name:
                raise NotTheAuthor(current.actor)
            if current.note == text:
                return current
            corrected = entry(lead, actor, Action.NOTE_CORRECTED, now, text)
            change = Change("note", current.note, text)
            tx.history.append([evolve(corrected, changes=(change,), corrects=note_id)])
            stored = tx.history.of(lead_id)[-1]
            tx.commit()
        return stored


def _read_note(raw: Mapping[str, object]) -> str:
    parser = FieldParser(raw)
    note = parser.required("note", limit=MAX_NOTE_LENGTH, multiline=True)
    parser.forbid_unknown("note")
    parser.raise_if_errors()
    return note
