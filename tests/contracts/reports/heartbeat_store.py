"""Contract suite of ``HeartbeatStore``."""

from datetime import timedelta

from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.clock import MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

THREADS, HEARTBEAT_TIMES = 6, 5


def save(unit_of_work: UnitOfWorkFactory, heartbeat: SchedulerHeartbeat) -> None:
    """Save a heartbeat and commit."""
    with unit_of_work() as tx:
        tx.heartbeat.save(heartbeat)
        tx.commit()


def read(unit_of_work: UnitOfWorkFactory) -> SchedulerHeartbeat | None:
    """Return the committed heartbeat."""
    with unit_of_work.read_only() as tx:
        return tx.heartbeat.read()


class HeartbeatStoreContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_no_heartbeat_is_stored_initially(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert read(unit_of_work) is None
        with unit_of_work() as tx:
            assert tx.heartbeat.read() is None

    def test_latest_heartbeat_replaces_the_former(self, unit_of_work: UnitOfWorkFactory) -> None:
        going = SchedulerHeartbeat(last_heartbeat_at=NOW)
        held = SchedulerHeartbeat(last_heartbeat_at=NOW + MICROSECOND, paused_since=NOW)
        for heartbeat in (going, held, going):
            save(unit_of_work, heartbeat)
            assert read(unit_of_work) == heartbeat
            with unit_of_work() as tx:
                assert tx.heartbeat.read() == heartbeat

    def test_reading_for_update_excludes_other_writers(self, unit_of_work: UnitOfWorkFactory) -> None:
        save(unit_of_work, SchedulerHeartbeat(last_heartbeat_at=NOW))
        second = timedelta(seconds=1)

        def record(_number: int) -> None:
            for _ in range(HEARTBEAT_TIMES):
                with unit_of_work() as tx:
                    heartbeat = tx.heartbeat.read()
                    assert heartbeat is not None
                    tx.heartbeat.save(
                        SchedulerHeartbeat(last_heartbeat_at=heartbeat.last_heartbeat_at + second)
                    )
                    tx.commit()

        run_in_threads(THREADS, record)
        assert read(unit_of_work) == SchedulerHeartbeat(
            last_heartbeat_at=NOW + THREADS * HEARTBEAT_TIMES * second
        )
