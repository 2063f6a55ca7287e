"""Contract suite of ``LeadRepository``: storing leads; ``lead_pages`` has the queries."""

import pytest
from attrs import evolve

from leadtracker.domain.errors import DuplicateLead, LeadNotFound
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.ports.leads.lead_repository import EnquiriesFull
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_lead, make_user
from tests.support.clock import EARLIEST, LATEST, MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

THREADS = 8


def store(unit_of_work: UnitOfWorkFactory, *leads: Lead) -> list[Lead]:
    """Commit leads with new or known addresses, and return them as they are stored."""
    with unit_of_work() as tx:
        for lead in leads:
            tx.leads.add_or_mark_duplicate(lead)
        tx.commit()
    with unit_of_work.read_only() as tx:
        return [tx.leads.get(lead.id) for lead in leads]


def everything(unit_of_work: UnitOfWorkFactory) -> dict[str, Lead]:
    """Return all committed leads by id."""
    with unit_of_work.read_only() as tx:
        page = tx.leads.page(LeadFilter(duplicates=Duplicates.INCLUDE), limit=1_000)
    return {lead.id: lead for lead in page.items}


class LeadRepositoryContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.mark.parametrize(
        "lead",
        [
            pytest.param(make_lead(), id="least"),
            pytest.param(
                make_lead(
                    email="Zoë.Müller@Bücher.example",
                    first_name="Zoë 🦊",
                    last_name="O'Neil; DROP TABLE leads",
                    phone="+15551234567",
                    message="Hello,\r\nworld % _ \\ ' \" ?",
                    source="ad: 50 %",
                    state=LeadState.REACHED_OUT,
                    created_at=NOW + MICROSECOND,
                    updated_at=NOW + 2 * MICROSECOND,
                    version=7,
                ),
                id="most",
            ),
            pytest.param(make_lead(created_at=EARLIEST), id="earliest"),
            pytest.param(make_lead(created_at=LATEST), id="latest"),
        ],
    )
    def test_stored_lead_round_trips(self, unit_of_work: UnitOfWorkFactory, lead: Lead) -> None:
        with unit_of_work() as tx:
            tx.leads.add(lead)
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.leads.get(lead.id) == lead

    def test_unknown_id_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx, pytest.raises(LeadNotFound) as raised:
            tx.leads.get("unknown")
        assert raised.value.name == "unknown"

    def test_adding_a_known_address_is_rejected_with_the_id_of_its_primary_lead(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        store(unit_of_work, make_lead("first"), make_lead("second"))
        with unit_of_work() as tx, pytest.raises(DuplicateLead) as raised:
            tx.leads.add(make_lead("third", email="ANN@EXAMPLE.COM"))
        assert raised.value.lead_id == "first"

    def test_error_leaves_the_transaction_usable(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead("first"))
        with unit_of_work() as tx:
            tx.leads.add(make_lead("before", email="before@example.com"))
            with pytest.raises(DuplicateLead):
                tx.leads.add(make_lead("rejected"))
            tx.leads.add(make_lead("after", email="after@example.com"))
            tx.commit()
        assert everything(unit_of_work).keys() == {"first", "before", "after"}

    def test_address_is_known_in_its_own_transaction(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.leads.add(make_lead("first"))
            with pytest.raises(DuplicateLead):
                tx.leads.add(make_lead("second"))
            tx.leads.add_or_mark_duplicate(make_lead("third"))
            assert tx.leads.get("third").duplicate_of == "first"

    def test_rolled_back_address_is_not_known(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.leads.add(make_lead("discarded"))
        assert store(unit_of_work, make_lead("first"))[0].duplicate_of is None

    def test_linking_an_unknown_address_stores_a_primary_lead(self, unit_of_work: UnitOfWorkFactory) -> None:
        lead = make_lead()
        assert store(unit_of_work, lead) == [lead]
        assert everything(unit_of_work) == {lead.id: lead}

    def test_duplicates_link_to_the_primary_lead(self, unit_of_work: UnitOfWorkFactory) -> None:
        first, second, third = (make_lead(lead_id, utm_term=lead_id) for lead_id in ("b", "c", "a"))
        stored = store(unit_of_work, first, second, third)
        linked = [evolve(lead, duplicate_of="b") for lead in (second, third)]
        assert stored == [evolve(first, enquiries=2, last_touch=second.touch), *linked]
        assert everything(unit_of_work) == {lead.id: lead for lead in stored}

    def test_duplicates_get_the_enabled_owner_of_the_primary_lead(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        with unit_of_work() as tx:
            tx.users.add(make_user("ann"))
            tx.users.add(make_user("bob", disabled_at=NOW))
            for address, owner in (
                ("a@example.com", "ann"),
                ("b@example.com", "bob"),
                ("c@example.com", None),
            ):
                tx.leads.add(make_lead(f"first {address}", email=address, owner=owner))
                tx.leads.add_or_mark_duplicate(make_lead(f"second {address}", email=address))
            tx.commit()
        stored = everything(unit_of_work)
        assert [stored[f"second {one}@example.com"].owner for one in "abc"] == ["ann", None, None]

    def test_concurrent_adds_have_one_winner(self, unit_of_work: UnitOfWorkFactory) -> None:
        def add(number: int) -> str:
            with unit_of_work() as tx:
                try:
                    tx.leads.add(make_lead(f"lead-{number}"))
                except DuplicateLead as raised:
                    return f"rejected for {raised.lead_id}"
                tx.commit()
                return "stored"

        outcomes = run_in_threads(THREADS, add)
        (first,) = everything(unit_of_work)
        assert sorted(outcomes) == [f"rejected for {first}"] * (THREADS - 1) + ["stored"]

    def test_concurrent_links_make_one_primary_lead(self, unit_of_work: UnitOfWorkFactory) -> None:
        leads = run_in_threads(THREADS, lambda n: store(unit_of_work, make_lead(f"lead-{n}"))[0])
        (first,) = [lead for lead in leads if lead.duplicate_of is None]
        assert {lead.duplicate_of for lead in leads} == {None, first.id}
        expected = {lead.id: lead for lead in leads}
        expected[first.id] = evolve(first, enquiries=THREADS - 1, last_touch=first.touch)
        assert everything(unit_of_work) == expected

    def test_enquiries_beyond_the_limit_are_not_stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        def add(lead_id: str) -> None:
            with unit_of_work() as tx:
                tx.leads.add_or_mark_duplicate(make_lead(lead_id), max_waiting=2)
                tx.commit()

        for lead_id in ("a", "b", "c"):
            add(lead_id)
        with pytest.raises(EnquiriesFull) as raised:
            add("d")
        assert raised.value.primary_id == "a"
        with unit_of_work() as tx:
            tx.leads.count_enquiry_quarantined("a")
            answered = tx.leads.get("b").with_state(LeadState.REACHED_OUT, NOW).changed(NOW)
            tx.leads.save_states([answered])
            tx.commit()
        add("e")
        found = everything(unit_of_work)
        assert sorted(found) == ["a", "b", "c", "e"]
        assert (found["a"].enquiries, found["a"].enquiries_quarantined) == (3, 1)

    def test_saving_keeps_the_number_of_enquiries(self, unit_of_work: UnitOfWorkFactory) -> None:
        first, second = store(unit_of_work, make_lead("a"), make_lead("b"))
        with unit_of_work() as tx:
            tx.leads.save(evolve(first, message="Hello", enquiries=0).changed(NOW))
            tx.leads.count_enquiries("a", 2)
            tx.leads.count_enquiries("a", -1)
            tx.commit()
        assert everything(unit_of_work)["a"].enquiries == 2
        assert everything(unit_of_work)["b"] == second

    def test_names_of_several_leads(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(
            unit_of_work,
            make_lead("a", "a@x.example", first_name="Ann", last_name="Lee"),
            make_lead("b", "b@x.example", first_name="Bob", last_name=None),
        )
        with unit_of_work.read_only() as tx:
            assert tx.leads.names({"a", "b", "unknown"}) == {"a": "Ann Lee", "b": "Bob"}
            assert tx.leads.names([]) == {}
