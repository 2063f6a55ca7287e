"""Collect overdue follow-ups and untouched leads."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import RETENTION
from leadtracker.domain.model.accounts.account import expiring
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter
from leadtracker.domain.model.deliveries.canary import RUNS_WITH_RESULT, CanaryRun, last_result
from leadtracker.domain.model.deliveries.digest import (
    MAX_COUNTED,
    MAX_SHOWN,
    Digest,
    Overdue,
    RetentionSummary,
)
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.queries.lead_query import (
    WAITING,
    WITHOUT_FOLLOW_UP,
    Duplicates,
    LeadFilter,
    Sort,
)
from leadtracker.domain.model.leads.retention import NOTICE, RetentionPolicy
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork

_WEEK = timedelta(days=7)
_MONDAY = 0


@frozen(kw_only=True)
class ReadDigest:
    """Read the follow-ups that are overdue and the leads that are untouched.

    A lead, also a repeat enquiry, is untouched if it is ``PENDING``, has no scheduled follow-up, and was
    created at least ``untouched_for`` ago.
    """

    _untouched_for: timedelta
    _policy: RetentionPolicy

    def __call__(
        self, tx: UnitOfWork, now: datetime, *, owner: str | None = None, max_counted: int = MAX_COUNTED
    ) -> Digest:
        """Return the digest at ``now`` of all leads, or of those of the user ``owner``.

        Counts stop at ``max_counted + 1``, because counting takes time.
        """
        overdue = _overdue(tx, now, owner, max_counted + 1)
        lead_filter = evolve(
            WAITING, owner=owner, created_to=now - self._untouched_for, follow_up=WITHOUT_FOLLOW_UP
        )
        untouched = tx.leads.page(lead_filter, limit=max_counted + 1, sort=Sort.CREATED_AT).items
        return Digest(
            overdue=tuple(Overdue(one, tx.leads.get(one.lead_id)) for one in overdue[:MAX_SHOWN]),
            number_overdue=len(overdue),
            untouched=untouched[:MAX_SHOWN],
            number_untouched=len(untouched),
            untouched_for=self._untouched_for,
            failed_canary=_failed_canary(tx) if owner is None else None,
        )

    def for_mail(
        self, tx: UnitOfWork, now: datetime, *, owner: str | None = None, max_counted: int = MAX_COUNTED
    ) -> Digest:
        """Return the digest as ``__call__`` does; that of all leads with what retention and API keys do."""
        digest = self(tx, now, owner=owner, max_counted=max_counted)
        if owner is not None:
            return digest
        return evolve(
            digest, retention=self._retention(tx, now), expiring_keys=tuple(expiring(tx.api_keys.all(), now))
        )

    def _retention(self, tx: UnitOfWork, now: datetime) -> RetentionSummary | None:
        """Return what retention has erased within a week and will erase; None if that is nothing."""
        limit = MAX_COUNTED + 1
        erased, soon = _erased_since(tx, now - _WEEK, limit=limit), 0
        for state in self._policy.months:
            before = self._policy.due_before(state, now + NOTICE)
            soon += tx.activity.count(state, before, limit=limit - soon)
        if not erased and not soon:
            return None
        is_monday = now.astimezone(self._policy.zone).weekday() == _MONDAY
        return RetentionSummary(erased, soon, is_news=is_monday)


def _erased_since(tx: UnitOfWork, start: datetime, *, limit: int) -> int:
    """Return how many persons retention has erased since a time, as far as the audit log goes back."""
    erasures = AuditFilter(actor=RETENTION.name, action=AuditAction.PERSON_ERASED, start=start)
    entries = tx.audit_log.page(erasures, limit=limit)
    return len({entry.record.subject for entry in entries})  # many enquiries leave several entries


def _failed_canary(tx: UnitOfWork) -> CanaryRun | None:
    last = last_result(tx.canary_runs.latest(RUNS_WITH_RESULT))
    return last if last is not None and last.failure is not None else None


def _overdue(tx: UnitOfWork, now: datetime, owner: str | None, limit: int) -> Sequence[FollowUp]:
    """Return overdue follow-ups, the longest overdue first."""
    due = TimeRange(None, now)
    if owner is None:
        return tx.follow_ups.open_page(due, limit=limit).items
    lead_filter = LeadFilter(owner=owner, follow_up=due, duplicates=Duplicates.INCLUDE)
    leads = tx.leads.page(lead_filter, limit=limit, sort=Sort.FOLLOW_UP_AT).items
    found = [tx.follow_ups.find_open(lead.id) for lead in leads]
    return [follow_up for follow_up in found if follow_up is not None]
