"""Erase the persons whose retention has ended, and preview whom that concerns."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import LeadNotFound, LeadOnHold
from leadtracker.domain.model.accounts.access import RETENTION, Actor, Permission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.retention import NOTICE, RetentionPolicy
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.leads.erase_lead import EraseLead, check_hold

MAX_COUNTED = 10_000
"""Counting stops here, since counting takes time."""

_PAGE_SIZE = 50


@frozen
class StateRetention:
    """The retention of one state.

    Attributes:
        months: for how many months leads are kept after their last activity.
        due: the number of persons who are due for erasure now; ``MAX_COUNTED`` means as many or more.
        soon: the number of those who will be due within ``NOTICE``, besides these, bounded alike; None if
            ``due`` is ``MAX_COUNTED``, beyond which nothing is counted.
    """

    state: LeadState
    months: int
    due: int
    soon: int | None


@frozen
class DueLead:
    """A lead that is erased from ``due_at`` on, unless something happens."""

    lead: Lead
    last_activity: datetime
    due_at: datetime


@frozen(kw_only=True)
class PreviewRetention:
    """Show whom retention will erase."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _policy: RetentionPolicy

    @property
    def policy(self) -> RetentionPolicy:
        """The policy; without any state, retention is off."""
        return self._policy

    def is_paused(self) -> bool:
        """Return True if a clock jump keeps schedulers from erasing until an operator confirms the clock."""
        with self._unit_of_work.read_only() as tx:
            return not may_erase(tx, self._clock.now())

    def counts(self, actor: Actor) -> list[StateRetention]:
        """Return the number of persons who are due now, and soon, by state.

        Raises:
            PermissionDenied: the actor may not erase leads.
        """
        actor.require(Permission.LEAD_ERASE)
        with self._unit_of_work.read_only() as tx:
            return [self._count(tx, state, months) for state, months in self._policy.months.items()]

    def page(
        self, actor: Actor, state: LeadState, *, limit: int, after: Cursor | None = None
    ) -> Page[DueLead]:
        """Return leads in a state that are due now or within ``NOTICE``.

        Raises:
            PermissionDenied: the actor may not erase leads.
            KeyError: leads in this state are kept.
        """
        actor.require(Permission.LEAD_ERASE)
        before = self._policy.due_before(state, self._clock.now() + NOTICE)
        with self._unit_of_work.read_only() as tx:
            found = tx.activity.inactive(state, before, limit=limit + 1, after=after)
        leads = tuple(
            DueLead(one.lead, one.last_activity, due_at)
            for one in found[:limit]
            if (due_at := self._policy.due_at(state, one.last_activity))
        )
        last = found[limit - 1].lead if len(found) > limit else None
        return Page(leads, None if last is None else Cursor(last.updated_at, last.id))

    def all(self, actor: Actor) -> Iterator[DueLead]:
        """Yield every lead that is due now or within ``NOTICE``; no transaction is open between them.

        Raises:
            PermissionDenied: the actor may not erase leads.
        """
        for state in self._policy.months:
            after: Cursor | None = None
            while True:
                page = self.page(actor, state, limit=_PAGE_SIZE, after=after)
                yield from page.items
                after = page.next
                if after is None:
                    break

    def _count(self, tx: UnitOfWork, state: LeadState, months: int) -> StateRetention:
        now = self._clock.now()
        due, both = (
            tx.activity.count(state, self._policy.due_before(state, time), limit=MAX_COUNTED)
            for time in (now, now + NOTICE)
        )
        return StateRetention(state, months, due, None if due == MAX_COUNTED else both - due)


@frozen(kw_only=True)
class EnforceRetention:
    """Erase the persons whose retention has ended, with their repeat enquiries; called by every scheduler.

    Each person is one transaction, or several with many enquiries, that decides again whether the person is
    due. A process that dies or is suspended in between leaves nothing that another one would do wrong.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _policy: RetentionPolicy
    _erase_lead: EraseLead

    def __call__(self) -> Iterator[str]:
        """Erase one person after the other, and yield the id of each lead.

        Nothing is erased before the first heartbeat of a scheduler, nor after a clock jump until an operator
        confirms the clock: a wrong clock would make everyone due.
        """
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            if not may_erase(tx, now):
                return
        for state in self._policy.months:
            yield from self._erase_state(state, self._policy.due_before(state, now))

    def _erase_state(self, state: LeadState, before: datetime) -> Iterator[str]:
        after: Cursor | None = None
        while True:
            with self._unit_of_work.read_only() as tx:
                found = tx.activity.inactive(state, before, limit=_PAGE_SIZE, after=after)
            for one in found:
                if self._erase(one.lead.id):
                    yield one.lead.id
            if len(found) < _PAGE_SIZE:
                return
            after = Cursor(found[-1].lead.updated_at, found[-1].lead.id)

    def _erase(self, lead_id: str) -> bool:
        with suppress(LeadNotFound, LeadOnHold, _NotDue):
            self._erase_lead.checked(RETENTION, lead_id, self._check, with_duplicates=True)
            return True
        return False

    def _check(self, tx: UnitOfWork, lead: Lead) -> None:
        now = self._clock.now()
        last = tx.activity.last(lead.id)
        is_due = last is not None and self._policy.is_due(lead.state, last, now)
        if lead.duplicate_of is not None or not is_due or not may_erase(tx, now):
            raise _NotDue
        check_hold(tx, lead, with_duplicates=True)


class _NotDue(Exception):
    """Something has happened to the lead since it was found."""


def may_erase(tx: UnitOfWork, now: datetime) -> bool:
    """Return True if a scheduler has recorded that the clock is right."""
    heartbeat = tx.heartbeat.read()
    return heartbeat is not None and not heartbeat.record(now).is_paused
