"""Contract suite of ``FollowUpRepository``: reminders."""

from datetime import datetime

import pytest
from attrs import evolve

from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.follow_up_repository import LEADS, find_open, of, save
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_follow_up, make_lead
from tests.support.clock import DAY, MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

THREADS = 4


def claim(unit_of_work: UnitOfWorkFactory, now: datetime = NOW, limit: int = 100) -> list[FollowUp]:
    """Claim the due follow-ups without a reminder, and commit."""
    with unit_of_work() as tx:
        claimed = tx.follow_ups.claim_unreminded(now, limit=limit)
        tx.commit()
    return claimed


def reminded(*follow_ups: FollowUp, now: datetime = NOW) -> list[FollowUp]:
    """Return the follow-ups with the time of their reminder set."""
    return [evolve(one, reminded_at=now) for one in follow_ups]


class RemindersContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.fixture(autouse=True)
    def leads(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, *(make_lead(lead, f"{lead}@example.com") for lead in LEADS))

    def test_due_follow_up_is_claimed_once(self, unit_of_work: UnitOfWorkFactory) -> None:
        due = make_follow_up(note="call")
        save(unit_of_work, due)
        assert claim(unit_of_work, NOW + DAY) == reminded(due, now=NOW + DAY)
        assert claim(unit_of_work, NOW + 2 * DAY) == []
        assert of(unit_of_work) == reminded(due, now=NOW + DAY)

    def test_future_follow_up_is_unclaimed(self, unit_of_work: UnitOfWorkFactory) -> None:
        later = make_follow_up(due_at=NOW + MICROSECOND)
        save(unit_of_work, later)
        assert claim(unit_of_work, NOW) == []
        assert claim(unit_of_work, NOW + MICROSECOND) == reminded(later, now=NOW + MICROSECOND)

    def test_done_follow_up_is_not_claimed(self, unit_of_work: UnitOfWorkFactory) -> None:
        save(unit_of_work, make_follow_up("a", done_at=NOW), make_follow_up("b", due_at=None, done_at=NOW))
        assert claim(unit_of_work, NOW + DAY) == []

    def test_oldest_due_follow_up_comes_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        ages = [3, 1, 2, 2, 5]
        due = [
            make_follow_up(f"f-{number}", LEADS[number], NOW - age * DAY) for number, age in enumerate(ages)
        ]
        save(unit_of_work, *due)
        claimed = [[one.id for one in claim(unit_of_work, limit=2)] for _ in range(4)]
        assert claimed == [["f-4", "f-0"], ["f-2", "f-3"], ["f-1"], []]

    def test_uncommitted_claim_is_repeated(self, unit_of_work: UnitOfWorkFactory) -> None:
        due = make_follow_up()
        save(unit_of_work, due)
        with unit_of_work() as tx:
            assert tx.follow_ups.claim_unreminded(NOW, limit=9) == reminded(due)
        assert claim(unit_of_work) == reminded(due)

    def test_saving_stale_copy_keeps_claim(self, unit_of_work: UnitOfWorkFactory) -> None:
        due = make_follow_up()
        save(unit_of_work, due)
        claim(unit_of_work)
        save(unit_of_work, evolve(due, note="read before"))
        assert find_open(unit_of_work) == evolve(due, note="read before", reminded_at=NOW)

    def test_replanned_follow_up_is_claimed_again(self, unit_of_work: UnitOfWorkFactory) -> None:
        save(unit_of_work, make_follow_up("old"))
        claim(unit_of_work)
        new = make_follow_up("new", due_at=NOW + DAY)
        with unit_of_work() as tx:
            tx.follow_ups.remove("old")
            tx.follow_ups.save(new)
            tx.commit()
        assert claim(unit_of_work, NOW + DAY) == reminded(new, now=NOW + DAY)

    def test_concurrent_claims_are_disjoint(self, unit_of_work: UnitOfWorkFactory) -> None:
        save(unit_of_work, *(make_follow_up(f"f-{lead}", lead) for lead in LEADS))

        def claim_all(_number: int) -> list[FollowUp]:
            claimed: list[FollowUp] = []
            while some := claim(unit_of_work, limit=1):
                claimed += some
            return claimed

        claimed = [one.id for some in run_in_threads(THREADS, claim_all) for one in some]
        assert sorted(claimed) == [f"f-{lead}" for lead in LEADS]
