"""Contract suite of ``LeadRepository``: order and pages of search results."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import Search, search_terms
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_order import in_order, meets, position
from tests.contracts.leads.lead_pages import all_pages, filters, find, many_leads, reading
from tests.contracts.leads.lead_repository import store
from tests.contracts.leads.lead_search import searching
from tests.support.builders import make_lead
from tests.support.clock import EARLIEST, LATEST, MICROSECOND, NOW

SECOND = timedelta(seconds=1)
MESSAGES = ("Roof leaks", "Röof", "roofing, please", "cellar", None)
QUERIES = ["roof", "ro", "roof leaks", "cellar", "p1", "example", "unknown", "", "+1 555", "0555 1234"]


def searchable_leads() -> list[Lead]:
    """Build leads that also differ in message, phone number and second of receipt."""
    return [
        evolve(
            lead,
            message=MESSAGES[number % 5],
            phone=("+15551234567", None)[number % 2],
            created_at=lead.created_at + number % 4 * SECOND,
        )
        for number, lead in enumerate(many_leads())
    ]


def rough_position(lead: Lead, sort: Sort) -> tuple[datetime, str]:
    """Return the sort key of a lead among search results, whose order within a second is undefined."""
    at, lead_id = position(lead, sort)
    return (at.replace(microsecond=0), "") if sort.key == Sort.CREATED_AT else (at, lead_id)


class LeadSearchPagesContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture
    def leads(self, unit_of_work: UnitOfWorkFactory) -> list[Lead]:
        return store(unit_of_work, *searchable_leads())

    @reading
    @given(
        text=st.sampled_from(QUERIES),
        lead_filter=filters,
        sort=st.sampled_from(Sort),
        limit=st.sampled_from([1, 3, 200]),
    )
    def test_search_pages_show_each_match_once(
        self,
        unit_of_work: UnitOfWorkFactory,
        leads: list[Lead],
        text: str,
        lead_filter: LeadFilter,
        sort: Sort,
        limit: int,
    ) -> None:
        search = Search.parse(text)
        expected = [lead for lead in leads if search.finds(search_terms(lead)) and meets(lead, lead_filter)]
        lead_filter = evolve(lead_filter, search=search)
        with unit_of_work.read_only() as tx:
            assert tx.leads.count(lead_filter, limit=limit, sort=sort) == min(limit, len(expected))
        pages = list(all_pages(unit_of_work, lead_filter, limit, sort))
        shown = [lead for page in pages for lead in page.items]
        assert in_order(shown, sort) == in_order(expected, sort)
        positions = [rough_position(lead, sort) for lead in shown]
        assert positions == sorted(positions, reverse=sort.is_descending)
        assert {len(page.items) for page in pages[:-1]} <= {limit}

    @pytest.mark.parametrize("sort", Sort)
    @pytest.mark.parametrize("limit", [1, 2, 5, 23, 24, 25])
    def test_order_is_independent_of_page_size(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], limit: int, sort: Sort
    ) -> None:
        lead_filter = searching("example")
        pages = all_pages(unit_of_work, lead_filter, limit, sort)
        shown = [lead.id for page in pages for lead in page.items]
        assert shown == find(unit_of_work, lead_filter, sort=sort)
        assert len(shown) == len(leads)

    @pytest.mark.parametrize("sort", [Sort.CREATED_AT, Sort.LATEST_CREATED])
    def test_older_lead_is_sorted_by_creation(self, unit_of_work: UnitOfWorkFactory, sort: Sort) -> None:
        ages = [NOW, EARLIEST, NOW - SECOND, LATEST, NOW + SECOND, NOW - timedelta(days=36_500)]
        store(unit_of_work, *(make_lead(str(age), f"p{n}@x.example", age) for n, age in enumerate(ages)))
        expected = [str(age) for age in sorted(ages, reverse=sort.is_descending)]
        assert find(unit_of_work, searching("ann"), sort=sort) == expected
        pages = all_pages(unit_of_work, searching("ann"), 1, sort)
        assert [lead.id for page in pages for lead in page.items] == expected

    @pytest.mark.parametrize("second", [NOW, LATEST - 2 * SECOND + MICROSECOND, EARLIEST + SECOND], ids=str)
    def test_last_microsecond_stays_in_its_second(
        self, unit_of_work: UnitOfWorkFactory, second: datetime
    ) -> None:
        store(unit_of_work, make_lead("later", created_at=second))
        store(unit_of_work, make_lead("earlier", "bob@example.com", second - MICROSECOND))
        store(unit_of_work, make_lead("latest", "eve@example.com", second + SECOND))
        store(unit_of_work, make_lead("late", "joe@example.com", second + SECOND - MICROSECOND))
        assert find(unit_of_work, searching("ann"), sort=Sort.CREATED_AT)[0] == "earlier"
        assert find(unit_of_work, searching("ann"))[0] == "latest"

    @pytest.mark.parametrize("timestamp", [NOW, EARLIEST + SECOND, LATEST - SECOND], ids=str)
    def test_creation_bounds_are_exact(self, unit_of_work: UnitOfWorkFactory, timestamp: datetime) -> None:
        timestamps = [timestamp + number * MICROSECOND for number in (-1, 0, 1, 2)]
        for number, created_at in enumerate(timestamps):
            store(unit_of_work, make_lead(str(number), f"p{number}@x.example", created_at))
        lead_filter = evolve(searching("ann"), created_from=timestamps[1], created_to=timestamps[3])
        for sort in Sort:
            assert set(find(unit_of_work, lead_filter, sort=sort)) == {"1", "2"}
        assert find(unit_of_work, evolve(lead_filter, created_to=timestamps[1])) == []

    def test_change_does_not_move_a_lead(self, unit_of_work: UnitOfWorkFactory, leads: list[Lead]) -> None:
        before = find(unit_of_work, searching("example"))
        with unit_of_work() as tx:
            tx.leads.save(evolve(tx.leads.get(leads[5].id), message="changed").changed(LATEST))
            tx.commit()
        assert find(unit_of_work, searching("example")) == before

    @pytest.mark.parametrize("sort", Sort)
    def test_page_continues_after_an_erased_lead(self, unit_of_work: UnitOfWorkFactory, sort: Sort) -> None:
        ages = [NOW + number * SECOND for number in range(5)]
        store(unit_of_work, *(make_lead(f"l{n}", f"p{n}@x.example", age) for n, age in enumerate(ages)))
        with unit_of_work() as tx:
            page = tx.leads.page(searching("ann"), limit=2, sort=sort)
            tx.leads.erase(page.items[1].id)
            tx.commit()
        rest = find(unit_of_work, searching("ann"), after=page.next, sort=sort)
        expected = ["l2", "l1", "l0"] if sort.is_descending else ["l2", "l3", "l4"]
        assert rest == expected

    @pytest.mark.parametrize("sort", Sort)
    @pytest.mark.parametrize("at", [EARLIEST, NOW, LATEST], ids=str)
    @pytest.mark.parametrize("lead_id", ["", "unknown", "~", "lead-007"])
    def test_forged_cursor_keeps_the_filter(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], sort: Sort, at: datetime, lead_id: str
    ) -> None:
        lead_filter = evolve(searching("roof"), created_to=NOW + SECOND, duplicates=Duplicates.ONLY)
        allowed = find(unit_of_work, lead_filter, sort=sort)
        shown = find(unit_of_work, lead_filter, after=Cursor(at, lead_id), sort=sort)
        assert len(set(shown)) == len(shown)
        assert set(shown) <= set(allowed)
        assert len(allowed) < len(leads)
