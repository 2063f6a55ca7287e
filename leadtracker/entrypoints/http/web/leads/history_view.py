"""The history of a lead as its page shows it, latest entry first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from attrs import frozen

from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.intake.quarantined_lead import QuarantineReason
from leadtracker.domain.model.leads.history import Action, Change, HistoryEntry, current_notes
from leadtracker.domain.model.values.timestamps import parse_timestamp
from leadtracker.domain.use_cases.leads.answer_enquiries import Contact
from leadtracker.entrypoints.formats.labels import field_label, label
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_NOTE_VALUES: Mapping[Action, type[StrEnum]] = MappingProxyType(
    {Action.MAIL_SENT: DeliveryKind, Action.RELEASED: QuarantineReason}
)
"""The enums of notes that are values of an enum, by action."""

_CONTACTS: Mapping[str, str] = MappingProxyType(
    {
        Contact.MAIL: mark("A mail was sent to the prospect."),
        Contact.FOLLOW_UP: mark("A follow-up was done."),
        Contact.STATE_CHANGE: mark("The state of another enquiry of this person was changed."),
    }
)
"""The notes of changes that a contact has caused."""


@frozen
class ChangeView:
    """A changed field with its label; the values of a time are timestamps, which the template formats."""

    field: str
    label: str
    before: str | datetime | None
    after: str | datetime | None


@frozen
class HistoryEvent:
    """A history entry with the label of its action, its changes, and its note.

    Attributes:
        correctable: the current text of a note that the user may correct; None for all others.
    """

    entry: HistoryEntry
    label: str
    changes: tuple[ChangeView, ...]
    note: str | None
    correctable: str | None = None


def history_view(entries: Sequence[HistoryEntry], author: str | None = None) -> list[HistoryEvent]:
    """Return the events of a history, which is ordered oldest first, in reverse order.

    Args:
        entries: the history.
        author: the name of the actor whose own notes can be corrected; None for none.
    """
    texts = {number: one.note for number, one in current_notes(entries).items() if one.actor == author}
    events = [
        HistoryEvent(
            entry,
            _label(entry),
            tuple(map(_change_view, entry.changes)),
            _note(entry),
            texts.get(entry.number or 0),
        )
        for entry in entries
    ]
    return events[::-1]


def scheduled_note(entries: Iterable[HistoryEntry]) -> str | None:
    """Return the note of the next follow-up of a lead that has one.

    The latest entry about follow-ups scheduled it: after a completed one, no follow-up would be scheduled.
    """
    notes = [entry.note for entry in entries if entry.action is Action.FOLLOW_UP]
    return notes[-1] if notes else None


def _label(entry: HistoryEntry) -> str:
    is_scheduled = entry.action is Action.FOLLOW_UP and any(change.after for change in entry.changes)
    return _("Follow-up scheduled") if is_scheduled else label(entry.action)


def _note(entry: HistoryEntry) -> str | None:
    values = _NOTE_VALUES.get(entry.action)
    if values and entry.note and entry.note in set(values):
        return label(values(entry.note))
    if entry.action is Action.STATE_CHANGED and entry.note and entry.note in _CONTACTS:
        return _(_CONTACTS[entry.note])
    return entry.note


def _change_view(change: Change) -> ChangeView:
    before, after = (_value(change.field, value) for value in (change.before, change.after))
    return ChangeView(change.field, field_label(change.field), before, after)


def _value(field: str, value: str | None) -> str | datetime | None:
    return parse_timestamp(value) if value and field == "follow_up_at" else value
