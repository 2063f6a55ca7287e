"""Every list of leads uses an index, and its work grows with the page, not with the table."""

from collections.abc import Callable

import pytest

from leadtracker.domain.model.leads.fields import TOUCH_FIELDS, LeadField
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import (
    WITHOUT_FOLLOW_UP,
    Duplicates,
    LeadFilter,
    Sort,
)
from leadtracker.domain.model.leads.queries.text_order import TextSort
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange
from tests.integration.adapters.database.schema.query_plans.conftest import (
    CURSOR,
    DEEP,
    FIRST,
    LEADS,
    MIDDLE,
    ROWS_READ,
    Ask,
    ExplainWork,
    page,
)
from tests.support.clock import EARLIEST, LATEST, WEEK
from tests.support.instruments.query_plans import Explanation

QUESTIONS: dict[str, tuple[Ask, str]] = {
    "the list": (page(), "leads_created_at"),
    "its next page": (page(CURSOR), "leads_created_at"),
    "from a day on": (page(created_from=FIRST), "leads_created_at"),
    "from a day on, next page": (page(CURSOR, created_from=FIRST), "leads_created_at"),
    "between two days, next page": (
        page(CURSOR, created_from=FIRST, created_to=LATEST),
        "leads_created_at",
    ),
    "a rare state": (page(state=LeadState.CONVERTED), "leads_listed_state_created_at"),
    "a rare state, next page": (
        page(CURSOR, state=LeadState.CONVERTED, created_from=FIRST),
        "leads_listed_state_created_at",
    ),
    "everything": (page(CURSOR, duplicates=Duplicates.INCLUDE), "leads_created_at"),
    "everything, oldest first": (
        page(CURSOR, Sort.CREATED_AT, duplicates=Duplicates.INCLUDE),
        "leads_created_at",
    ),
    "duplicates": (page(CURSOR, duplicates=Duplicates.ONLY), "leads_duplicate_created_at"),
    "a source": (page(source="fair"), "leads_listed_source_created_at"),
    "a source, next page": (page(CURSOR, source="fair"), "leads_listed_source_created_at"),
    "an owner": (page(owner="ann"), "leads_owned_created_at"),
    "an owner, next page": (page(CURSOR, owner="ann"), "leads_owned_created_at"),
    "an owner, oldest first": (page(CURSOR, Sort.CREATED_AT, owner="ann"), "leads_owned_created_at"),
    "an owner and a rare state": (
        page(owner="bob", state=LeadState.CONVERTED),
        "leads_owned_state_created_at",
    ),
    "an owner and a rare state, next page": (
        page(CURSOR, owner="bob", state=LeadState.CONVERTED, created_from=FIRST),
        "leads_owned_state_created_at",
    ),
    "an owner's leads and duplicates": (
        page(CURSOR, owner="ann", duplicates=Duplicates.INCLUDE),
        "leads_owned_created_at",
    ),
    "open leads of an owner": (
        page(CURSOR, owner="ann", duplicates=Duplicates.OPEN),
        "leads_owned_created_at",
    ),
    "waiting leads of an owner": (
        page(CURSOR, owner="bob", duplicates=Duplicates.INCLUDE, is_waiting=True),
        "leads_owned_state_created_at",
    ),
    "an owner, last updated": (
        page(CURSOR, Sort.LATEST_UPDATED, owner="ann", duplicates=Duplicates.OPEN),
        "leads_owned_updated_at",
    ),
    "an owner, next follow-ups": (
        page(sort=Sort.FOLLOW_UP_AT, owner="ann", duplicates=Duplicates.OPEN),
        "leads_owned_follow_up_at",
    ),
    "overdue leads of an owner": (
        page(
            sort=Sort.FOLLOW_UP_AT,
            follow_up=TimeRange(None, MIDDLE),
            owner="ann",
            duplicates=Duplicates.OPEN,
        ),
        "leads_owned_follow_up_at",
    ),
    "an owner and a source": (
        page(CURSOR, owner="bob", source="fair", duplicates=Duplicates.OPEN),
        "leads_owned_source_created_at",
    ),
    "unowned leads in a rare state": (
        page(state=LeadState.CONVERTED, is_unowned=True, duplicates=Duplicates.OPEN),
        "leads_unowned_state_created_at",
    ),
    "unowned leads in a rare state, next page": (
        page(CURSOR, state=LeadState.CONVERTED, is_unowned=True),
        "leads_unowned_state_created_at",
    ),
    "held leads": (page(is_on_hold=True, duplicates=Duplicates.INCLUDE), "leads_held_created_at"),
    "held leads, next page": (
        page(CURSOR, is_on_hold=True, duplicates=Duplicates.INCLUDE),
        "leads_held_created_at",
    ),
    "last updated": (page(sort=Sort.LATEST_UPDATED), "leads_listed_updated_at"),
    "last updated, next page": (page(CURSOR, Sort.LATEST_UPDATED), "leads_listed_updated_at"),
    "first updated, next page": (page(CURSOR, Sort.UPDATED_AT), "leads_listed_updated_at"),
    "updated from a day on, next page": (
        page(CURSOR, Sort.UPDATED_AT, updated_from=FIRST, updated_to=LATEST),
        "leads_listed_updated_at",
    ),
    "updated up to a day, last updated, next page": (
        page(CURSOR, Sort.LATEST_UPDATED, updated_to=LATEST, duplicates=Duplicates.OPEN),
        "leads_listed_updated_at",
    ),
    "many updated, newest first": (page(updated_from=FIRST), "leads_created_at"),
    "next follow-ups": (page(sort=Sort.FOLLOW_UP_AT), "leads_listed_follow_up_at"),
    "next follow-ups, next page": (page(CURSOR, Sort.FOLLOW_UP_AT), "leads_listed_follow_up_at"),
    "overdue leads": (
        page(sort=Sort.FOLLOW_UP_AT, follow_up=TimeRange(None, MIDDLE)),
        "leads_listed_follow_up_at",
    ),
    "planned leads, next page": (
        page(CURSOR, Sort.FOLLOW_UP_AT, follow_up=TimeRange(FIRST, None)),
        "leads_listed_follow_up_at",
    ),
    "duplicates of a lead": (
        page(duplicate_of="lead-100006", duplicates=Duplicates.ONLY),
        "leads_duplicate_of_created_at",
    ),
    "open leads": (page(duplicates=Duplicates.OPEN), "leads_created_at"),
    "open leads, next page": (page(CURSOR, duplicates=Duplicates.OPEN), "leads_created_at"),
    "open leads in a rare state": (
        page(CURSOR, state=LeadState.CONVERTED, duplicates=Duplicates.OPEN),
        "leads_listed_state_created_at",
    ),
    "open leads of a source": (
        page(CURSOR, source="fair", duplicates=Duplicates.OPEN),
        "leads_listed_source_created_at",
    ),
    "open leads, last updated": (
        page(CURSOR, Sort.LATEST_UPDATED, duplicates=Duplicates.OPEN),
        "leads_listed_updated_at",
    ),
    "open leads, next follow-ups": (
        page(CURSOR, Sort.FOLLOW_UP_AT, duplicates=Duplicates.OPEN),
        "leads_listed_follow_up_at",
    ),
    "the weekly count": (
        lambda leads: leads.count_for_report(MIDDLE, MIDDLE + WEEK),
        "leads_created_at",
    ),
}


@pytest.mark.parametrize(("ask", "index"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_each_query_uses_ordering_index(
    explained: Callable[[Ask], Explanation], ask: Ask, index: str
) -> None:
    explanation = explained(ask)
    assert explanation.indexes == {index}
    assert not explanation.sorts
    assert explanation.work < 60 * 51


@pytest.mark.parametrize(
    "populated_url", ["sqlite"], indirect=True
)  # PostgreSQL sees that no lead has a touch
@pytest.mark.parametrize("field", TOUCH_FIELDS, ids=lambda field: field.name)
def test_touch_filters_use_an_index(explained: Callable[[Ask], Explanation], field: LeadField) -> None:
    for after in (None, CURSOR):
        for duplicates in Duplicates:
            explanation = explained(page(after, touch={field.name: "spring"}, duplicates=duplicates))
            assert explanation.indexes == {f"leads_{field.name}_created_at"}
            assert not explanation.sorts


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
def test_rare_last_touch_is_found_by_an_index(
    explained: Callable[[Ask], Explanation], after: Cursor | None
) -> None:
    explanation = explained(page(after, last_touch={"utm_campaign": "unknown"}))
    assert "leads_utm_campaign_created_at" in explanation.indexes
    assert explanation.work < 60 * 51


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
def test_few_updated_leads_are_found_by_an_index(
    explained: Callable[[Ask], Explanation], after: Cursor | None
) -> None:
    explanation = explained(page(after, updated_from=DEEP, updated_to=DEEP + WEEK / 7))
    assert "leads_listed_updated_at" in explanation.indexes
    assert explanation.work < 70 * 51


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("sort", [Sort.LATEST_CREATED, Sort.CREATED_AT])
def test_list_of_waiting_leads_does_not_sort(
    explained: Callable[[Ask], Explanation], sort: Sort, after: Cursor | None
) -> None:
    explanation = explained(page(after, sort, is_waiting=True, duplicates=Duplicates.INCLUDE))
    # Half of the leads are PENDING, so PostgreSQL may prefer to read all of them.
    assert explanation.indexes <= {"leads_listed_state_created_at", "leads_created_at"}
    assert not explanation.sorts
    assert explanation.work < 60 * 51


def test_untouched_leads_query_uses_an_index(explained: Callable[[Ask], Explanation]) -> None:
    untouched = page(
        None,
        Sort.CREATED_AT,
        follow_up=WITHOUT_FOLLOW_UP,
        created_to=MIDDLE,
        is_waiting=True,
        duplicates=Duplicates.INCLUDE,
    )
    explanation = explained(untouched)
    # Half of the leads are PENDING, so PostgreSQL may prefer to read all of them.
    assert explanation.indexes <= {"leads_listed_state_created_at", "leads_created_at"}
    assert not explanation.sorts
    assert 0 < explanation.work < 120 * 51


def test_work_metric_counts_each_lead_that_is_read(explained_work: ExplainWork) -> None:
    everything = LeadFilter(duplicates=Duplicates.INCLUDE)
    explanation = explained_work(lambda tx: tx.leads_by_text.texts(everything, TextSort.SOURCE, limit=LEADS))
    assert explanation.work >= LEADS


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("state", [None, LeadState.LOST])
@pytest.mark.parametrize("kind", Duplicates)
def test_page_cost_is_independent_of_the_cursor(
    explained: Callable[[Ask], Explanation], sort: Sort, state: LeadState | None, kind: Duplicates
) -> None:
    def work(after: Cursor | None) -> int:
        criteria = {"created_from": EARLIEST, "created_to": LATEST, "duplicates": kind}
        return explained(page(after, sort, state, **criteria)).work

    at_start, far = work(None), work(CURSOR)
    # Half of the leads are LOST. PostgreSQL may walk the index over all leads instead of the one by state, at
    # the cursor but not at the start, and then looks at two leads for each that it returns.
    walked = ROWS_READ * 2 if state else ROWS_READ
    assert far < 1.5 * max(at_start, walked)


def test_weekly_count_cost_follows_its_leads(
    explained: Callable[[Ask], Explanation],
) -> None:
    one = explained(lambda leads: leads.count_for_report(DEEP, DEEP + WEEK)).work
    four = explained(lambda leads: leads.count_for_report(DEEP, DEEP + 4 * WEEK)).work
    assert 2 < four / one < 6
