"""Contract suite of ``DigestDays``."""

from datetime import date, timedelta

from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.clock import NOW
from tests.support.instruments.concurrency import run_in_threads

TODAY = date(2026, 11, 18)
DAYS = [TODAY + timedelta(days=number) for number in range(5)]
THREADS = 4


def add(unit_of_work: UnitOfWorkFactory, day: date) -> bool:
    """Add a day and commit."""
    with unit_of_work() as tx:
        is_new = tx.digest_days.add(day, NOW)
        tx.commit()
    return is_new


class DigestDaysContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_day_is_added_once(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert [add(unit_of_work, TODAY) for _ in range(3)] == [True, False, False]

    def test_only_added_days_are_present(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, DAYS[1])
        add(unit_of_work, DAYS[3])
        with unit_of_work.read_only() as tx:
            assert [day for day in DAYS if tx.digest_days.has(day)] == [DAYS[1], DAYS[3]]

    def test_uncommitted_day_is_not_stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            assert tx.digest_days.add(TODAY, NOW)
            assert tx.digest_days.has(TODAY)
        assert add(unit_of_work, TODAY)

    def test_adding_a_known_day_changes_nothing(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, DAYS[0])
        with unit_of_work() as tx:
            assert [tx.digest_days.add(day, NOW) for day in DAYS[:2]] == [False, True]
            tx.commit()
        assert not add(unit_of_work, DAYS[1])

    def test_concurrent_adds_have_one_winner(self, unit_of_work: UnitOfWorkFactory) -> None:
        done = run_in_threads(THREADS, lambda _: [add(unit_of_work, day) for day in DAYS])
        assert [sum(one[position] for one in done) for position in range(len(DAYS))] == [1] * len(DAYS)
