"""Which weeks are to be sealed; shared by the use cases that seal.

The ledger has no gaps: the next week to seal starts where the last row ends, and the very first one is the
last closed week.
"""

from datetime import datetime, tzinfo

from attrs import frozen

from leadtracker.domain.errors import InvalidInput, ReportNotFound, WeekNotClosed
from leadtracker.domain.model.pulse import Pulse
from leadtracker.domain.model.week import Week, weeks_between
from leadtracker.domain.model.weekly_report import WeeklyReport
from leadtracker.domain.ports.unit_of_work import UnitOfWork


@frozen
class WeeklySchedule:
    """The business's weeks.

    Attributes:
        zone: where its Mondays begin.
        catch_up_weeks: how many missed weeks are still sent; older ones are recorded as missed.
    """

    zone: tzinfo
    catch_up_weeks: int

    def seal_closed(self, tx: UnitOfWork, now: datetime) -> list[WeeklyReport]:
        """Seal every closed week that has no row yet, oldest first."""
        return self._seal_up_to(tx, Week.last_closed(now, self.zone), now)

    def seal_by_hand(self, tx: UnitOfWork, name: str | None, now: datetime) -> WeeklyReport:
        """The row of the week a person asked for, sealed now if it was not; None means the last closed one.

        That a person asks also confirms that the clock is right, so sealing is no longer held.

        Raises:
            InvalidInput: ``name`` is no ISO week.
            WeekNotClosed: the week can still get leads.
        """
        tx.pulse.save(Pulse(last_beat_at=now))
        week = self.week(name, now)
        if now < week.sealable_from:
            raise WeekNotClosed(week.name, week.sealable_from)
        try:
            return tx.ledger.get(week.name)
        except ReportNotFound:
            first = tx.ledger.first()
            if first is not None and week.start < first.week.start:
                return self._seal_before(tx, first.week, week, now)
            return self._seal_up_to(tx, week, now)[-1]

    def week(self, name: str | None, now: datetime) -> Week:
        """The week with that ISO name, or the last closed one.

        Raises:
            InvalidInput: ``name`` is no ISO week.
        """
        if name is None:
            return Week.last_closed(now, self.zone)
        try:
            return Week.named(name, self.zone)
        except ValueError as error:
            raise InvalidInput.of("week", str(error)) from None

    def _seal_up_to(self, tx: UnitOfWork, newest: Week, now: datetime) -> list[WeeklyReport]:
        last = tx.ledger.last()
        start = newest.start if last is None else last.week.end
        weeks = weeks_between(start, newest.end, self.zone)
        too_old = len(weeks) - self.catch_up_weeks
        return [_seal(tx, week, now, missed=place < too_old) for place, week in enumerate(weeks)]

    def _seal_before(self, tx: UnitOfWork, first: Week, wanted: Week, now: datetime) -> WeeklyReport:
        # Nobody asked for the weeks in between: they fill the gap, but are not sent.
        oldest, *others = weeks_between(wanted.start, first.start, self.zone)
        for week in others:
            _seal(tx, week, now, missed=True)
        return _seal(tx, oldest, now, missed=False)


def _seal(tx: UnitOfWork, week: Week, now: datetime, *, missed: bool) -> WeeklyReport:
    number_of_leads = tx.leads.count_for_report(week.start, week.end)
    report = WeeklyReport.seal(week, number_of_leads, now, missed=missed)
    return report if tx.ledger.add(report) else tx.ledger.get(week.name)
