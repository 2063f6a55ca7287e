"""Contract suite of ``LeadRepository``: finding and counting leads."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import Attachment
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import WITHOUT_FOLLOW_UP, Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_order import in_order, is_behind, meets, position
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_lead, make_resume
from tests.support.clock import EARLIEST, LATEST, MICROSECOND, NOW
from tests.support.examples.thoroughness import examples

EVERYTHING = LeadFilter(duplicates=Duplicates.INCLUDE)
TIMESTAMPS = [NOW + position * MICROSECOND for position in range(4)]
STATES = list(LeadState)
MAX_PAGES = 1_000

timestamps = st.sampled_from([NOW - timedelta(days=1), *TIMESTAMPS, NOW + timedelta(days=1)])
ids = st.sampled_from(["", "lead-000", "lead-007", "lead-020", "~"])
filters = st.builds(
    LeadFilter,
    created_from=st.none() | timestamps,
    created_to=st.none() | timestamps,
    updated_from=st.none() | timestamps,
    updated_to=st.none() | timestamps,
    states=st.frozensets(st.sampled_from(LeadState)),
    email_key=st.sampled_from([None, None, "p1@example.com", "unknown@example.com"]),
    source=st.sampled_from([None, None, "ad", "nowhere"]),
    touch=st.dictionaries(
        st.sampled_from(["utm_source", "utm_campaign", "landing_page"]),
        st.sampled_from(["x", "y"]),
        max_size=2,
    ),
    last_touch=st.dictionaries(
        st.sampled_from(["utm_source", "utm_campaign", "landing_page"]),
        st.sampled_from(["x", "y"]),
        max_size=1,
    ),
    owner=st.sampled_from([None, None, "ann", "nobody"]),
    is_unowned=st.sampled_from([False, False, True]),
    duplicate_of=st.sampled_from([None, None, "lead-000", "unknown"]),
    follow_up=st.sampled_from(
        [
            None,
            None,
            TimeRange(None, TIMESTAMPS[2]),
            TimeRange(TIMESTAMPS[1], TIMESTAMPS[3]),
            WITHOUT_FOLLOW_UP,
        ]
    ),
    duplicates=st.sampled_from(Duplicates),
    is_waiting=st.booleans(),
)
# Sharing the fixtures between examples does no harm, because these only read.
reading = settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def many_leads() -> list[Lead]:
    """Build leads that differ in every filtered field, many of them with equal timestamps."""
    return [
        make_lead(
            f"lead-{(number * 7) % 24:03}",
            email=f"p{number % 9}@example.com",
            created_at=TIMESTAMPS[number % 3],
            state=STATES[number % 4],
            updated_at=TIMESTAMPS[(number * 5) % 4],
            source=("ad", "friend", None)[number % 3],
            utm_source=("x", None)[number % 2],
            utm_campaign=("x", "y", None)[number // 3 % 3],
            landing_page=("x", "X", None)[number // 2 % 3],
            owner=("ann", "bob", None)[number // 2 % 3],
            follow_up_at=(None, *TIMESTAMPS)[number % 5],
        )
        for number in range(24)
    ]


def unusual_leads() -> list[Lead]:
    """Build leads with unusual values in every field: extreme times, special characters, nulls."""
    times = [EARLIEST, EARLIEST + MICROSECOND, NOW, NOW + MICROSECOND, LATEST - MICROSECOND, LATEST]
    texts = ["plain", "Zoë 🦊\U0010ffff", "\r\n\t\x01\x7f\u2028", '" \\ / </script>', "' % _ ; --", " "]
    return [
        make_lead(
            f"lead-{number}",
            email=("Ann.Lee@Example.com", "zoë@bücher.example", "bob@example.com")[number % 3],
            first_name=text,
            last_name=("Müller", text)[number % 2],
            phone=(None, "+15551234567")[number % 2],
            message=(text, None)[number % 2],
            source=(None, text)[number % 2],
            state=STATES[number % 4],
            created_at=at,
            updated_at=times[-number],
            follow_up_at=(None, times[number - 1])[number % 2],
            version=10**number,
            resume=(None, make_resume(f"{text.strip()}.pdf").metadata)[number % 2],
            attachments=((), (Attachment("1", make_resume(f"{text.strip()}.txt").metadata),))[number % 2],
        )
        for number, (at, text) in enumerate(zip(times, texts, strict=True))
    ]


class LeadPagesContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture
    def leads(self, unit_of_work: UnitOfWorkFactory) -> list[Lead]:
        return store(unit_of_work, *many_leads())

    @pytest.mark.parametrize("sort", Sort)
    @pytest.mark.parametrize("limit", [1, 2, 5, 23, 24, 25])
    def test_pages_show_every_lead_exactly_once_even_of_one_timestamp(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], limit: int, sort: Sort
    ) -> None:
        pages = list(all_pages(unit_of_work, EVERYTHING, limit, sort))
        assert [lead for page in pages for lead in page.items] == in_order(leads, sort)
        assert {len(page.items) for page in pages[:-1]} <= {limit}
        assert 1 <= len(pages[-1].items) <= limit

    @reading
    @given(
        lead_filter=filters,
        after=st.none() | st.builds(Cursor, timestamps, ids),
        sort=st.sampled_from(Sort),
        limit=st.sampled_from([1, 3, 200]),
    )
    def test_page_holds_next_matching_leads(
        self,
        unit_of_work: UnitOfWorkFactory,
        leads: list[Lead],
        lead_filter: LeadFilter,
        after: Cursor | None,
        sort: Sort,
        limit: int,
    ) -> None:
        expected = [
            lead
            for lead in in_order(leads, sort)
            if meets(lead, lead_filter) and is_behind(lead, after, sort)
        ]
        with unit_of_work.read_only() as tx:
            page = tx.leads.page(lead_filter, limit=limit, after=after, sort=sort)
            payload = tx.leads.payload(lead_filter, limit=limit, after=after, sort=sort)
            number = tx.leads.count(lead_filter, limit=limit, sort=sort)
        assert number == min(limit, sum(meets(lead, lead_filter) for lead in leads))
        assert list(page.items) == expected[:limit]
        last = page.items[-1] if len(expected) > limit else None
        assert page.next == (last and Cursor(*position(last, sort)))
        assert payload == Page(tuple(map(lead_payload, page.items)), page.next)

    @pytest.mark.parametrize("sort", Sort)
    def test_payloads_equal_those_of_leads(self, unit_of_work: UnitOfWorkFactory, sort: Sort) -> None:
        stored = store(unit_of_work, *unusual_leads())
        with unit_of_work.read_only() as tx:
            payload = tx.leads.payload(EVERYTHING, limit=100, sort=sort)
            found = tx.leads.payload(evolve(EVERYTHING, search=Search.parse("Müller")), limit=100, sort=sort)
            nothing = tx.leads.payload(evolve(EVERYTHING, search=Search.parse("!")), limit=100, sort=sort)
        expected = [lead_payload(lead) for lead in in_order(stored, sort)]
        assert json.dumps(payload.items) == json.dumps(expected)
        assert {one["id"] for one in found.items} == {
            lead.id for lead in stored if "Müller" in lead.full_name
        }
        assert nothing == Page((), None)

    def test_date_bounds_are_exact_to_the_microsecond(self, unit_of_work: UnitOfWorkFactory) -> None:
        before, first, last, behind = TIMESTAMPS
        for timestamp in TIMESTAMPS:
            store(unit_of_work, make_lead(str(timestamp), f"{timestamp.microsecond}@x.example", timestamp))
        found = find(unit_of_work, LeadFilter(created_from=first, created_to=behind))
        assert found == [str(last), str(first)]
        assert find(unit_of_work, LeadFilter(created_from=first, created_to=first)) == []
        assert find(unit_of_work, LeadFilter(created_from=behind, created_to=before)) == []

    @pytest.mark.parametrize("sort", Sort)
    def test_update_bounds_are_exact_in_every_order(
        self, unit_of_work: UnitOfWorkFactory, sort: Sort
    ) -> None:
        before, first, _last, behind = TIMESTAMPS
        stored = [
            make_lead(str(number), f"{number}@x.example", NOW, updated_at=timestamp)
            for number, timestamp in enumerate(TIMESTAMPS)
        ]
        store(unit_of_work, *stored)
        found = find(unit_of_work, LeadFilter(updated_from=first, updated_to=behind), sort=sort)
        assert found == [lead.id for lead in in_order(stored[1:3], sort)]
        assert find(unit_of_work, LeadFilter(updated_from=first, updated_to=first), sort=sort) == []
        assert find(unit_of_work, LeadFilter(updated_from=behind, updated_to=before), sort=sort) == []

    @pytest.mark.parametrize("forged", [TIMESTAMPS[2], TIMESTAMPS[2] + MICROSECOND, NOW.max])
    def test_forged_cursor_keeps_the_date_filter(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], forged: datetime
    ) -> None:
        forged = forged.replace(tzinfo=NOW.tzinfo)
        lead_filter = evolve(EVERYTHING, created_to=TIMESTAMPS[2])
        shown = find(unit_of_work, lead_filter, after=Cursor(forged, "~"))
        assert shown == find(unit_of_work, lead_filter) != []
        assert len(shown) < len(leads)

    @pytest.mark.parametrize("forged", [TIMESTAMPS[1] - MICROSECOND, TIMESTAMPS[1], NOW.min])
    def test_forged_ascending_cursor_keeps_filter(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead], forged: datetime
    ) -> None:
        forged = forged.replace(tzinfo=NOW.tzinfo)
        lead_filter = evolve(EVERYTHING, created_from=TIMESTAMPS[1])
        sort = Sort.CREATED_AT
        shown = find(unit_of_work, lead_filter, after=Cursor(forged, ""), sort=sort)
        assert shown == find(unit_of_work, lead_filter, sort=sort) != []
        assert len(shown) < len(leads)

    def test_new_lead_does_not_shift_pages(self, unit_of_work: UnitOfWorkFactory, leads: list[Lead]) -> None:
        pages = all_pages(unit_of_work, EVERYTHING, 5, Sort.LATEST_CREATED)
        seen = list(next(pages).items)
        store(unit_of_work, make_lead("new", "new@example.com", TIMESTAMPS[3]))
        seen += [lead for page in pages for lead in page.items]
        assert seen == in_order(leads, Sort.LATEST_CREATED)

    def test_the_weekly_count_is_of_primary_leads_from_start_to_before_end(
        self, unit_of_work: UnitOfWorkFactory, leads: list[Lead]
    ) -> None:
        first, _, end, _ = TIMESTAMPS
        primary_leads = [lead for lead in leads if lead.duplicate_of is None]
        with unit_of_work.read_only() as tx:
            counted = tx.leads.count_for_report(first, end)
            empty = tx.leads.count_for_report(end + MICROSECOND, end + timedelta(days=7))
        assert counted == len([lead for lead in primary_leads if first <= lead.created_at < end])
        assert 0 == empty < counted < len(primary_leads) < len(leads)


def all_pages(
    unit_of_work: UnitOfWorkFactory, lead_filter: LeadFilter, limit: int, sort: Sort
) -> Iterator[Page[Lead]]:
    """Yield every page of a listing, read lazily."""
    after: Cursor | None = None
    for _ in range(MAX_PAGES):
        with unit_of_work.read_only() as tx:
            page = tx.leads.page(lead_filter, limit=limit, after=after, sort=sort)
        yield page
        if page.next is None:
            return
        after = page.next
    message = "the listing does not end"
    raise AssertionError(message)


def find(
    unit_of_work: UnitOfWorkFactory,
    lead_filter: LeadFilter,
    after: Cursor | None = None,
    sort: Sort = Sort.LATEST_CREATED,
) -> list[str]:
    """Return the ids of the leads on one long page."""
    with unit_of_work.read_only() as tx:
        page = tx.leads.page(lead_filter, limit=200, after=after, sort=sort)
    return [lead.id for lead in page.items]
