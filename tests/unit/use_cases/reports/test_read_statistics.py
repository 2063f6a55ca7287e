"""Statistics: one cohort, the same leads all the way, in memory."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from leadtracker.domain.errors import PermissionDenied
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.reports.statistics import Delays, Funnel
from leadtracker.domain.model.values.timestamps import TimeRange
from tests.support.clock import DAY, NOW, WEEK
from tests.support.memory.in_memory_app import AGENT, VIEWER, InMemoryApp

HOUR = timedelta(hours=1)
EVERYTHING = TimeRange()


def test_empty_store_has_empty_statistics(app: InMemoryApp) -> None:
    numbers = app.read_statistics(VIEWER, EVERYTHING)
    assert set(numbers.by_state.values()) == {0}
    assert (numbers.by_source, numbers.by_week) == ({}, ())
    assert numbers.funnel == Funnel(0, 0, 0)
    assert numbers.time_to_contact == Delays(0, None, None)


def test_funnel_follows_its_cohort(app: InMemoryApp) -> None:
    leads = app.receive(*(f"p{number}@example.com" for number in range(6)), "P0@example.com")
    ways = [[], ["LOST"], ["REACHED_OUT"], ["REACHED_OUT", "LOST"], ["REACHED_OUT", "CONVERTED"]]
    undone = ["REACHED_OUT", "PENDING"]
    for lead, states in zip(leads, [*ways, undone], strict=False):
        for state in states:
            app.clock.advance(HOUR)
            app.update_lead(AGENT, lead.id, {"state": state})
    app.clock.set(NOW + DAY)
    app.receive("later@example.com")
    numbers = app.read_statistics(VIEWER, TimeRange(NOW, NOW + DAY))
    assert dict(numbers.by_state) == {"PENDING": 2, "REACHED_OUT": 1, "CONVERTED": 1, "LOST": 2}
    assert numbers.funnel == Funnel(captured=6, reached_out=3, converted=1)
    assert numbers.time_to_contact.contacted == 4


def test_contact_delay_ends_at_first_contact(app: InMemoryApp) -> None:
    (lead,) = app.receive("ann@example.com")
    for state in ("REACHED_OUT", "PENDING", "REACHED_OUT"):
        app.clock.advance(2 * HOUR)
        app.update_lead(AGENT, lead.id, {"state": state})
    assert app.read_statistics(VIEWER, EVERYTHING).time_to_contact == Delays(1, 2 * HOUR, 2 * HOUR)


def test_weeks_are_cut_at_the_cohort(app: InMemoryApp) -> None:
    app.zone = ZoneInfo("Europe/Berlin")
    for step in (timedelta(0), WEEK, timedelta(0), 3 * WEEK):
        app.clock.advance(step)
        app.receive(f"p{len(app.leads())}@example.com")
    weeks = app.read_statistics(VIEWER, EVERYTHING).by_week
    assert [(week.name, count) for week, count in weeks] == [
        ("2026-W47", 1),
        ("2026-W48", 2),
        ("2026-W51", 1),
    ]
    cut = app.read_statistics(VIEWER, TimeRange(NOW + WEEK, NOW + WEEK + HOUR)).by_week
    assert [(week.name, count) for week, count in cut] == [("2026-W48", 2)]


def test_statistics_need_a_permission(app: InMemoryApp) -> None:
    with pytest.raises(PermissionDenied):
        app.read_statistics(PUBLIC, EVERYTHING)
