"""Contract suite of ``LeadRepository``: concurrent changes of one lead."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from leadtracker.domain.errors import DuplicateLead, VersionConflict
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tests.contracts.leads.lead_changes import BOB, changed, find_primary, save
from tests.contracts.leads.lead_repository import everything, store
from tests.support.builders import make_lead
from tests.support.instruments.concurrency import run_in_threads

THREADS = 10
BLOCKED_CHECK_SECONDS = 0.2
UNBLOCK_TIMEOUT_SECONDS = 10


class LeadRacesContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_concurrent_read_and_save_loses_nothing(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead(message=""))

        def add(number: int) -> None:
            with unit_of_work() as tx:
                lead = tx.leads.get("lead-1")
                tx.leads.save(changed(lead, message=f"{lead.message}{number}"))
                tx.commit()

        run_in_threads(THREADS, add)
        lead = everything(unit_of_work)["lead-1"]
        assert lead.version == 1 + THREADS
        assert sorted(lead.message or "") == [str(number) for number in range(THREADS)]

    def test_concurrent_saves_have_one_winner(self, unit_of_work: UnitOfWorkFactory) -> None:
        [lead] = store(unit_of_work, make_lead())

        def try_to_save(number: int) -> int | None:
            try:
                save(unit_of_work, changed(lead, source=str(number)))
            except VersionConflict as raised:
                return raised.version
            return None

        outcomes = run_in_threads(THREADS, try_to_save)
        assert sorted(outcomes, key=str) == [2] * (THREADS - 1) + [None]
        assert everything(unit_of_work)["lead-1"].source == str(outcomes.index(None))

    def test_concurrent_address_claims_have_one_winner(self, unit_of_work: UnitOfWorkFactory) -> None:
        leads = store(unit_of_work, *(make_lead(f"lead-{n}", f"p{n}@x.example") for n in range(THREADS)))

        def take(number: int) -> str:
            try:
                return save(unit_of_work, changed(leads[number], email=BOB)).id
            except DuplicateLead as raised:
                return raised.lead_id

        winners = set(run_in_threads(THREADS, take))
        first = find_primary(unit_of_work, BOB.key)
        assert first is not None
        assert winners == {first.id}

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda tx: tx.leads.save(changed(make_lead())), id="save"),
            pytest.param(lambda tx: tx.leads.get("lead-1"), id="get"),
            pytest.param(lambda tx: tx.leads.erase("lead-1"), id="erase"),
        ],
    )
    def test_reading_for_update_waits_for_the_lock(
        self, unit_of_work: UnitOfWorkFactory, change: Callable[[UnitOfWork], object]
    ) -> None:
        store(unit_of_work, make_lead())

        def act() -> None:
            with unit_of_work() as tx:
                change(tx)

        with ThreadPoolExecutor(1) as pool:
            with unit_of_work() as tx:
                tx.leads.get("lead-1")
                second = pool.submit(act)
                with pytest.raises(TimeoutError):
                    second.result(BLOCKED_CHECK_SECONDS)
            second.result(UNBLOCK_TIMEOUT_SECONDS)
