"""The weeks of the dashboard: closed ones come from rollups, so that their leads are not counted again."""

from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.model.reports.cohort_counts import CohortCounts, Period
from leadtracker.domain.model.values.timestamps import TimeRange
from tests.support.clock import WEEK
from tests.support.memory.in_memory_app import AGENT, VIEWER, InMemoryApp


@pytest.fixture
def app(app: InMemoryApp) -> InMemoryApp:
    """An application with two leads of a rolled-up week and one of the current week."""
    app.receive("ann@example.com", "bob@example.com")
    app.clock.advance(WEEK)
    app.receive("eve@example.com")
    list(app.roll_up_leads())
    return app


def shown(app: InMemoryApp) -> list[int]:
    """Return the numbers of the last two weeks."""
    return [number for _, number in app.read_dashboard(VIEWER).weeks][-2:]


def count_twice(app: InMemoryApp) -> None:
    """Double the numbers of the rollup, as no count of the leads could."""
    with app.unit_of_work() as tx:
        [rollup] = tx.rollups.current(str(app.zone), Period.WEEK, TimeRange())
        tx.rollups.put(str(app.zone), evolve(rollup, counts=CohortCounts.sum([rollup.counts] * 2)))
        tx.commit()


def test_closed_week_is_not_counted_again(app: InMemoryApp) -> None:
    assert shown(app) == [2, 1]
    count_twice(app)
    assert shown(app) == [4, 1]


def test_changed_week_is_counted_until_it_is_rolled_up(app: InMemoryApp) -> None:
    count_twice(app)
    app.update_lead(AGENT, app.leads()[0].id, {"state": "REACHED_OUT"})
    assert shown(app) == [2, 1]
    app.clock.advance(timedelta(minutes=1))
    list(app.roll_up_leads())
    assert shown(app) == [2, 1]
