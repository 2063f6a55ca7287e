"""What other programs are told of a lead: one shape for answers, exports and events."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from leadtracker.domain.model.instant import format_instant
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.message import MessageKind
from leadtracker.domain.model.resume import Resume

Facts = dict[str, Any]
_CHANGE_WITH_EVERYTHING = frozenset({"updated_at", "version"})


def lead_facts(lead: Lead) -> Facts:
    """A lead in values that JSON knows. The URL of its resume is relative to the server's root."""
    return {
        "id": lead.id,
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "email": lead.email.text,
        "phone": lead.phone,
        "message": lead.message,
        "source": lead.source,
        "state": lead.state.value,
        "resume": lead.resume and _resume_facts(lead.id, lead.resume),
        "duplicate_of": lead.duplicate_of,
        "follow_up_at": _instant(lead.follow_up_at),
        "created_at": format_instant(lead.created_at),
        "updated_at": format_instant(lead.updated_at),
        "version": lead.version,
    }


def events_between(before: Lead, after: Lead) -> Iterator[tuple[MessageKind, Facts]]:
    """What there is to tell of a change: that the state is another, that other facts are, or both.

    Every new version is told, also one whose facts are the same (a resume of the same name and size).
    """
    if after.version == before.version:
        return
    old, new = lead_facts(before), lead_facts(after)
    changes = {
        name: {"field": name, "from": old[name], "to": value}
        for name, value in new.items()
        if old[name] != value and name not in _CHANGE_WITH_EVERYTHING
    }
    moved = changes.pop("state", None)
    if changes or not moved:
        yield MessageKind.LEAD_UPDATED, {**new, "changes": list(changes.values())}
    if moved:
        yield MessageKind.LEAD_STATE_CHANGED, {**new, "changes": [moved]}


def _resume_facts(lead_id: str, resume: Resume) -> Facts:
    return {
        "filename": resume.filename,
        "content_type": resume.content_type,
        "size": resume.size,
        "url": f"/leads/{lead_id}/resume",
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)
