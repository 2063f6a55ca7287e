"""Seal the weeks that are over."""

from attrs import field, frozen

from leadtracker.domain.model.reports.heartbeat import Pulse
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule


@frozen
class Sealing:
    """What a scheduler found: the rows it sealed, or that sealing is held since the clock had jumped."""

    pulse: Pulse
    sealed: list[WeeklyReport] = field(factory=list)


@frozen
class SealWeeks:
    """Give every closed week its row in the ledger; done by any scheduler, as often as it likes."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _schedule: WeeklySchedule

    def __call__(self) -> Sealing:
        """Beat the pulse and seal what is due."""
        now = self._clock.now()
        with self._unit_of_work() as tx:
            pulse = (tx.pulse.read() or Pulse(last_beat_at=now)).beat(now)
            tx.pulse.save(pulse)
            sealed = [] if pulse.is_held else self._schedule.seal_closed(tx, now)
            tx.commit()
        return Sealing(pulse, sealed)
