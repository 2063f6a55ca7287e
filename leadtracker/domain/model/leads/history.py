"""The history of a lead: what happened to it, when, and who did it."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.timestamps import check_utc


class Action(StrEnum):
    """What can happen to a lead."""

    CREATED = "created"
    IMPORTED = "imported"
    EDITED = "edited"
    STATE_CHANGED = "state_changed"
    NOTE_ADDED = "note_added"
    FOLLOW_UP = "follow_up"
    MAIL_SENT = "mail_sent"
    RELEASED = "released"
    RESUME_ADDED = "resume_added"
    DUPLICATE_LINKED = "duplicate_linked"
    DUPLICATE_UNLINKED = "duplicate_unlinked"
    ERASED = "erased"


@frozen
class Change:
    """One field that changed; the values as the API shows them."""

    field: str
    before: str | None
    after: str | None


@frozen(kw_only=True)
class HistoryEntry:
    """One thing that happened to a lead; entries are never changed, except that erasure blanks them.

    Attributes:
        version: the lead's version afterwards.
        actor: the name of whoever did it.
        request_id: the id of the HTTP request that asked for it, if there was one.
    """

    lead_id: str
    version: int
    at: datetime = field(validator=check_utc)
    actor: str
    action: Action
    changes: tuple[Change, ...] = ()
    note: str | None = None
    request_id: str | None = None

    def redacted(self) -> "HistoryEntry":
        """What may stay of the entry when the person is erased: that it was, not what it said.

        The id of a request goes, too: its sender may have chosen it.
        """
        states_only = tuple(change for change in self.changes if change.field == "state")
        return evolve(self, changes=states_only, note=None, request_id=None)


def entry(lead: Lead, actor: Actor, action: Action, now: datetime, note: str | None = None) -> HistoryEntry:
    """An entry about a lead as it is after ``action``."""
    return HistoryEntry(
        lead_id=lead.id,
        version=lead.version,
        at=now,
        actor=actor.name,
        action=action,
        note=note,
        request_id=actor.request_id,
    )


def entries_between(before: Lead, after: Lead, actor: Actor) -> Iterator[HistoryEntry]:
    """What happened to a lead between two versions, one entry for each kind of change."""
    link = Action.DUPLICATE_UNLINKED if after.duplicate_of is None else Action.DUPLICATE_LINKED
    for action, names in (
        (Action.EDITED, _EDITABLE),
        (Action.STATE_CHANGED, ("state",)),
        (link, ("duplicate_of",)),
    ):
        changes = tuple(change for name in names if (change := _change(name, before, after)))
        if changes:
            yield evolve(entry(after, actor, action, after.updated_at), changes=changes)


_EDITABLE = ("first_name", "last_name", "email", "phone", "message", "source")


def _change(name: str, before: Lead, after: Lead) -> Change | None:
    old, new = (_shown(name, lead) for lead in (before, after))
    return Change(name, old, new) if old != new else None


def _shown(name: str, lead: Lead) -> str | None:
    return lead.email.text if name == "email" else getattr(lead, name)
