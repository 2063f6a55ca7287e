"""Lists in the order of a text read all their leads by an index, and no more than can be sorted."""

import pytest

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.leads.queries.text_order import TextSort
from leadtracker.domain.model.values.timestamps import TimeRange
from tests.integration.adapters.database.schema.query_plans.conftest import (
    DEEP,
    FIRST,
    LAST,
    LEADS,
    ExplainWork,
)

MOST, FEW = 1_001, 201
SHORT: dict[str, tuple[LeadFilter, set[str]]] = {
    "a source": (LeadFilter(source="fair"), {"leads_listed_source_created_at"}),
    "a state": (LeadFilter(states=frozenset([LeadState.CONVERTED])), {"leads_listed_state_created_at"}),
    "an owner": (LeadFilter(owner="ann"), {"leads_owned_created_at", "leads_owned_source_created_at"}),
    "no owner": (LeadFilter(is_unowned=True), {"leads_unowned_state_created_at"}),
    "a month": (LeadFilter(created_from=FIRST, created_to=DEEP), {"leads_created_at"}),
    "changed in a month": (
        LeadFilter(updated_from=FIRST, updated_to=DEEP, duplicates=Duplicates.OPEN),
        {"leads_listed_updated_at"},
    ),
    "due": (
        LeadFilter(follow_up=TimeRange(None, DEEP), duplicates=Duplicates.OPEN),
        {"leads_listed_follow_up_at"},
    ),
}
LONG: dict[str, LeadFilter] = {
    "all leads": LeadFilter(duplicates=Duplicates.INCLUDE),
    "a common state": LeadFilter(states=frozenset([LeadState.LOST])),
    "an owner of most": LeadFilter(owner="bob"),
}


SEARCHES: dict[str, LeadFilter] = {
    "a common word": LeadFilter(search=Search.parse("common")),
    "a common word, changed before": LeadFilter(search=Search.parse("common"), updated_to=LAST),
}


@pytest.mark.parametrize(("lead_filter", "indexes"), SHORT.values(), ids=SHORT.keys())
def test_short_list_is_read_by_index(
    explained_work: ExplainWork, lead_filter: LeadFilter, indexes: set[str]
) -> None:
    explanation = explained_work(
        lambda tx: tx.leads_by_text.texts(lead_filter, TextSort.NAME, limit=MOST), "last_name"
    )
    # PostgreSQL reads merged leads by their ids.
    assert explanation.indexes - {"leads_pkey", "sqlite_autoindex_leads_1"} <= indexes | {"leads_created_at"}
    assert explanation.work < 2 * LEADS


@pytest.mark.parametrize("lead_filter", LONG.values(), ids=LONG.keys())
def test_work_of_a_long_list_follows_its_limit(explained_work: ExplainWork, lead_filter: LeadFilter) -> None:
    explanation = explained_work(
        lambda tx: tx.leads_by_text.texts(lead_filter, TextSort.OWNER, limit=FEW), "owner"
    )
    assert explanation.work < 60 * FEW


@pytest.mark.parametrize("lead_filter", SEARCHES.values(), ids=SEARCHES.keys())
def test_long_search_reads_no_more_leads_than_its_limit(
    explained_work: ExplainWork, lead_filter: LeadFilter
) -> None:
    explanation = explained_work(
        lambda tx: tx.leads_by_text.texts(lead_filter, TextSort.OWNER, limit=FEW), "owner"
    )
    # PostgreSQL collects all matches, but not their leads.
    assert explanation.work < LEADS + 60 * FEW
