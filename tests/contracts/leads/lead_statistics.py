"""Contract suite of ``LeadStatistics``."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from statistics import quantiles

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.cohort_counts import CohortCounts, GroupCounts
from leadtracker.domain.model.reports.statistics import MAX_SOURCES, Delays
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_lead
from tests.support.clock import MICROSECOND, NOW
from tests.support.examples.thoroughness import examples

ALWAYS = TimeRange()
TIMESTAMPS = [NOW + position * MICROSECOND for position in range(4)]

timestamps = st.sampled_from([NOW - timedelta(days=1), *TIMESTAMPS, NOW + timedelta(days=1)])
time_ranges = st.builds(TimeRange, st.none() | timestamps, st.none() | timestamps)
waits = st.timedeltas(timedelta(days=-1), timedelta(days=4_000)) | st.sampled_from(
    [timedelta(0), timedelta(hours=1)]
)
people = st.tuples(
    st.integers(0, 8),  # whose address it is: later ones are duplicates
    st.sampled_from(TIMESTAMPS),
    st.sampled_from(LeadState),
    st.sampled_from([None, "ad", "Ad", "friend", "50 % 🦊"]),
    st.none() | waits,
)
hours = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001
arrival_lists = st.lists(
    st.tuples(hours, st.sampled_from([None, "ad", "Ad"]), st.sampled_from([None, None, "import-1"])),
    min_size=1,
    max_size=9,
)
prospect_lists = st.lists(people, max_size=20)
# Sharing the fixtures between examples does no harm, because each rolls back what it has stored.
rolled_back = settings(
    max_examples=examples(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
Person = tuple[int, datetime, LeadState, str | None, timedelta | None]


def lead_of(number: int, person: Person) -> Lead:
    """Build a lead from generated values."""
    address, created_at, state, source, wait = person
    return make_lead(
        f"lead-{number}",
        f"p{address}@example.com",
        created_at,
        state=state,
        source=source,
        owner=(None, "ann", "bob")[address % 3],
        lost_reason=source and f"{source} was no good",
        utm_source=source and "ads",
        utm_campaign=source and f"{source} {number % 2}",
        contacted_at=None if wait is None else created_at + wait,
    )


def _is_contacted(lead: Lead) -> bool:
    was_contacted = lead.contacted_at is not None
    return was_contacted if lead.state is LeadState.LOST else lead.state is not LeadState.PENDING


def _counts(leads: Iterable[Lead]) -> GroupCounts:
    group = list(leads)
    states = [lead.state for lead in group]
    return GroupCounts(
        len(group),
        sum(map(_is_contacted, group)),
        states.count(LeadState.CONVERTED),
        states.count(LeadState.LOST),
    )


def expected_counts(leads: list[Lead], cohort: list[Lead]) -> CohortCounts:
    """Count the leads of a cohort as simply as possible."""

    def touch(lead: Lead) -> str | None:
        return lead.utm_campaign and f"ads / {lead.utm_campaign}"

    def last_touch(lead: Lead) -> str | None:
        enquiries = [one for one in leads if one.duplicate_of == lead.id] or [lead]
        return touch(max(enquiries, key=lambda one: (one.created_at, one.id)))

    def groups(
        name_of: Callable[[Lead], str | None], of: list[Lead] = cohort
    ) -> dict[str | None, GroupCounts]:
        return {
            name: _counts(one for one in of if name_of(one) == name) for name in {name_of(one) for one in of}
        }

    lost = [lead for lead in cohort if lead.state is LeadState.LOST]
    return CohortCounts(
        by_state=Counter(lead.state for lead in cohort),
        total=_counts(cohort),
        by_source=groups(lambda lead: lead.source),
        by_owner=groups(lambda lead: lead.owner),
        by_lost_reason=groups(lambda lead: lead.lost_reason, lost),
        by_first_touch=groups(touch),
        by_last_touch=groups(last_touch),
    )


def microseconds(waited: list[timedelta]) -> list[int]:
    """Return durations as whole numbers."""
    return [wait // MICROSECOND for wait in waited]


class LeadStatisticsContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @rolled_back
    @given(prospects=prospect_lists, time_range=time_ranges)
    def test_counts_cover_primary_leads_in_range(
        self, unit_of_work: UnitOfWorkFactory, prospects: list[Person], time_range: TimeRange
    ) -> None:
        with unit_of_work() as tx:
            given_leads = [lead_of(number, person) for number, person in enumerate(prospects)]
            for lead in given_leads:
                tx.leads.add_or_mark_duplicate(lead)
            leads = [tx.leads.get(lead.id) for lead in given_leads]
            cohort = [
                lead for lead in leads if lead.duplicate_of is None and time_range.contains(lead.created_at)
            ]
            contacted = [lead for lead in cohort if lead.contacted_at is not None]
            assert tx.statistics.count(time_range) == len(cohort)
            by_source = tx.statistics.by_source(time_range)
            assert by_source == Counter(lead.source for lead in cohort)
            assert list(by_source.values()) == sorted(by_source.values(), reverse=True)
            assert tx.statistics.counts(time_range) == expected_counts(leads, cohort)
            assert tx.statistics.next_created(time_range) == min(
                (lead.created_at for lead in cohort), default=None
            )
            waited = sorted(lead.contacted_at - lead.created_at for lead in contacted if lead.contacted_at)
            assert tx.statistics.delays(time_range) == waited
            for skipped in range(3):
                shortest = waited[len(waited) // 2] if waited else None
                longer = [wait for wait in waited if shortest is None or wait >= shortest]
                found = tx.statistics.delays_from(time_range, shortest, skipped=skipped)
                assert found == longer[skipped : skipped + 2]

    @rolled_back
    @given(arrivals=arrival_lists, start=st.none() | hours, end=st.none() | hours)
    def test_captured_leads_of_a_source_are_counted_by_hour(
        self,
        unit_of_work: UnitOfWorkFactory,
        arrivals: list[tuple[datetime, str | None, str | None]],
        start: datetime | None,
        end: datetime | None,
    ) -> None:
        leads = [
            make_lead(f"lead-{number}", f"p{number}@example.com", time, source=source, import_id=import_id)
            for number, (time, source, import_id) in enumerate(arrivals)
        ]
        time_range = TimeRange(start, end)
        with unit_of_work() as tx:
            for lead in leads:
                tx.leads.add(lead)
            tx.leads.add_or_mark_duplicate(make_lead("again", "p0@example.com", NOW))
            for source in ("ad", None):
                times = [
                    lead.created_at
                    for lead in leads
                    if lead.source == source and not lead.import_id and time_range.contains(lead.created_at)
                ]
                by_hour = Counter(time.replace(minute=0, second=0, microsecond=0) for time in times)
                assert tx.statistics.captured_by_hour(source, time_range) == by_hour
                assert tx.statistics.last_captured(source, time_range) == max(times, default=None)

    @rolled_back
    @given(waited=st.lists(waits, min_size=2, max_size=20))
    def test_percentiles_are_interpolated(
        self, unit_of_work: UnitOfWorkFactory, waited: list[timedelta]
    ) -> None:
        with unit_of_work() as tx:
            for number, wait in enumerate(waited):
                tx.leads.add(lead_of(number, (number, NOW, LeadState.LOST, None, wait)))
            tx.leads.add(lead_of(99, (99, NOW, LeadState.PENDING, None, None)))
            delays = Delays.of_all(tx.statistics.delays(ALWAYS))
        parts = quantiles(microseconds(waited), n=100, method="inclusive")
        assert delays.median is not None
        assert delays.p90 is not None
        shown = microseconds([delays.median, delays.p90])
        assert shown == pytest.approx([parts[49], parts[89]], rel=0, abs=1)

    @pytest.mark.parametrize(
        ("minutes", "median", "p90"),
        [
            ([], None, None),
            ([5], 5.0, 5.0),
            ([10, 0], 5.0, 9.0),
            ([30, 10, 20], 20.0, 28.0),
            ([*range(100, -1, -1)], 50.0, 90.0),
        ],
        ids=["none", "one", "two", "three", "a hundred and one"],
    )
    def test_delays_match_the_examples(
        self,
        unit_of_work: UnitOfWorkFactory,
        minutes: list[int],
        median: float | None,
        p90: float | None,
    ) -> None:
        delays = [timedelta(minutes=number) for number in minutes]
        leads = [(number, NOW, LeadState.LOST, None, wait) for number, wait in enumerate(delays)]
        store(unit_of_work, *(lead_of(number, person) for number, person in enumerate(leads)))
        shown = [None if number is None else timedelta(minutes=number) for number in (median, p90)]
        with unit_of_work.read_only() as tx:
            assert Delays.of_all(tx.statistics.delays(ALWAYS)) == Delays(len(minutes), *shown)

    @pytest.mark.parametrize("more", [0, 1, 6])
    def test_most_frequent_sources_come_first(self, unit_of_work: UnitOfWorkFactory, more: int) -> None:
        numbers = {f"source {number:03}": 1 + number % 3 for number in range(MAX_SOURCES + more)}
        sources = [source for source, count in numbers.items() for _ in range(count)]
        people = [(number, NOW, LeadState.LOST, source, None) for number, source in enumerate(sources)]
        store(unit_of_work, *(lead_of(number, person) for number, person in enumerate(people)))
        with unit_of_work.read_only() as tx:
            shown = tx.statistics.by_source(ALWAYS)
        assert list(shown.values()) == sorted(numbers.values(), reverse=True)[:MAX_SOURCES]
        assert shown.items() <= numbers.items()

    def test_leads_without_source_are_grouped(self, unit_of_work: UnitOfWorkFactory) -> None:
        people = [(number, NOW, LeadState.LOST, None, None) for number in range(3)]
        store(unit_of_work, *(lead_of(number, person) for number, person in enumerate(people)))
        with unit_of_work.read_only() as tx:
            assert tx.statistics.by_source(ALWAYS) == {None: 3}

    def test_empty_store_has_empty_statistics(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            assert tx.statistics.counts(ALWAYS) == CohortCounts()
            assert tx.statistics.count(ALWAYS) == 0
            assert tx.statistics.by_source(ALWAYS) == {}
            assert tx.statistics.next_created(ALWAYS) is None
            assert tx.statistics.delays(ALWAYS) == []
