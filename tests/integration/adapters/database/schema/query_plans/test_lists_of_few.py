"""Lists of few leads in an order that their index does not have: only these are found, and sorted.

SQLite only, as PostgreSQL has statistics and chooses among these indexes itself.
"""

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange
from tests.integration.adapters.database.schema.query_plans.conftest import (
    CURSOR,
    DEEP,
    FIRST,
    LEADS,
    MIDDLE,
    Ask,
)
from tests.support.clock import WEEK
from tests.support.database import execute
from tests.support.instruments.query_plans import Explanation

OF_LEADS = "sqlite_autoindex_leads_1"
FEW = 1_000
"""More leads than each of the lists has; the owner has four times as many, and 15,000 have none."""

LISTS: dict[str, tuple[dict[str, Any], str]] = {
    "an owner and a source": ({"owner": "bob", "source": "fair"}, "leads_owned_source_created_at"),
    "an owner and a state": (
        {"owner": "bob", "states": frozenset([LeadState.CONVERTED])},
        "leads_owned_state_created_at",
    ),
    "an owner and a campaign": (
        {"owner": "bob", "touch": {"utm_campaign": "x"}},
        "leads_utm_campaign_created_at",
    ),
    "an owner and a week": (
        {"owner": "bob", "created_from": DEEP, "created_to": DEEP + WEEK},
        "leads_owned_created_at",
    ),
    "an owner, on legal hold": ({"owner": "bob", "is_on_hold": True}, "leads_held_created_at"),
    "no owner, on legal hold": ({"is_unowned": True, "is_on_hold": True}, "leads_held_created_at"),
}
DUE = TimeRange(None, FIRST + WEEK)


@pytest.fixture(scope="module")
def populated_url(populated_sqlite: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database with many leads without an owner."""
    path = shutil.copy(populated_sqlite.removeprefix("sqlite:///"), tmp_path_factory.mktemp("unowned"))
    url = f"sqlite:///{path}"
    kept = "id LIKE '%3' OR id LIKE '%0'"
    execute(url, f"UPDATE leads SET owner = NULL WHERE owner = 'bob' AND NOT ({kept})")  # noqa: S608 - ours
    return url


def ask(sort: Sort, after: Cursor | None = None, **criteria: Any) -> Ask:
    """A query for a page of 50 leads, with duplicates."""
    lead_filter = LeadFilter(**{"duplicates": Duplicates.INCLUDE, **criteria})
    return lambda leads: leads.page(lead_filter, limit=50, after=after, sort=sort)


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("sort", [Sort.UPDATED_AT, Sort.LATEST_UPDATED, Sort.FOLLOW_UP_AT])
@pytest.mark.parametrize(("criteria", "index"), LISTS.values(), ids=LISTS.keys())
def test_few_leads_are_sorted_by_another_time(
    explained: Callable[[Ask], Explanation],
    criteria: dict[str, Any],
    index: str,
    sort: Sort,
    after: Cursor | None,
) -> None:
    explanation = explained(ask(sort, after, **criteria))
    assert explanation.indexes - {OF_LEADS} == {index}
    assert explanation.work < 30 * FEW


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize(
    ("criteria", "index"),
    [
        ({"is_unowned": True}, "leads_unowned_follow_up_at"),
        ({"is_unowned": True, "states": frozenset([LeadState.LOST])}, "leads_unowned_follow_up_at"),
        ({"is_unowned": True, "source": "web"}, "leads_unowned_follow_up_at"),
        ({"owner": "bob"}, "leads_owned_follow_up_at"),
        ({"owner": "bob", "states": frozenset([LeadState.LOST])}, "leads_owned_follow_up_at"),
    ],
)
def test_few_due_follow_ups_are_found_in_their_order(
    explained: Callable[[Ask], Explanation], criteria: dict[str, Any], index: str, sort: Sort
) -> None:
    explanation = explained(ask(sort, follow_up=DUE, **criteria))
    assert explanation.indexes - {OF_LEADS} == {index}
    assert explanation.work < 30 * FEW


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("source", [None, "web"])
def test_unowned_duplicates_are_sorted_in_an_index(
    explained: Callable[[Ask], Explanation], sort: Sort, source: str | None
) -> None:
    explanation = explained(ask(sort, is_unowned=True, duplicates=Duplicates.ONLY, source=source))
    assert explanation.indexes - {OF_LEADS} == {"leads_duplicate_created_at"}
    assert explanation.work < 60 * LEADS / 20


@pytest.mark.parametrize("sort", [Sort.UPDATED_AT, Sort.FOLLOW_UP_AT])
def test_count_reads_few_leads_of_list(explained: Callable[[Ask], Explanation], sort: Sort) -> None:
    lead_filter = LeadFilter(owner="bob", source="fair", states=frozenset([LeadState.PENDING]))
    for duplicates in (Duplicates.INCLUDE, Duplicates.OPEN):
        asked = evolve(lead_filter, duplicates=duplicates, updated_to=MIDDLE)
        explanation = explained(lambda leads, asked=asked: leads.count(asked, limit=1_001, sort=sort))  # type: ignore[misc]
        assert explanation.indexes == {"leads_owned_source_created_at"}
        assert explanation.work < 30 * FEW
