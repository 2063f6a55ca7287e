"""Collect what waits for the staff."""

from datetime import datetime, timedelta

from attrs import frozen

from leadtracker.domain.model.deliveries.digest import MOST_COUNTED, MOST_SHOWN, Digest, Overdue
from leadtracker.domain.model.leads.lead_query import WITHOUT_FOLLOW_UP, LeadFilter, Sort
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.time_range import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork


@frozen
class ReadDigest:
    """Reads which follow-ups are overdue and which leads are untouched.

    A lead is untouched if it is PENDING, no duplicate, and without a planned follow-up.

    Attributes:
        untouched_for: how long ago it must have come in.
    """

    _untouched_for: timedelta

    def __call__(self, tx: UnitOfWork, now: datetime, *, most_counted: int = MOST_COUNTED) -> Digest:
        """The digest as it is at ``now``; of more than ``most_counted`` it counts one more than that."""
        overdue = tx.follow_ups.open_page(TimeRange(None, now), limit=most_counted + 1).follow_ups
        wanted = LeadFilter(
            states=frozenset({LeadState.PENDING}),
            created_to=now - self._untouched_for,
            follow_up=WITHOUT_FOLLOW_UP,
        )
        untouched = tx.leads.page(wanted, limit=most_counted + 1, sort=Sort.CREATED_AT).leads
        return Digest(
            overdue=tuple(Overdue(one, tx.leads.get(one.lead_id)) for one in overdue[:MOST_SHOWN]),
            number_overdue=len(overdue),
            untouched=untouched[:MOST_SHOWN],
            number_untouched=len(untouched),
            untouched_for=self._untouched_for,
        )
