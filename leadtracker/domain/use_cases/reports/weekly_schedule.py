"""Decide which weeks to seal, for the use cases that seal.

The ledger has no gaps: the next week to seal starts where the last row ends. The first row of an empty ledger
is the last closed week.
"""

from datetime import datetime, timedelta, tzinfo

from attrs import frozen

from leadtracker.domain.errors import InvalidInput, ReportNotFound, WeekNotClosed, WeekTooOld
from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.model.reports.week import Week, weeks_between
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from leadtracker.domain.use_cases.deliveries.notifications import Notifications

MAX_BACKFILL_WEEKS = 520
"""The number of weeks by which a user may extend the ledger into the past: ten years."""


@frozen
class WeeklySchedule:
    """The weeks of the business.

    Attributes:
        zone: the time zone in which a week begins, on Monday at 00:00.
        catch_up_weeks: the number of missed weeks that are still sent; older ones are recorded as missed.
        notifications: mails each sealed week, unless it is missed.
    """

    zone: tzinfo
    catch_up_weeks: int
    notifications: Notifications

    def seal_closed(self, tx: UnitOfWork, now: datetime) -> list[WeeklyReport]:
        """Seal every closed week without a row, oldest first."""
        newest = Week.last_closed(now, self.zone)
        last = tx.ledger.last()
        start = newest.start if last is None else last.week.end
        return self._seal_between(tx, start, newest.end, now)

    def seal_by_hand(self, tx: UnitOfWork, name: str | None, now: datetime) -> WeeklyReport:
        """Return the row of the week that a user requested, and seal the week if it is not sealed.

        The weeks between it and the ledger are sealed, too, because the ledger has no gaps. They were not
        requested, so they are sent or missed by their age, as if a scheduler had sealed them.

        The request also confirms that the clock is right, so it resumes paused sealing.

        Args:
            tx: the caller's transaction.
            name: the ISO name of the week; None requests the last closed one.
            now: the current time.

        Raises:
            InvalidInput: ``name`` is not an ISO week.
            WeekNotClosed: leads may still be added to the week.
            WeekTooOld: the week is older than the ledger may be extended.
        """
        tx.heartbeat.save(SchedulerHeartbeat(last_heartbeat_at=now))
        week = self.week(name, now)
        if now < week.sealable_from:
            raise WeekNotClosed(week.name, week.sealable_from)
        try:
            return tx.ledger.get(week.name)
        except ReportNotFound:
            return self._seal_requested(tx, week, now)

    def week(self, name: str | None, now: datetime) -> Week:
        """Return the week with this ISO name, or the last closed one.

        Raises:
            InvalidInput: ``name`` is not an ISO week.
        """
        if name is None:
            return Week.last_closed(now, self.zone)
        try:
            return Week.named(name, self.zone)
        except ValueError as error:
            raise InvalidInput.of("week", str(error)) from None

    def _seal_requested(self, tx: UnitOfWork, week: Week, now: datetime) -> WeeklyReport:
        first, last = tx.ledger.first(), tx.ledger.last()
        if first is None or last is None:
            self._check_reach(week, Week.last_closed(now, self.zone).end)
            return self._seal_between(tx, week.start, week.end, now, requested=0)[0]
        if week.start < first.week.start:
            self._check_reach(week, first.week.start)
            return self._seal_between(tx, week.start, first.week.start, now, requested=0)[0]
        return self._seal_between(tx, last.week.end, week.end, now, requested=-1)[-1]

    def _check_reach(self, week: Week, end: datetime) -> None:
        """Raise ``WeekTooOld`` if more than ``MAX_BACKFILL_WEEKS`` rows would be needed up to ``end``."""
        # Count back to the middle of the week, so that a change of the clock does not select another week.
        back = timedelta(weeks=MAX_BACKFILL_WEEKS - 0.5)
        earliest = Week.containing(end - back, self.zone)
        if week.start < earliest.start:
            raise WeekTooOld(week.name, earliest.name)

    def _seal_between(
        self, tx: UnitOfWork, start: datetime, end: datetime, now: datetime, *, requested: int | None = None
    ) -> list[WeeklyReport]:
        """Seal the weeks from ``start`` to ``end``; the one at index ``requested`` is sent at any age."""
        weeks = weeks_between(start, end, self.zone)
        newer = weeks_between(end, Week.last_closed(now, self.zone).end, self.zone)
        positions = range(len(weeks))
        too_old = positions[: max(0, len(weeks) + len(newer) - self.catch_up_weeks)]
        missed = set(too_old) - (set() if requested is None else {positions[requested]})
        return [self._seal(tx, week, now, missed=position in missed) for position, week in enumerate(weeks)]

    def _seal(self, tx: UnitOfWork, week: Week, now: datetime, *, missed: bool) -> WeeklyReport:
        # Every caller holds the heartbeat, so no other process seals the week concurrently.
        number_of_leads = tx.sealed_leads.seal(week)
        report = WeeklyReport.seal(week, number_of_leads, now, missed=missed)
        if not tx.ledger.add(report):
            return tx.ledger.get(week.name)
        if not missed:
            self.notifications.week_sealed(tx, report, now)
        return report
