"""Counting the leads of a list costs what its limit allows, not what the table holds."""

from collections.abc import Callable

import pytest

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import Search
from tests.integration.adapters.database.schema.query_plans.conftest import LAST, Ask
from tests.support.instruments.query_plans import Explanation

COUNTED = 200
COUNTS: dict[str, tuple[LeadFilter, Sort, str]] = {
    "the list": (LeadFilter(duplicates=Duplicates.OPEN), Sort.LATEST_CREATED, "leads_created_at"),
    "next follow-ups": (
        LeadFilter(duplicates=Duplicates.OPEN),
        Sort.FOLLOW_UP_AT,
        "leads_listed_follow_up_at",
    ),
    "a rare state": (
        LeadFilter(states=frozenset([LeadState.CONVERTED])),
        Sort.LATEST_CREATED,
        "leads_listed_state_created_at",
    ),
    "an owner": (
        LeadFilter(owner="ann", duplicates=Duplicates.OPEN),
        Sort.LATEST_CREATED,
        "leads_owned_created_at",
    ),
    "unowned leads": (
        LeadFilter(is_unowned=True, duplicates=Duplicates.OPEN),
        Sort.LATEST_CREATED,
        "leads_unowned_state_created_at",
    ),
}


@pytest.mark.parametrize(("lead_filter", "sort", "index"), COUNTS.values(), ids=COUNTS.keys())
def test_work_of_count_follows_limit(
    explained: Callable[[Ask], Explanation], lead_filter: LeadFilter, sort: Sort, index: str
) -> None:
    explanation = explained(lambda leads: leads.count(lead_filter, limit=COUNTED, sort=sort))
    # PostgreSQL may prefer to sort a few leads, or to read all in order, as long as it need not read many.
    assert explanation.indexes <= {index, "leads_created_at"}
    assert explanation.work < 60 * COUNTED


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
def test_search_is_counted_in_its_time_range(explained: Callable[[Ask], Explanation]) -> None:
    lead_filter = LeadFilter(search=Search.parse("common"), is_unowned=True, created_from=LAST)
    explanation = explained(lambda leads: leads.count(lead_filter, limit=COUNTED, sort=Sort.LATEST_UPDATED))
    assert explanation.work < 60 * COUNTED
