"""Searches and lookups of addresses use an index, and their work does not grow with the hits."""

from collections.abc import Callable

import pytest

from leadtracker.domain.model.leads.queries.lead_query import (
    Cursor,
    Duplicates,
    Sort,
)
from leadtracker.domain.model.leads.queries.search import Search
from tests.integration.adapters.database.schema.query_plans.conftest import CURSOR, FIRST, Ask, page
from tests.support.instruments.query_plans import Explanation

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
    assert 0 < primary.work < 120
    assert 0 < duplicate.work < 120
    # Each index holds some of the leads: a lookup among all of them is two, and SQLite merges what they find.
    assert both.indexes == primary.indexes | duplicate.indexes
    assert both.work <= 1.5 * (primary.work + duplicate.work)
