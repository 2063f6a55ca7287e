"""Collect overdue follow-ups and untouched leads."""

from datetime import datetime, timedelta

from attrs import evolve, frozen

from leadtracker.domain.model.deliveries.digest import MAX_COUNTED, MAX_SHOWN, Digest, Overdue
from leadtracker.domain.model.leads.queries.lead_query import WAITING, WITHOUT_FOLLOW_UP, Sort
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork


@frozen(kw_only=True)
class ReadDigest:
    """Read the follow-ups that are overdue and the leads that are untouched.

    A lead, also a repeat enquiry, is untouched if it is ``PENDING``, has no planned follow-up, and was
    created at least ``untouched_for`` ago.
    """

    _untouched_for: timedelta

    def __call__(self, tx: UnitOfWork, now: datetime, *, max_counted: int = MAX_COUNTED) -> Digest:
        """Return the digest at ``now``; counts stop at ``max_counted + 1``, because counting takes time."""
        overdue = tx.follow_ups.open_page(TimeRange(None, now), limit=max_counted + 1).follow_ups
        lead_filter = evolve(WAITING, created_to=now - self._untouched_for, follow_up=WITHOUT_FOLLOW_UP)
        untouched = tx.leads.page(lead_filter, limit=max_counted + 1, sort=Sort.CREATED_AT).leads
        return Digest(
            overdue=tuple(Overdue(one, tx.leads.get(one.lead_id)) for one in overdue[:MAX_SHOWN]),
            number_overdue=len(overdue),
            untouched=untouched[:MAX_SHOWN],
            number_untouched=len(untouched),
            untouched_for=self._untouched_for,
        )
