"""Lists and searches of an owner's leads on SQLite, whose planner does not know the numbers of leads."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import (
    WITHOUT_FOLLOW_UP,
    Duplicates,
    LeadFilter,
    Sort,
)
from leadtracker.domain.model.leads.queries.search import Search
from tests.integration.adapters.database.conftest import OpenDialect
from tests.integration.adapters.database.schema.query_plans.conftest import (
    CURSOR,
    DEEP,
    LAST,
    ROWS_READ,
    Ask,
    page,
)
from tests.support.database import execute
from tests.support.instruments.query_plans import Explanation, explain

pytestmark = pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)

SEARCH = Search.parse("common w4")
INDEXES: dict[str, tuple[Ask, set[str]]] = {
    "without a follow-up": (
        page(owner="bob", follow_up=WITHOUT_FOLLOW_UP, duplicates=Duplicates.OPEN),
        {"leads_owned_created_at"},
    ),
    "a state, last updated": (
        page(CURSOR, Sort.LATEST_UPDATED, LeadState.LOST, owner="bob", duplicates=Duplicates.OPEN),
        {"leads_owned_updated_at"},
    ),
    "of many years, last updated": (
        page(None, Sort.LATEST_UPDATED, owner="bob", created_from=DEEP, duplicates=Duplicates.OPEN),
        {"leads_owned_updated_at"},
    ),
    "before a day, last updated": (
        page(None, Sort.LATEST_UPDATED, owner="bob", created_to=LAST, duplicates=Duplicates.OPEN),
        {"leads_owned_updated_at"},
    ),
    "since a day, next follow-ups": (
        page(None, Sort.FOLLOW_UP_AT, owner="bob", created_from=DEEP, duplicates=Duplicates.OPEN),
        {"leads_owned_follow_up_at"},
    ),
    "before a day, first updated": (
        page(None, Sort.UPDATED_AT, owner="bob", created_to=LAST, duplicates=Duplicates.OPEN),
        {"leads_owned_updated_at"},
    ),
    "an unknown source": (
        page(owner="bob", source="unknown", duplicates=Duplicates.OPEN),
        {"leads_owned_source_created_at"},
    ),
    "unowned leads that wait": (
        page(CURSOR, is_unowned=True, is_waiting=True, duplicates=Duplicates.INCLUDE),
        {"leads_unowned_state_created_at"},
    ),
    "a search among few": (
        page(owner="ann", search=SEARCH, duplicates=Duplicates.INCLUDE),
        {"leads_owned_created_at", "lead_search_lead_id"},
    ),
    "a search by an address": (
        page(email_key="p26@example.com", search=SEARCH, duplicates=Duplicates.EXCLUDE),
        {"leads_primary_identity", "lead_search_lead_id"},
    ),
    "a search in an unknown source": (
        page(owner="bob", source="unknown", search=SEARCH, duplicates=Duplicates.INCLUDE),
        {"leads_owned_source_created_at", "lead_search_lead_id"},
    ),
    "a state of all owners, last updated": (
        page(None, Sort.LATEST_UPDATED, LeadState.LOST, duplicates=Duplicates.OPEN),
        {"leads_listed_updated_at"},
    ),
    "a search among many": (
        page(owner="bob", search=SEARCH, duplicates=Duplicates.INCLUDE),
        {"sqlite_autoindex_leads_1"},
    ),
    "a search among many in a state": (
        page(owner="bob", search=SEARCH, state=LeadState.LOST, duplicates=Duplicates.INCLUDE),
        {"sqlite_autoindex_leads_1"},
    ),
    "a search of many matches, last updated": (
        page(
            None,
            Sort.LATEST_UPDATED,
            owner="bob",
            search=Search.parse("com"),
            duplicates=Duplicates.INCLUDE,
        ),
        {"leads_owned_updated_at", "lead_search_lead_id"},
    ),
}


@pytest.mark.parametrize(("ask", "indexes"), INDEXES.values(), ids=INDEXES.keys())
def test_page_of_owner_reads_few_rows(
    explained: Callable[[Ask], Explanation], ask: Ask, indexes: set[str]
) -> None:
    explanation = explained(ask)
    of_tables = {index for index in explanation.indexes if ":" not in index}  # not those of FTS5
    assert of_tables == indexes
    assert not explanation.sorts
    assert explanation.work < 600 * ROWS_READ


@pytest.mark.parametrize("sort", [Sort.LATEST_UPDATED, Sort.UPDATED_AT, Sort.FOLLOW_UP_AT])
@pytest.mark.parametrize(
    ("state", "criteria"),
    [
        (None, {}),
        (LeadState.PENDING, {"states": frozenset([LeadState.PENDING])}),
        (LeadState.PENDING, {"is_waiting": True}),
    ],
    ids=["all", "pending", "waiting"],
)
def test_many_unowned_leads_are_not_sorted(
    populated_url: str,
    open_dialect: OpenDialect,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    sort: Sort,
    state: LeadState | None,
    criteria: dict[str, Any],
) -> None:
    url = f"sqlite:///{shutil.copy(populated_url.removeprefix('sqlite:///'), tmp_path / 'unowned.db')}"
    execute(url, "UPDATE leads SET owner = NULL WHERE owner = 'bob' AND id NOT LIKE '%3'")
    dialect = open_dialect(url)
    lead_filter = LeadFilter(is_unowned=True, **criteria)
    shown: list[str] = []

    def ask() -> None:
        with PeeweeUnitOfWorkFactory(dialect).read_only() as tx:
            shown.extend(lead.id for lead in tx.leads.page(lead_filter, limit=50, sort=sort).items)

    explanation = explain(dialect, caplog, ask)
    assert not explanation.sorts
    assert explanation.work < 600 * ROWS_READ
    columns = "id, state, updated_at, follow_up_at"
    rows = execute(url, f"SELECT {columns} FROM leads WHERE owner IS NULL AND duplicate_of IS NULL")  # noqa: S608
    expected = sorted(
        (due_at if sort is Sort.FOLLOW_UP_AT else updated_at, lead_id)
        for lead_id, stored, updated_at, due_at in rows
        if state is None or stored == state
    )
    if sort.is_descending:
        expected.reverse()
    assert shown == [lead_id for _, lead_id in expected[:50]]
