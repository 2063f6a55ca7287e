"""Alerts about silent sources: once for each silence, to the recipients of reports."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.delivery import DeliveryKind, DeliveryState
from tests.support.builders import make_lead
from tests.support.clock import DAY, NOW, WEEK
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp

HOUR = timedelta(hours=1)


@pytest.fixture
def app() -> InMemoryApp:
    return InMemoryApp(report_to="owner@example.com")


def arrive(app: InMemoryApp, source: str | None, *times: datetime, import_id: str | None = None) -> None:
    """Store a lead of another person at each time."""
    with app.unit_of_work() as tx:
        for time in times:
            name = f"{source}-{time.timestamp()}".replace(" ", "-")
            lead = make_lead(name, f"{name}@example.com", time, source=source)
            tx.leads.add(evolve(lead, import_id=import_id))
        tx.commit()


def regular(end: datetime = NOW) -> list[datetime]:
    """Three leads a day for ten weeks, the last one at ``end``."""
    return [end - number * 8 * HOUR for number in range(10 * 7 * 3)]


def run(app: InMemoryApp, duration: timedelta) -> list[str | None]:
    """Let a scheduler work every hour, and return the sources that it reports."""
    reported: list[str | None] = []
    for _ in range(duration // HOUR):
        app.clock.advance(HOUR)
        reported.extend(one.source for one in app.alert_silence())
        list(app.deliver_notifications.mail())
    return reported


def mails(app: InMemoryApp) -> list[str]:
    """Return the recipients of the alerts that arrived."""
    return [mail.recipient for mail in app.email_sender.arrived if mail.subject == "silence_alert"]


@pytest.mark.parametrize("source", ["fair", None])
def test_silent_source_is_reported_once(app: InMemoryApp, source: str | None) -> None:
    arrive(app, source, *regular())
    assert run(app, 2 * DAY) == []
    assert run(app, 2 * WEEK) == [source]
    assert mails(app) == ["owner@example.com"]
    assert app.email_sender.arrived[-1].text == f"{source}: none since {NOW}"


def test_source_is_reported_again_after_it_has_recovered(app: InMemoryApp) -> None:
    arrive(app, "fair", *regular())
    assert run(app, WEEK) == ["fair"]
    arrive(app, "fair", app.clock.now())
    assert run(app, WEEK) == ["fair"]
    assert len(mails(app)) == 2


def test_each_source_has_its_own_rhythm(app: InMemoryApp) -> None:
    arrive(app, "fair", *regular())
    arrive(app, None, *regular(NOW + WEEK))
    assert run(app, WEEK) == ["fair"]


def test_imported_leads_are_no_rhythm(app: InMemoryApp) -> None:
    arrive(app, "old system", *regular(), import_id="import-1")
    arrive(app, "fair", *regular())
    arrive(app, "fair", NOW + 2 * DAY, import_id="import-2")
    assert run(app, WEEK) == ["fair"]


def test_alert_is_cancelled_if_a_lead_comes_first(app: InMemoryApp) -> None:
    arrive(app, "fair", *regular())
    app.clock.advance(WEEK)
    assert len(app.alert_silence()) == 1
    arrive(app, "fair", app.clock.now())
    list(app.deliver_notifications.mail())
    assert mails(app) == []
    [alert] = [
        one
        for one in app.manage_deliveries.page(ADMIN, None, limit=9, after=None).items
        if one.kind is DeliveryKind.SILENCE_ALERT
    ]
    assert alert.state is DeliveryState.CANCELLED
    assert alert.attempts[-1].detail == AttemptDetail(DetailCode.SOURCE_NOT_SILENT)


def test_alerts_follow_the_recipients_of_reports(app: InMemoryApp) -> None:
    arrive(app, "fair", *regular())
    app.report_to = "off"
    assert run(app, WEEK) == []
    app.report_to = "owner@example.com, partner@example.com"
    assert run(app, HOUR) == ["fair"]
    assert sorted(mails(app)) == ["owner@example.com", "partner@example.com"]
