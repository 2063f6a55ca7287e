"""Lists whose order no index has for all of their leads, but several indexes for a part each."""

from collections.abc import Callable
from typing import Any

import pytest

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor
from tests.integration.adapters.database.schema.query_plans.conftest import (
    CURSOR,
    MIDDLE,
    ROWS_READ,
    Ask,
)
from tests.support.instruments.query_plans import Explanation

OF_LEADS = {"leads_pkey", "sqlite_autoindex_leads_1"}
"""The indexes by which the leads of the ids on a page are read, which are then sorted."""

TWO_STATES = frozenset([LeadState.CONVERTED, LeadState.LOST])
BY_UPDATE = {"leads_listed_updated_at", "leads_answered_duplicate_updated_at"}
BY_FOLLOW_UP = {"leads_listed_follow_up_at", "leads_answered_duplicate_follow_up_at"}
BY_STATE = {"leads_unowned_state_created_at"}
BY_SOURCE = {"leads_listed_source_created_at", "leads_answered_duplicate_source_created_at"}
BY_STATE_OF_ALL = {"leads_listed_state_created_at", "leads_answered_duplicate_state_created_at"}
LISTS: dict[str, tuple[Sort, dict[str, Any], set[str]]] = {
    "all, last updated": (Sort.LATEST_UPDATED, {}, BY_UPDATE),
    "all, first updated": (Sort.UPDATED_AT, {}, BY_UPDATE),
    "all, next follow-ups": (Sort.FOLLOW_UP_AT, {}, BY_FOLLOW_UP),
    "unowned": (Sort.LATEST_CREATED, {"is_unowned": True}, BY_STATE),
    "unowned, oldest first": (Sort.CREATED_AT, {"is_unowned": True}, BY_STATE),
    "unowned primary leads": (
        Sort.LATEST_CREATED,
        {"is_unowned": True, "duplicates": Duplicates.EXCLUDE},
        BY_STATE,
    ),
    "unowned open leads": (
        Sort.LATEST_CREATED,
        {"is_unowned": True, "duplicates": Duplicates.OPEN},
        BY_STATE,
    ),
    "unowned in two states": (Sort.LATEST_CREATED, {"is_unowned": True, "states": TWO_STATES}, BY_STATE),
    "a source": (Sort.LATEST_CREATED, {"source": "fair"}, BY_SOURCE),
    "an unknown source, first updated": (Sort.UPDATED_AT, {"source": "unknown"}, BY_SOURCE),
    "unowned of an unknown source": (
        Sort.LATEST_CREATED,
        {"is_unowned": True, "source": "unknown"},
        BY_SOURCE,
    ),
    "unowned of an unknown source, next follow-ups": (
        Sort.FOLLOW_UP_AT,
        {"is_unowned": True, "source": "unknown"},
        BY_SOURCE,
    ),
    "a rare state": (
        Sort.LATEST_CREATED,
        {"states": frozenset([LeadState.CONVERTED])},
        BY_STATE_OF_ALL,
    ),
    "two states of an owner": (
        Sort.LATEST_CREATED,
        {"owner": "bob", "states": TWO_STATES},
        {"leads_owned_state_created_at"},
    ),
    "unowned since a day": (Sort.LATEST_CREATED, {"is_unowned": True, "created_from": MIDDLE}, BY_STATE),
}


def ask(sort: Sort, after: Cursor | None, criteria: dict[str, Any]) -> Ask:
    """A query for a page of 50 leads; with duplicates, unless the criteria say otherwise."""
    lead_filter = LeadFilter(**{"duplicates": Duplicates.INCLUDE, **criteria})
    return lambda leads: leads.page(lead_filter, limit=50, after=after, sort=sort)


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize(("sort", "criteria", "indexes"), LISTS.values(), ids=LISTS.keys())
def test_merged_list_reads_a_page_of_each_index(
    explained: Callable[[Ask], Explanation],
    sort: Sort,
    criteria: dict[str, Any],
    indexes: set[str],
    after: Cursor | None,
) -> None:
    explanation = explained(ask(sort, after, criteria))
    assert explanation.indexes - OF_LEADS == indexes
    assert explanation.work < 150 * ROWS_READ


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sort", [Sort.LATEST_CREATED, Sort.CREATED_AT])
def test_search_among_few_unowned_leads_reads_only_these(
    explained: Callable[[Ask], Explanation], sort: Sort
) -> None:
    criteria = {"is_unowned": True, "search": Search.parse("common w4")}
    explanation = explained(ask(sort, None, criteria))
    of_tables = {index for index in explanation.indexes if ":" not in index}  # not those of FTS5
    assert of_tables - OF_LEADS == {*BY_STATE, "lead_search_lead_id"}
    assert explanation.work < 1_000 * ROWS_READ  # of 500 leads, instead of 20,000


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("duplicates", Duplicates)
@pytest.mark.parametrize("search", [None, Search.parse("common w4")], ids=["all", "a search"])
@pytest.mark.parametrize("sort", Sort)
def test_count_of_few_unowned_leads_reads_only_these(
    explained: Callable[[Ask], Explanation], sort: Sort, search: Search | None, duplicates: Duplicates
) -> None:
    lead_filter = LeadFilter(is_unowned=True, search=search, duplicates=duplicates)
    explanation = explained(lambda leads: leads.count(lead_filter, limit=1_001, sort=sort))
    of_tables = {index for index in explanation.indexes if ":" not in index}
    of_duplicates = {"leads_duplicate_created_at"} if duplicates is Duplicates.ONLY else set()
    assert of_tables <= {*BY_STATE, *of_duplicates, "lead_search_lead_id"}
    assert explanation.work < 1_000 * ROWS_READ
