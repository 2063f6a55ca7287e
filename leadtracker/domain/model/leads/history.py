"""The history of a lead: an append-only list of events, each with its time and actor."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME
from leadtracker.domain.model.leads.inputs.inputs import Inputs
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.timestamps import check_utc


class Action(StrEnum):
    """The kinds of events in a lead's history."""

    CREATED = "created"
    """The lead was submitted or entered."""
    IMPORTED = "imported"
    """The lead came from a file."""
    EDITED = "edited"
    """Fields changed, with their values before and after."""
    STATE_CHANGED = "state_changed"
    """The state changed."""
    OWNER_CHANGED = "owner_changed"
    """The lead was assigned to another user, or to none."""
    NOTE_ADDED = "note_added"
    """A user wrote a note."""
    NOTE_CORRECTED = "note_corrected"
    """The author corrected the note with the id ``corrects``; the history keeps both texts."""
    FOLLOW_UP = "follow_up"
    """A follow-up was scheduled or completed."""
    MAIL_SENT = "mail_sent"
    """The mail server accepted an e-mail about the lead, whose kind is the note."""
    INPUTS_LEFT_OUT = "inputs_left_out"
    """Inputs were beyond the limits of answers, and were left out or cut."""
    FILES_REJECTED = "files_rejected"
    """Files were not stored, because the disk was nearly full; the note names them."""
    RELEASED = "released"
    """The lead was released from quarantine."""
    RESUME_ADDED = "resume_added"
    """A resume was added or replaced."""
    ENQUIRED_AGAIN = "enquired_again"
    """The person sent a repeat enquiry, whose id is the note; the version stays."""
    DUPLICATE_LINKED = "duplicate_linked"
    """The lead was linked to a primary lead."""
    DUPLICATE_UNLINKED = "duplicate_unlinked"
    """The lead was unlinked from its primary lead."""
    HOLD_SET = "hold_set"
    """A legal hold was set, for the reason in the note; the version stays."""
    HOLD_CLEARED = "hold_cleared"
    """The legal hold was cleared; the version stays."""
    ERASED = "erased"
    """The person was erased."""


@frozen
class Change:
    """One changed field; the values as the API shows them, None for an empty field."""

    field: str
    before: str | None
    after: str | None


@frozen(kw_only=True)
class HistoryEntry:
    """One event in the history of a lead. Entries never change, except that erasure redacts them.

    Attributes:
        number: the position in the history of the lead, from 1; None before it is stored.
        version: the lead's version after the event.
        actor: the name of the user, API key or process that caused it.
        corrects: the number of the entry whose note this one corrects; else None.
        request_id: the id of the HTTP request that caused it; None if there was none.
    """

    lead_id: str
    number: int | None = field(default=None, eq=False)
    version: int
    at: datetime = field(validator=check_utc)
    actor: str
    action: Action
    changes: tuple[Change, ...] = ()
    note: str | None = None
    corrects: int | None = None
    request_id: str | None = None

    def redacted(self) -> "HistoryEntry":
        """Return the entry without personal data: the event stays, with changes of the state only.

        The request id is removed, too, since the client may have chosen it.
        """
        states_only = tuple(change for change in self.changes if change.field == "state")
        return evolve(self, changes=states_only, note=None, request_id=None)


def entry(lead: Lead, actor: Actor, action: Action, now: datetime, note: str | None = None) -> HistoryEntry:
    """Return an entry without changes.

    Args:
        lead: the lead after the event.
        actor: the user, API key or process that caused it.
        action: its kind.
        now: when it happened.
        note: a text to keep with it.
    """
    return HistoryEntry(
        lead_id=lead.id,
        version=lead.version,
        at=now,
        actor=actor.name,
        action=action,
        note=note,
        request_id=actor.request_id,
    )


def current_notes(entries: Iterable[HistoryEntry]) -> dict[int, HistoryEntry]:
    """Return, by the number of each note, the entry with its current text: the note or its last correction.

    Args:
        entries: the stored history of a lead, oldest first.
    """
    current: dict[int, HistoryEntry] = {}
    for one in entries:
        if one.action is Action.NOTE_ADDED and one.number is not None:
            current[one.number] = one
        elif one.corrects is not None:
            current[one.corrects] = one
    return current


def left_out_entries(inputs: Inputs, lead: Lead, actor: Actor) -> Iterator[HistoryEntry]:
    """Yield the entry about inputs of a new lead that were beyond the bounds, if there are any."""
    if inputs.left_out:
        note = f"{inputs.left_out} inputs were beyond the limits and were left out or cut."
        yield entry(lead, actor, Action.INPUTS_LEFT_OUT, lead.updated_at, note)


def rejected_file_entries(names: Collection[str], lead: Lead, actor: Actor) -> Iterator[HistoryEntry]:
    """Yield the entry about the files of a new lead that were not stored, if there are any."""
    if names:
        yield entry(lead, actor, Action.FILES_REJECTED, lead.updated_at, ", ".join(names))


def entries_between(before: Lead, after: Lead, actor: Actor) -> Iterator[HistoryEntry]:
    """Yield the entries for the differences between two versions of a lead, one for each kind of change."""
    link = Action.DUPLICATE_UNLINKED if after.duplicate_of is None else Action.DUPLICATE_LINKED
    was, became = before.texts, after.texts
    edited = [Change(name, was[name], became[name]) for name in FIELDS_BY_NAME if was[name] != became[name]]
    if edited:
        yield evolve(entry(after, actor, Action.EDITED, after.updated_at), changes=tuple(edited))
    for action, name in (
        (Action.STATE_CHANGED, "state"),
        (Action.OWNER_CHANGED, "owner"),
        (link, "duplicate_of"),
    ):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            changes = (Change(name, old, new),)
            yield evolve(entry(after, actor, action, after.updated_at), changes=changes)
