"""Retention: when a person is erased because nothing has happened for a number of months.

Months are calendar months in the business's time zone, counted in whole days. With 25 months of retention, a
lead with its last activity on 31 January 2025 is kept up to and including 28 February 2027.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo

from attrs import field, frozen

from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.timestamps import check_utc, start_of_day

NO_ACTIVITY = frozenset({Action.HOLD_SET, Action.HOLD_CLEARED})
"""Entries of the history that are no activity: a hold that was cleared must not prolong the retention."""

OVERDUE_AFTER = timedelta(days=2)
"""Schedulers erase what is due every hour; a person that is due for longer is a fault."""

NOTICE = timedelta(days=30)
"""How far a preview looks ahead."""

MAX_MONTHS = 1_200
_DAY = timedelta(days=1)
_MONTHS_PER_YEAR = 12


@frozen
class InactiveLead:
    """A primary lead with the time of its last activity, or of the last one of its repeat enquiries.

    An activity is every change of a lead, every entry of its history but those about holds, and a follow-up
    at the time for which it is scheduled.
    """

    lead: Lead
    last_activity: datetime = field(validator=check_utc)


@frozen
class RetentionPolicy:
    """For how long leads are kept after their last activity.

    Attributes:
        zone: the business's time zone, in which days begin.
        months: the number of months by state; leads in other states are kept.
    """

    zone: tzinfo
    months: Mapping[LeadState, int] = field(factory=dict)

    def due_at(self, state: LeadState, last_activity: datetime) -> datetime | None:
        """Return when a lead is due for erasure; None if leads in its state are kept."""
        if state not in self.months:
            return None
        last_day = _plus_months(self._day(last_activity), self.months[state])
        return start_of_day(last_day + _DAY, self.zone)

    def is_due(self, state: LeadState, last_activity: datetime, now: datetime) -> bool:
        """Return True if a lead is due for erasure at ``now``."""
        due_at = self.due_at(state, last_activity)
        return due_at is not None and due_at <= now

    def due_before(self, state: LeadState, now: datetime) -> datetime:
        """Return the time before which the last activity of every lead lies that is due at ``now``.

        Raises:
            KeyError: leads in this state are kept.
        """
        yesterday = self._day(now) - _DAY
        month = _minus_months(yesterday, self.months[state])
        days = monthrange(month.year, month.month)[1]
        # Every later day of a longer month ends on the last day of a shorter one, too.
        day = days if _is_last_of_month(yesterday) else min(yesterday.day, days)
        return start_of_day(month.replace(day=day) + _DAY, self.zone)

    def _day(self, timestamp: datetime) -> date:
        """Return the day whose beginning, in the time zone, is the last one up to a timestamp.

        A clock that is set back across midnight shows the day before again, which has ended by then.
        """
        shown = timestamp.astimezone(self.zone).date()
        return shown + _DAY if start_of_day(shown + _DAY, self.zone) <= timestamp else shown


def _plus_months(day: date, months: int) -> date:
    """Return the same day of a later month, or the last day of that month if it is shorter."""
    first = _first_of_month(day, months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def _minus_months(day: date, months: int) -> date:
    """Return the first day of an earlier month."""
    return _first_of_month(day, -months)


def _first_of_month(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, _MONTHS_PER_YEAR)
    return date(day.year + years, month + 1, 1)


def _is_last_of_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]
