"""Searches and lookups of addresses use an index, and their work does not grow with the hits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.adapters.database.repositories.leads.pages import access_path_choice
from leadtracker.adapters.database.repositories.leads.pages.search.postgres_full_text import PostgresFullText
from leadtracker.adapters.database.repositories.leads.pages.search.search_plan import (
    CompareLeads,
    SearchPlan,
    SortFirstMatches,
    SortMatches,
)
from leadtracker.adapters.database.repositories.leads.pages.search.sqlite_full_text import SqliteFullText
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor
from tests.integration.adapters.database.conftest import OpenDialect
from tests.integration.adapters.database.schema.query_plans.conftest import (
    CURSOR,
    FIRST,
    LAST,
    LEADS,
    Ask,
    page,
)
from tests.support.instruments.query_plans import Explanation

STORED = Cursor(FIRST + 5_000 * timedelta(minutes=50), "lead-105000")
"""A cursor at a lead that is stored with this time, and due then."""

ADDRESS = {
    kind: page(email_key="p26@example.com", duplicates=kind, created_from=FIRST) for kind in Duplicates
}


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("text", ["common", "comm", "w4", "common w4"])
@pytest.mark.parametrize("sort", [Sort.CREATED_AT, Sort.LATEST_CREATED])
def test_search_page_cost_is_independent_of_hits(
    explained: Callable[[Ask], Explanation], text: str, sort: Sort, after: Cursor | None
) -> None:
    explanation = explained(page(after, sort, search=Search.parse(text)))
    assert explanation.work < 90 * 51


@pytest.mark.parametrize("populated_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
def test_postgresql_rare_word_uses_the_index(
    explained: Callable[[Ask], Explanation], after: Cursor | None
) -> None:
    assert "lead_search_document" in explained(page(after, search=Search.parse("r123"))).indexes


@pytest.mark.parametrize("populated_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("text", "work"), [("r123", 200), ("unknown", 20)])
def test_postgresql_counts_few_matches_in_the_index(
    explained: Callable[[Ask], Explanation], text: str, work: int
) -> None:
    lead_filter = LeadFilter(search=Search.parse(text))
    explanation = explained(lambda leads: leads.count(lead_filter, limit=1_001))
    assert "lead_search_document" in explanation.indexes
    assert explanation.work <= work


@pytest.mark.parametrize("populated_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("sort", [Sort.CREATED_AT, Sort.LATEST_CREATED])
@pytest.mark.parametrize("text", ["common", "w4 r12", "r123", "unknown"])
def test_every_plan_of_postgresql_finds_the_same_page(
    populated_url: str, open_dialect: OpenDialect, text: str, sort: Sort, after: Cursor | None
) -> None:
    plans: list[tuple[SearchPlan, ...]] = [
        PostgresFullText().plans,
        (SortMatches(),),
        (CompareLeads(LEADS),),
        (CompareLeads(3), SortMatches(most_matches=3), CompareLeads(100), SortMatches()),
        (SortFirstMatches(LEADS),),
        (SortFirstMatches(100), SortMatches()),
    ]
    lead_filter = LeadFilter(search=Search.parse(text), duplicates=Duplicates.INCLUDE)
    found = []
    with PeeweeUnitOfWorkFactory(open_dialect(populated_url)).read_only() as tx:
        for some in plans:
            leads = evolve(tx.leads, full_text=PostgresFullText(plans=some))
            found.append(
                [lead.id for lead in leads.page(lead_filter, limit=50, after=after, sort=sort).items]
            )
    assert found == [found[0]] * len(plans)
    assert (text == "unknown") == (found[0] == [])


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("sort", [Sort.UPDATED_AT, Sort.LATEST_UPDATED, Sort.FOLLOW_UP_AT])
@pytest.mark.parametrize("duplicates", [Duplicates.OPEN, Duplicates.INCLUDE])
@pytest.mark.parametrize("text", ["common", "w4 r12", "unknown"])
def test_plans_of_other_orders_find_the_same_page(
    populated_url: str,
    open_dialect: OpenDialect,
    text: str,
    duplicates: Duplicates,
    sort: Sort,
    after: Cursor | None,
) -> None:
    dialect = open_dialect(populated_url)
    full_text = SqliteFullText if dialect.kind == "sqlite" else PostgresFullText
    plans: list[tuple[SearchPlan, ...]] = [
        full_text().plans,
        (SortMatches(),),
        (CompareLeads(3), CompareLeads(LEADS)),
    ]
    lead_filter = LeadFilter(search=Search.parse(text), duplicates=duplicates)
    found = []
    with PeeweeUnitOfWorkFactory(dialect).read_only() as tx:
        for some in plans:
            leads = evolve(tx.leads, full_text=full_text(plans=some))
            found.append(
                [lead.id for lead in leads.page(lead_filter, limit=50, after=after, sort=sort).items]
            )
    assert found == [found[0]] * len(plans)
    assert (text == "unknown") == (found[0] == [])


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("after", [None, STORED], ids=["first", "next"])
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("duplicates", Duplicates)
def test_compared_leads_are_those_of_matches(
    populated_url: str,
    open_dialect: OpenDialect,
    monkeypatch: pytest.MonkeyPatch,
    duplicates: Duplicates,
    sort: Sort,
    after: Cursor | None,
) -> None:
    states = frozenset([LeadState.PENDING])
    lead_filter = LeadFilter(search=Search.parse("w1"), states=states, duplicates=duplicates, created_to=LAST)
    found = []
    with PeeweeUnitOfWorkFactory(open_dialect(populated_url)).read_only() as tx:
        for many_matches in (LEADS, 10):  # from the second one on, the 9,000 leads in this state are compared
            monkeypatch.setattr(access_path_choice, "_MANY_MATCHES", many_matches)
            leads = tx.leads.page(lead_filter, limit=50, after=after, sort=sort).items
            found.append(([lead.id for lead in leads], tx.leads.count(lead_filter, limit=LEADS, sort=sort)))
    assert found[0] == found[1]
    assert found[0][0] or duplicates is Duplicates.ONLY


@pytest.mark.parametrize(
    ("criteria", "number"),
    [
        ({"text": "common"}, LEADS),
        ({"text": "w4"}, LEADS // 10),
        ({"text": "w4 w5"}, 0),
        ({"text": "common", "owner": "ann"}, LEADS // 40),
        ({"text": "common", "source": "fair"}, LEADS // 40),
        ({"text": "common", "source": "unknown"}, 0),
    ],
)
def test_search_is_counted_up_to_any_limit(
    populated_url: str, open_dialect: OpenDialect, criteria: dict[str, str], number: int
) -> None:
    others = {name: value for name, value in criteria.items() if name != "text"}
    search = Search.parse(criteria["text"])
    lead_filter = LeadFilter(search=search, duplicates=Duplicates.INCLUDE, **others)  # type: ignore[arg-type]
    with PeeweeUnitOfWorkFactory(open_dialect(populated_url)).read_only() as tx:
        counts = [tx.leads.count(lead_filter, limit=limit) for limit in (1, 201, 2 * LEADS)]
    assert counts == [min(number, 1), min(number, 201), number]


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sort", [Sort.LATEST_UPDATED, Sort.FOLLOW_UP_AT])
def test_sqlite_common_word_is_not_sorted_by_change(
    explained: Callable[[Ask], Explanation], sort: Sort
) -> None:
    common = explained(page(None, sort, search=Search.parse("common"), duplicates=Duplicates.OPEN))
    assert common.work < 60 * 2_000  # of 600 leads that are looked at, instead of 20,000


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("sort", [Sort.CREATED_AT, Sort.LATEST_CREATED])
def test_sqlite_ordered_search_does_not_sort(
    explained: Callable[[Ask], Explanation], sort: Sort, after: Cursor | None
) -> None:
    few, many = (explained(page(after, sort, search=Search.parse(text))) for text in ("w4", "common"))
    assert not few.sorts
    assert not many.sorts
    assert 0 < many.work < 1.2 * few.work


def test_address_lookup_uses_an_index(explained: Callable[[Ask], Explanation]) -> None:
    primary, duplicate, both = (
        explained(ADDRESS[kind]) for kind in (Duplicates.EXCLUDE, Duplicates.ONLY, Duplicates.INCLUDE)
    )
    assert primary.indexes == {"leads_primary_identity"}
    assert duplicate.indexes == {"leads_duplicate_identity"}
    assert 0 < primary.work < 150
    assert 0 < duplicate.work < 150
    # Each index holds some of the leads: a lookup among all of them is two, and SQLite merges what they find.
    assert both.indexes == primary.indexes | duplicate.indexes
    assert both.work <= 1.5 * (primary.work + duplicate.work)
