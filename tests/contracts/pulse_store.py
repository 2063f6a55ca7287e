"""What ``PulseStore`` promises."""

from datetime import timedelta

from leadtracker.domain.model.reports.heartbeat import Pulse
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.clock import MICROSECOND, NOW
from tests.support.concurrency import in_threads

THREADS, BEATS = 6, 5


def save(unit_of_work: UnitOfWorkFactory, pulse: Pulse) -> None:
    """Save a pulse and commit."""
    with unit_of_work() as tx:
        tx.pulse.save(pulse)
        tx.commit()


def read(unit_of_work: UnitOfWorkFactory) -> Pulse | None:
    """The committed pulse."""
    with unit_of_work.read_only() as tx:
        return tx.pulse.read()


class PulseStoreContract:
    """Needs the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_at_first_there_is_no_pulse(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert read(unit_of_work) is None
        with unit_of_work() as tx:
            assert tx.pulse.read() is None

    def test_the_latest_pulse_replaces_the_former(self, unit_of_work: UnitOfWorkFactory) -> None:
        going = Pulse(last_beat_at=NOW)
        held = Pulse(last_beat_at=NOW + MICROSECOND, held_since=NOW)
        for pulse in (going, held, going):
            save(unit_of_work, pulse)
            assert read(unit_of_work) == pulse
            with unit_of_work() as tx:
                assert tx.pulse.read() == pulse

    def test_nobody_else_changes_what_a_writer_has_read(self, unit_of_work: UnitOfWorkFactory) -> None:
        save(unit_of_work, Pulse(last_beat_at=NOW))
        second = timedelta(seconds=1)

        def beat(_number: int) -> None:
            for _ in range(BEATS):
                with unit_of_work() as tx:
                    pulse = tx.pulse.read()
                    assert pulse is not None
                    tx.pulse.save(Pulse(last_beat_at=pulse.last_beat_at + second))
                    tx.commit()

        in_threads(THREADS, beat)
        assert read(unit_of_work) == Pulse(last_beat_at=NOW + THREADS * BEATS * second)
