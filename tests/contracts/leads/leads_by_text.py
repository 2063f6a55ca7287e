"""Contract suite of ``LeadsByText``: lists of leads in the order of a text, page by page."""

from collections.abc import Iterator

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search, search_terms
from leadtracker.domain.model.leads.queries.text_order import LeadText, TextSort
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.leads.find_leads import FindLeads
from tests.contracts.leads.lead_order import meets
from tests.contracts.leads.lead_pages import EVERYTHING, MAX_PAGES, filters, reading
from tests.contracts.leads.lead_repository import store
from tests.contracts.leads.lead_search_pages import QUERIES, searchable_leads
from tests.support.memory.leads.phone_parser import MemoryPhoneParser

NAMES = (("Äda", "Mayer"), ("ada", "Meyer"), ("Émile", None), ("Emma", "Ott"), ("Łukasz", "Nowak"))
IN_ORDER: dict[str, tuple[str | None, ...]] = {
    "name": ("Äda Mayer", "ada Meyer", "Émile", "Emma Ott", "Łukasz Nowak"),
    "state": (LeadState.PENDING, LeadState.REACHED_OUT, LeadState.CONVERTED, LeadState.LOST),
    "owner": ("ann", "bob"),
    "source": ("ad", "Öre", "ort"),
}
"""The texts of the leads in their ascending order, written by hand."""


def sortable_leads() -> list[Lead]:
    """Build leads that also differ in name, and in case and umlauts of the source."""
    return [
        evolve(
            lead,
            first_name=NAMES[number * 3 % 5][0],
            last_name=NAMES[number * 3 % 5][1],
            source=("ort", "Öre", "ad", None)[number % 4],
        )
        for number, lead in enumerate(searchable_leads())
    ]


def text_of(lead: Lead, sort: TextSort) -> str | None:
    """Return the text of a lead that sorts it."""
    texts = {"name": lead.full_name, "state": lead.state, "owner": lead.owner, "source": lead.source}
    return texts[sort.removeprefix("-")]


def in_text_order(leads: list[Lead], sort: TextSort) -> list[Lead]:
    """Return leads in the order of a list, computed as simply as possible."""
    texts = IN_ORDER[sort.removeprefix("-")][:: -1 if sort.startswith("-") else 1]
    latest_first = sorted(leads, key=lambda lead: (lead.created_at, lead.id), reverse=True)
    return [lead for text in (*texts, None) for lead in latest_first if text_of(lead, sort) == text]


class LeadsByTextContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture
    def leads(self, unit_of_work: UnitOfWorkFactory) -> list[Lead]:
        return store(unit_of_work, *sortable_leads())

    @reading
    @given(
        query=st.none() | st.sampled_from(QUERIES),
        lead_filter=filters,
        sort=st.sampled_from(TextSort),
        limit=st.sampled_from([1, 5, 200]),
    )
    def test_texts_are_those_of_matching_leads(
        self,
        unit_of_work: UnitOfWorkFactory,
        leads: list[Lead],
        query: str | None,
        lead_filter: LeadFilter,
        sort: TextSort,
        limit: int,
    ) -> None:
        search = None if query is None else Search.parse(query)
        expected = {
            LeadText(lead.id, lead.created_at, text_of(lead, sort))
            for lead in leads
            if meets(lead, lead_filter) and (search is None or search.finds(search_terms(lead)))
        }
        with unit_of_work.read_only() as tx:
            found = tx.leads_by_text.texts(evolve(lead_filter, search=search), sort, limit=limit)
        assert len(found) == len(set(found)) == min(limit, len(expected))
        assert set(found) <= expected

    @reading
    @given(lead_filter=filters, sort=st.sampled_from(TextSort), limit=st.sampled_from([1, 3, 7, 200]))
    def test_all_pages_together_are_the_sorted_list(
        self,
        unit_of_work: UnitOfWorkFactory,
        leads: list[Lead],
        lead_filter: LeadFilter,
        sort: TextSort,
        limit: int,
    ) -> None:
        pages = list(pages_by_text(unit_of_work, lead_filter, limit, sort))
        expected = [lead for lead in leads if meets(lead, lead_filter)]
        assert [lead for page in pages for lead in page.items] == in_text_order(expected, sort)
        assert {len(page.items) for page in pages[:-1]} <= {limit}

    @pytest.mark.parametrize("sort", TextSort)
    def test_payload_pages_equal_those_of_leads(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], sort: TextSort
    ) -> None:
        first = find_leads(unit_of_work).payload(OPERATOR, EVERYTHING, limit=5, after=None, sort=sort)
        second = find_leads(unit_of_work).payload(OPERATOR, EVERYTHING, limit=5, after=first.next, sort=sort)
        expected = [lead_payload(lead) for lead in in_text_order(leads, sort)]
        assert [*first.items, *second.items] == expected[:10]

    @pytest.mark.parametrize("sort", TextSort)
    def test_erased_lead_of_the_cursor_loses_no_other(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], sort: TextSort
    ) -> None:
        alone = [lead for lead in leads if lead.duplicate_of is None and not lead.enquiries]
        seen: list[Lead] = []
        expected = in_text_order([lead for lead in leads if lead.duplicate_of is None], sort)
        for page in pages_by_text(unit_of_work, LeadFilter(), 2, sort):
            seen += page.items
            with unit_of_work() as tx:
                for lead in page.items:
                    if lead in alone:
                        tx.leads.erase(lead.id)
                tx.commit()
        assert seen == expected

    def test_leads_come_in_the_order_of_their_ids_without_erased_ones(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead]
    ) -> None:
        chosen = [leads[5], leads[2], leads[9]]
        ids = [chosen[0].id, "erased", *(lead.id for lead in chosen[1:])]
        with unit_of_work.read_only() as tx:
            assert tx.leads_by_text.leads(ids) == chosen
            assert tx.leads_by_text.payload(ids) == [lead_payload(lead) for lead in chosen]
            assert tx.leads_by_text.leads([]) == []
            assert tx.leads_by_text.payload([]) == []


def find_leads(unit_of_work: UnitOfWorkFactory) -> FindLeads:
    """Return the use case that sorts what the store has."""
    return FindLeads(unit_of_work=unit_of_work, phones=MemoryPhoneParser())


def pages_by_text(
    unit_of_work: UnitOfWorkFactory, lead_filter: LeadFilter, limit: int, sort: TextSort
) -> Iterator[Page[Lead]]:
    """Yield every page of a list, read lazily."""
    after: Cursor | None = None
    for _ in range(MAX_PAGES):
        page = find_leads(unit_of_work)(OPERATOR, lead_filter, limit=limit, after=after, sort=sort)
        yield page
        if page.next is None:
            return
        after = page.next
    message = "the list does not end"
    raise AssertionError(message)
