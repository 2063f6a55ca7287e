"""Contract suite of ``LeadRollups``, and of the changes that lead repositories record for it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from attrs import evolve

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.cohort_counts import (
    CohortCounts,
    GroupCounts,
    LeadGroup,
    Period,
    Rollup,
)
from leadtracker.domain.model.reports.statistics import DelayHistogram, Delays
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tests.support.builders import make_lead, make_week
from tests.support.clock import DAY, MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

ZONE = "Europe/Berlin"
THIS_WEEK = make_week("2026-W46")
MONDAY = THIS_WEEK.start
WHOLE = TimeRange(MONDAY, THIS_WEEK.end)
WAITED = [timedelta(0), timedelta(minutes=7), timedelta(days=3)]
Change = Callable[[UnitOfWork, Lead], object]


def rollup(start: datetime = MONDAY, days: int = 7, period: Period = Period.WEEK) -> Rollup:
    group = LeadGroup(
        source="ad",
        owner=None,
        lost_reason="dear; “so”",
        first_touch="google / cpc",
        last_touch=None,
        state=LeadState.LOST,
        was_contacted=True,
    )
    return Rollup(
        period=period,
        time_range=TimeRange(start, start + days * DAY),
        counts=CohortCounts.of([group, group._replace(source=None, number=2)]),
        time_to_contact=Delays.of_all(WAITED),
        delays=DelayHistogram.of(WAITED),
    )


def put(unit_of_work: UnitOfWorkFactory, *rollups: Rollup, zone: str = ZONE) -> None:
    with unit_of_work() as tx:
        for one in rollups:
            tx.rollups.begin(one.time_range)
            tx.rollups.put(zone, one)
        tx.commit()


def current(
    unit_of_work: UnitOfWorkFactory, time_range: TimeRange = WHOLE, period: Period = Period.WEEK
) -> list[Rollup]:
    with unit_of_work.read_only() as tx:
        found = tx.rollups.current(ZONE, period, time_range)
        assert {one.time_range.start for one in found} <= tx.rollups.starts(ZONE, period)
    return found


def _save(**values: object) -> Change:
    return lambda tx, lead: tx.leads.save(evolve(lead, **values).changed(NOW))  # type: ignore[arg-type]


CHANGES: dict[str, Change] = {
    "edit": _save(source="fair"),
    "state": lambda tx, lead: tx.leads.save_states([evolve(lead, state=LeadState.LOST).changed(NOW)]),
    "enquiry": lambda tx, _lead: tx.leads.add_or_mark_duplicate(make_lead("again", "ann@example.com", NOW)),
    "enquiries": lambda tx, lead: tx.leads.count_enquiries(lead.id, 1),
    "erasure": lambda tx, lead: tx.leads.erase(lead.id),
    "earlier lead": lambda tx, _lead: tx.leads.add(
        make_lead("new", "new@example.com", MONDAY, updated_at=NOW)
    ),
    "import": lambda tx, _lead: tx.leads.add_all([make_lead("new", "new@example.com", MONDAY)]),
    "recorded": lambda tx, _lead: tx.rollups.record_change(MONDAY),
}


class LeadRollupsContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_rollup_is_returned_as_it_was_stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert current(unit_of_work) == []
        put(unit_of_work, rollup())
        [stored] = current(unit_of_work)
        assert stored == rollup()
        assert stored.counts.by_source[None] == GroupCounts(2, 2, 0, 2)

    def test_only_rollups_within_the_range_are_returned_in_their_order(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        days = [rollup(MONDAY + number * DAY, 1, Period.DAY) for number in range(7)]
        put(unit_of_work, *reversed(days), rollup())
        assert current(unit_of_work, WHOLE, Period.DAY) == days
        assert current(unit_of_work, TimeRange(), Period.DAY) == days
        part = TimeRange(MONDAY + MICROSECOND, MONDAY + 3 * DAY)
        assert current(unit_of_work, part, Period.DAY) == days[1:3]
        assert current(unit_of_work, part) == []

    def test_rollup_replaces_previous_one(self, unit_of_work: UnitOfWorkFactory) -> None:
        put(unit_of_work, rollup())
        put(unit_of_work, evolve(rollup(), counts=CohortCounts()))
        assert [one.counts for one in current(unit_of_work)] == [CohortCounts()]

    def test_rollups_of_other_zones_are_separate_until_they_are_removed(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        put(unit_of_work, rollup(), zone="UTC")
        assert current(unit_of_work) == []
        with unit_of_work() as tx:
            tx.rollups.remove_other_zones(ZONE)
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.rollups.starts("UTC", Period.WEEK) == set()

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
    def test_changed_leads_make_their_rollup_outdated_until_it_is_counted_again(
        self, unit_of_work: UnitOfWorkFactory, change: Change
    ) -> None:
        with unit_of_work() as tx:
            tx.leads.add(make_lead("lead", "ann@example.com", MONDAY))
            tx.commit()
        day_before = rollup(MONDAY - DAY, 1, Period.DAY)
        put(unit_of_work, rollup(), day_before)
        with unit_of_work() as tx:
            change(tx, tx.leads.get("lead"))
            tx.commit()
        assert current(unit_of_work) == []
        assert current(unit_of_work, TimeRange(), Period.DAY) == [day_before]
        put(unit_of_work, rollup())
        assert current(unit_of_work) == [rollup()]

    def test_change_of_the_last_enquiry_concerns_its_primary_lead(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        with unit_of_work() as tx:
            tx.leads.add(make_lead("lead", "ann@example.com", MONDAY))
            tx.leads.add_or_mark_duplicate(make_lead("again", "ann@example.com", NOW))
            tx.commit()
        put(unit_of_work, rollup())
        with unit_of_work() as tx:
            tx.leads.save(evolve(tx.leads.get("again"), utm_campaign="spring").changed(NOW))
            tx.commit()
        assert current(unit_of_work) == []

    def test_erasure_leaves_no_text_of_a_lead_or_its_last_enquiry(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        with unit_of_work() as tx:
            tx.leads.add(make_lead("lead", "ann@example.com", MONDAY))
            tx.leads.add_or_mark_duplicate(make_lead("again", "ann@example.com", NOW))
            tx.commit()
        put(unit_of_work, rollup())
        with unit_of_work() as tx:
            tx.leads.erase("again")
            tx.rollups.begin(WHOLE)
            tx.commit()
        assert current(unit_of_work) == []

    def test_change_after_the_beginning_stays_recorded(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.rollups.begin(WHOLE)
            tx.rollups.put(ZONE, rollup())
            tx.rollups.record_change(MONDAY)
            tx.commit()
        assert current(unit_of_work) == []

    def test_concurrent_change_is_never_lost(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.leads.add(make_lead("lead", "ann@example.com", MONDAY))
            tx.commit()

        def change() -> None:
            with unit_of_work() as tx:
                lead = tx.leads.get("lead")
                tx.leads.save(evolve(lead, source=f"source {lead.version}").changed(NOW))
                tx.commit()

        def roll_up() -> None:
            with unit_of_work() as tx:
                tx.rollups.begin(WHOLE)
                counted = evolve(rollup(), counts=tx.statistics.counts(WHOLE).most_frequent())
                tx.rollups.put(ZONE, counted)
                tx.commit()

        for _ in range(8):
            run_in_threads(3, lambda number: (change, roll_up, roll_up)[number]())
            for stored in current(unit_of_work):
                with unit_of_work.read_only() as tx:
                    assert stored.counts == tx.statistics.counts(WHOLE)
