"""The times of follow-ups in forms: entered in the business's time zone, or chosen by a shortcut."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.leads.follow_up import FollowUpShortcut
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.timestamps import parse_local, parse_timestamp
from leadtracker.i18n.formats import format_date_time

_MAX_AGE = timedelta(days=30)
"""An older form is none that a browser still shows."""


def shortcut_times(now: datetime, zone: tzinfo) -> Iterator[tuple[FollowUpShortcut, str]]:
    """Yield each shortcut with the time that it means now, in the language in use."""
    for shortcut in FollowUpShortcut:
        yield shortcut, format_date_time(shortcut.due_at(now, zone).astimezone(zone))


def read_due(text: str, shortcut: str, seen_at: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Read when a follow-up is due.

    Args:
        text: a local time of the business, as ``datetime-local`` inputs send it; it may be empty.
        shortcut: the value of a shortcut, which wins over the text; it may be empty.
        seen_at: the timestamp at which the form was shown. A shortcut means the time that the form showed,
            although another day may have begun since.
        now: the current time.
        zone: the time zone of the business.

    Returns:
        The time; None if both are empty.

    Raises:
        InvalidInput: the time is malformed, does not exist in the time zone, or lies in the past.
    """
    try:
        if shortcut in set(FollowUpShortcut):
            due_at = FollowUpShortcut(shortcut).due_at(_shown_at(seen_at, now), zone)
        elif text.strip():
            due_at = parse_local(text.strip(), zone)
        else:
            return None
    except ValueError as error:
        raise InvalidInput([field_error("due_at", error)]) from None
    if due_at < now:
        raise InvalidInput([field_error("due_at", InvalidValue("in-the-past"))])
    return due_at


def _shown_at(text: str, now: datetime) -> datetime:
    """Return when a form was shown; now if it does not say, or says a time that no form of today can."""
    try:
        shown_at = parse_timestamp(text)
    except ValueError:
        return now
    return shown_at if now - _MAX_AGE <= shown_at <= now else now
