"""Collect the leads and follow-ups that the dashboard shows."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, DeliveryState
from leadtracker.domain.model.deliveries.digest import Digest, Overdue
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.queries.lead_query import WAITING
from leadtracker.domain.model.reports.cohort_counts import CohortStatistics, Period
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import TimeRange, day_of
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.read_digest import ReadDigest
from leadtracker.domain.use_cases.files.disk_floor import DiskFloor
from leadtracker.domain.use_cases.reports.read_statistics import CachedStatistics

MAX_SHOWN = 8
"""The number of items of each kind; the rest is on the page of that kind."""

MAX_COUNTED = 99
"""The limit of the counts of overdue and untouched items."""

WEEKS_SHOWN = 12

_MAX_MAILS_READ = 20
_ATTEMPTS_TO_REPORT = 3
"""A mail server that restarts takes the second or third attempt."""

_CLOCK_ERROR = timedelta(minutes=1)
"""A lead may be so much newer than now; one with a later date, of an import, is no news."""

_HALF_A_WEEK = timedelta(days=3.5)


@frozen(kw_only=True)
class Dashboard:
    """The work that is due, and recent statistics.

    Attributes:
        new: the newest leads that wait for an answer, repeat enquiries among them.
        waiting: overdue follow-ups and untouched leads, counted up to ``MAX_COUNTED``.
        due: follow-ups that come due later today.
        number_failed: the number of failed deliveries, at most ``MAX_SHOWN``; None if the actor may not
            manage deliveries.
        failed_mail: the last attempt of an e-mail that waits because the mail server cannot be used; None
            without one, or if the actor may not manage deliveries.
        weeks: the number of leads of each of the last ``WEEKS_SHOWN`` weeks, the current one last.
        rejects_files: true if the disk is nearly full, so that leads are stored without their files.
        cohort: the statistics of the leads of the last 30 days, possibly some seconds old.
    """

    new: tuple[Lead, ...]
    waiting: Digest
    due: tuple[Overdue, ...]
    number_failed: int | None
    failed_mail: Attempt | None
    rejects_files: bool
    weeks: tuple[tuple[Week, int], ...]
    cohort: CohortStatistics


@frozen(kw_only=True)
class ReadDashboard:
    """Read the content of the dashboard in one snapshot."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _zone: tzinfo
    _read_digest: ReadDigest
    _cached_statistics: CachedStatistics
    _disk_floor: DiskFloor

    def __call__(self, actor: Actor) -> Dashboard:
        """Return the dashboard for an actor.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        now = self._clock.now()
        later_today = TimeRange(now, day_of(now, self._zone)[1])
        manages_deliveries = actor.may(Permission.DELIVERY_MANAGE)
        with self._unit_of_work.snapshot() as tx:
            due = tx.follow_ups.open_page(later_today, limit=MAX_SHOWN).items
            return Dashboard(
                new=tx.leads.page(evolve(WAITING, created_to=now + _CLOCK_ERROR), limit=MAX_SHOWN).items,
                waiting=self._read_digest(tx, now, max_counted=MAX_COUNTED),
                due=tuple(Overdue(one, tx.leads.get(one.lead_id)) for one in due),
                number_failed=_count_failed(tx) if manages_deliveries else None,
                failed_mail=_failed_mail(tx) if manages_deliveries else None,
                rejects_files=not self._disk_floor.has_room(),
                weeks=tuple(self._count(tx, self._weeks(now))),
                cohort=self._cached_statistics(tx),
            )

    def _count(self, tx: UnitOfWork, weeks: list[Week]) -> Iterator[tuple[Week, int]]:
        """Count the leads of consecutive weeks, those without a current rollup one by one."""
        shown = TimeRange(weeks[0].start, weeks[-1].end)
        rollups = tx.rollups.current(str(self._zone), Period.WEEK, shown)
        counted = {rollup.time_range: rollup.counts.total.captured for rollup in rollups}
        for week in weeks:
            of_week = TimeRange(week.start, week.end)
            yield week, counted[of_week] if of_week in counted else tx.statistics.count(of_week)

    def _weeks(self, now: datetime) -> list[Week]:
        weeks = [Week.containing(now, self._zone)]
        while len(weeks) < WEEKS_SHOWN:
            weeks.append(Week.containing(weeks[-1].start - _HALF_A_WEEK, self._zone))
        return weeks[::-1]


def _count_failed(tx: UnitOfWork) -> int:
    return len(tx.deliveries.page(DeliveryState.FAILED, limit=MAX_SHOWN).items)


def _failed_mail(tx: UnitOfWork) -> Attempt | None:
    """Return the last attempt for which there was no mail server; None if a later one has sent an e-mail."""
    late = [one for one in _latest_mails(tx, DeliveryState.PENDING) if len(one) >= _ATTEMPTS_TO_REPORT]
    failed = [attempts[-1] for attempts in late if _lacks_server(attempts[-1])]
    last = max(failed, key=lambda attempt: attempt.started_at, default=None)
    if last is None:
        return None
    sent = _latest_mails(tx, DeliveryState.SENT)
    return None if any(attempts[-1].started_at > last.started_at for attempts in sent) else last


def _latest_mails(tx: UnitOfWork, state: DeliveryState) -> list[tuple[Attempt, ...]]:
    """Return the attempts of each of the latest e-mails in a state that were attempted."""
    found = tx.deliveries.page(state, limit=_MAX_MAILS_READ).items
    return [one.attempts for one in found if one.channel is Channel.MAIL and one.attempts]


def _lacks_server(attempt: Attempt) -> bool:
    """Return True if the mail server could not be used, in contrast to the template or the recipient."""
    names_server = attempt.detail is not None and attempt.detail.host is not None
    return names_server and attempt.outcome is Outcome.NOT_SENT
