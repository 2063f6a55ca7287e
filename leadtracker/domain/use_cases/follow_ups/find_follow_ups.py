"""List follow-ups by status: overdue, due today, planned or done."""

from datetime import tzinfo

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.follow_up import FollowUp, FollowUpStatus, due_time_range
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.model.values.timestamps import TimeRange, day_of
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class FindFollowUps:
    """List the follow-ups of all leads.

    Args:
        zone: the time zone in which a day begins.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _zone: tzinfo

    def __call__(
        self, actor: Actor, status: FollowUpStatus | None, *, limit: int, after: Cursor | None
    ) -> Page[FollowUp]:
        """Return at most ``limit`` follow-ups from the cursor ``after`` on.

        Completed follow-ups are sorted newest first, open ones by due time. Without a status, all open ones
        are listed.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            if status is FollowUpStatus.DONE:
                return tx.follow_ups.done_page(limit=limit, after=after)
            due = TimeRange() if status is None else self.due(status)
            return tx.follow_ups.open_page(due, limit=limit, after=after)

    def due(self, status: FollowUpStatus) -> TimeRange:
        """Return the range of due times that gives an open follow-up this status now."""
        now = self._clock.now()
        return due_time_range(status, now, TimeRange(*day_of(now, self._zone)))
