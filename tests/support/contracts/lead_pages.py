"""What ``LeadRepository`` promises about finding and counting leads."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadtracker.domain.model.lead import Lead, LeadState
from leadtracker.domain.model.lead_query import Cursor, Duplicates, LeadFilter, LeadPage, Order
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_lead
from tests.support.clock import MICROSECOND, NOW
from tests.support.contracts.lead_repository import store

EVERYTHING = LeadFilter(duplicates=Duplicates.INCLUDE)
MOMENTS = [NOW + place * MICROSECOND for place in range(4)]
STATES = list(LeadState)

instants = st.sampled_from([NOW - timedelta(days=1), *MOMENTS, NOW + timedelta(days=1)])
ids = st.sampled_from(["", "lead-000", "lead-007", "lead-020", "~"])
filters = st.builds(
    LeadFilter,
    created_from=st.none() | instants,
    created_to=st.none() | instants,
    states=st.frozensets(st.sampled_from(LeadState)),
    email_key=st.sampled_from([None, None, "p1@example.com", "nobody@example.com"]),
    source=st.sampled_from([None, None, "ad", "nowhere"]),
    duplicates=st.sampled_from(Duplicates),
)
# Sharing the fixtures between examples does no harm, because these only read.
reading = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def crowd() -> list[Lead]:
    """Leads that differ in everything one can ask for, many of them of the same instant."""
    return [
        make_lead(
            f"lead-{(number * 7) % 24:03}",
            email=f"p{number % 9}@example.com",
            created_at=MOMENTS[number % 3],
            state=STATES[number % 4],
            source=("ad", "friend", None)[number % 3],
        )
        for number in range(24)
    ]


def meets(lead: Lead, wanted: LeadFilter) -> bool:
    """Whether a lead meets a filter, written once more in the simplest way."""
    kinds = {
        Duplicates.INCLUDE: {True, False},
        Duplicates.EXCLUDE: {False},
        Duplicates.ONLY: {True},
    }
    return all(
        [
            wanted.created_from is None or lead.created_at >= wanted.created_from,
            wanted.created_to is None or lead.created_at < wanted.created_to,
            not wanted.states or lead.state in wanted.states,
            wanted.email_key is None or lead.email.key == wanted.email_key,
            wanted.source is None or lead.source == wanted.source,
            (lead.duplicate_of is not None) in kinds[wanted.duplicates],
        ]
    )


def in_order(leads: list[Lead], order: Order) -> list[Lead]:
    """Leads as a listing shows them."""
    newest_first = order is Order.NEWEST_FIRST
    return sorted(leads, key=lambda lead: (lead.created_at, lead.id), reverse=newest_first)


def is_behind(lead: Lead, after: Cursor | None, order: Order) -> bool:
    """Whether a lead comes after a place in a listing."""
    if after is None:
        return True
    place, there = (lead.created_at, lead.id), (after.created_at, after.lead_id)
    return place < there if order is Order.NEWEST_FIRST else place > there


class LeadPagesContract:
    """Needs the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture
    def leads(self, unit_of_work: UnitOfWorkFactory) -> list[Lead]:
        return store(unit_of_work, *crowd())

    @pytest.mark.parametrize("order", Order)
    @pytest.mark.parametrize("limit", [1, 2, 5, 23, 24, 25])
    def test_pages_show_every_lead_exactly_once_even_of_one_instant(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], limit: int, order: Order
    ) -> None:
        pages = list(all_pages(unit_of_work, EVERYTHING, limit, order))
        assert [lead for page in pages for lead in page.leads] == in_order(leads, order)
        assert {len(page.leads) for page in pages[:-1]} <= {limit}
        assert 1 <= len(pages[-1].leads) <= limit

    @reading
    @given(
        wanted=filters,
        after=st.none() | st.builds(Cursor, instants, ids),
        order=st.sampled_from(Order),
        limit=st.sampled_from([1, 3, 200]),
    )
    def test_a_page_has_the_next_leads_that_meet_the_filter_and_no_others(
        self,
        unit_of_work: UnitOfWorkFactory,
        leads: list[Lead],
        wanted: LeadFilter,
        after: Cursor | None,
        order: Order,
        limit: int,
    ) -> None:
        expected = [
            lead for lead in in_order(leads, order) if meets(lead, wanted) and is_behind(lead, after, order)
        ]
        with unit_of_work.read_only() as tx:
            page = tx.leads.page(wanted, limit=limit, after=after, order=order)
        assert list(page.leads) == expected[:limit]
        last = page.leads[-1] if len(expected) > limit else None
        assert page.next == (last and Cursor(last.created_at, last.id))

    def test_the_bounds_are_exact_to_the_microsecond(self, unit_of_work: UnitOfWorkFactory) -> None:
        before, first, last, behind = MOMENTS
        for moment in MOMENTS:
            store(unit_of_work, make_lead(str(moment), f"{moment.microsecond}@x.example", moment))
        found = find(unit_of_work, LeadFilter(created_from=first, created_to=behind))
        assert found == [str(last), str(first)]
        assert find(unit_of_work, LeadFilter(created_from=first, created_to=first)) == []
        assert find(unit_of_work, LeadFilter(created_from=behind, created_to=before)) == []

    @pytest.mark.parametrize("forged", [MOMENTS[2], MOMENTS[2] + MICROSECOND, NOW.max])
    def test_a_forged_cursor_does_not_widen_the_dates_asked_for(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], forged: datetime
    ) -> None:
        forged = forged.replace(tzinfo=NOW.tzinfo)
        wanted = evolve(EVERYTHING, created_to=MOMENTS[2])
        shown = find(unit_of_work, wanted, after=Cursor(forged, "~"))
        assert shown == find(unit_of_work, wanted) != []
        assert len(shown) < len(leads)

    @pytest.mark.parametrize("forged", [MOMENTS[1] - MICROSECOND, MOMENTS[1], NOW.min])
    def test_nor_does_it_when_the_oldest_come_first(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], forged: datetime
    ) -> None:
        forged = forged.replace(tzinfo=NOW.tzinfo)
        wanted = evolve(EVERYTHING, created_from=MOMENTS[1])
        order = Order.OLDEST_FIRST
        shown = find(unit_of_work, wanted, after=Cursor(forged, ""), order=order)
        assert shown == find(unit_of_work, wanted, order=order) != []
        assert len(shown) < len(leads)

    def test_a_lead_that_comes_in_meanwhile_moves_nothing(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead]
    ) -> None:
        pages = all_pages(unit_of_work, EVERYTHING, 5, Order.NEWEST_FIRST)
        seen = list(next(pages).leads)
        store(unit_of_work, make_lead("new", "new@example.com", MOMENTS[3]))
        seen += [lead for page in pages for lead in page.leads]
        assert seen == in_order(leads, Order.NEWEST_FIRST)

    def test_the_weekly_count_is_of_first_leads_from_start_to_before_end(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead]
    ) -> None:
        first, _, end, _ = MOMENTS
        firsts = [lead for lead in leads if lead.duplicate_of is None]
        with unit_of_work.read_only() as tx:
            counted = tx.leads.count_for_report(first, end)
            empty = tx.leads.count_for_report(end + MICROSECOND, end + timedelta(days=7))
        assert counted == len([lead for lead in firsts if first <= lead.created_at < end])
        assert 0 == empty < counted < len(firsts) < len(leads)


def all_pages(
    unit_of_work: UnitOfWorkFactory, wanted: LeadFilter, limit: int, order: Order
) -> Iterator[LeadPage]:
    """Every page of a listing, each read when it is asked for."""
    after: Cursor | None = None
    while True:
        with unit_of_work.read_only() as tx:
            page = tx.leads.page(wanted, limit=limit, after=after, order=order)
        yield page
        if page.next is None:
            return
        after = page.next


def find(
    unit_of_work: UnitOfWorkFactory,
    wanted: LeadFilter,
    after: Cursor | None = None,
    order: Order = Order.NEWEST_FIRST,
) -> list[str]:
    """The ids of the leads on a long page."""
    with unit_of_work.read_only() as tx:
        page = tx.leads.page(wanted, limit=200, after=after, order=order)
    return [lead.id for lead in page.leads]
