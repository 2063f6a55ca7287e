"""The daily digest in memory: its content, and when it is sent or skipped."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind, DeliveryState
from leadtracker.domain.model.deliveries.digest import MAX_COUNTED, MAX_SHOWN, Digest
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.builders import make_lead
from tests.support.clock import DAY, NOW, at
from tests.support.memory.in_memory_app import ADMIN, AGENT, InMemoryApp

NOTIFIED = (EmailAddress.parse("first@law.example"), EmailAddress.parse("Second@law.example"))
HOUR = timedelta(hours=1)


@pytest.fixture
def app() -> InMemoryApp:
    """An installation at noon: today's digest is done, and the next one is due at eight tomorrow."""
    app = InMemoryApp(notify=NOTIFIED)
    assert app.enqueue_digest() is not None
    return app


def digests(app: InMemoryApp) -> list[Delivery]:
    """Return every stored digest."""
    page = app.manage_deliveries.page(ADMIN, None, limit=200, after=None)
    return [delivery for delivery in page.items if delivery.kind is DeliveryKind.DIGEST]


def arrived(app: InMemoryApp) -> list[str]:
    """Deliver what is due, and return the texts of all digests that arrived."""
    list(app.deliver_notifications.mail())
    return [email.text for email in app.email_sender.arrived if email.subject == "digest"]


def read(app: InMemoryApp) -> Digest:
    with app.unit_of_work.read_only() as tx:
        return app.read_digest(tx, app.clock.now())


def mails_made(app: InMemoryApp) -> int | None:
    """Return the number of mails of a digest that is made now; None if none is due."""
    made = app.enqueue_digest()
    return None if made is None else made.mails


def test_each_recipient_gets_one_digest_a_day(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    app.clock.advance(DAY + HOUR)
    assert (mails_made(app), mails_made(app)) == (2, None)
    assert sorted(delivery.recipient for delivery in digests(app)) == [
        "Second@law.example",
        "first@law.example",
    ]
    assert arrived(app) == ["0 overdue, 1 untouched\nAnn Lee"] * 2
    app.clock.advance(DAY)
    assert (mails_made(app), len(arrived(app))) == (2, 4)


def test_digest_time_is_in_the_business_zone() -> None:
    app = InMemoryApp(zone=ZoneInfo("America/New_York"), digest_at=time(17, 30), notify=NOTIFIED)
    days = []
    for now in (
        "2026-11-18T22:29:59Z",
        "2026-11-18T22:30:00Z",
        "2026-11-19T22:29:59Z",
        "2026-11-19T22:30:00Z",
    ):
        app.clock.set(at(now))
        made = app.enqueue_digest()
        days.append(made and str(made.day))
    assert days == ["2026-11-17", "2026-11-18", None, "2026-11-19"]


def test_downtime_causes_one_digest(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    app.clock.advance(5 * DAY)
    assert (mails_made(app), mails_made(app)) == (2, None)


def test_missed_digest_precedes_todays(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    app.clock.set(NOW + 2 * DAY - 6 * HOUR)
    assert (mails_made(app), mails_made(app)) == (2, None)
    app.clock.advance(2 * HOUR)
    assert (mails_made(app), mails_made(app)) == (2, None)


def test_empty_digest_is_skipped(app: InMemoryApp) -> None:
    app.clock.advance(DAY)
    assert mails_made(app) == 0
    app.receive("ann@example.com")
    app.untouched_for = timedelta(0)
    app.clock.advance(HOUR)
    assert (mails_made(app), digests(app)) == (None, [])


def test_day_is_done_without_recipients(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    app.clock.advance(2 * DAY)
    app.notify = ()
    assert (mails_made(app), digests(app)) == (0, [])


def test_digest_can_be_disabled(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    app.digest_at = None
    app.clock.advance(5 * DAY)
    assert mails_made(app) is None


def test_untouched_leads_are_selected(app: InMemoryApp) -> None:
    leads = app.receive(*(f"{name}@example.com" for name in ("new", "reached", "planned", "done", "twice")))
    ids = {lead.identity.partition("@")[0]: lead.id for lead in leads}
    [again] = app.receive("twice@example.com")
    app.update_lead(AGENT, ids["reached"], {"state": "REACHED_OUT"})
    app.record_follow_up(AGENT, ids["planned"], {"due_at": (NOW + 9 * DAY).isoformat()})
    app.record_follow_up(AGENT, ids["done"], {"due_at": (NOW + 9 * DAY).isoformat()})
    app.record_follow_up(AGENT, ids["done"], {})
    app.clock.advance(DAY)
    app.receive("young@example.com")
    assert read(app).number_untouched == 0
    app.clock.advance(timedelta(microseconds=1))
    assert [lead.id for lead in read(app).untouched] == [ids["new"], ids["twice"], again.id]
    assert (read(app).number_untouched, read(app).untouched_for) == (3, DAY)


def test_overdue_follow_up_is_selected(app: InMemoryApp) -> None:
    leads = app.receive("a@example.com", "b@example.com", "c@example.com")
    for hours, lead in zip((5, 3, 40), leads, strict=True):
        app.record_follow_up(AGENT, lead.id, {"due_at": (NOW + hours * HOUR).isoformat()})
    app.clock.advance(20 * HOUR)
    digest = read(app)
    assert [one.lead.id for one in digest.overdue] == [leads[1].id, leads[0].id]
    assert [one.follow_up.lead_id for one in digest.overdue] == [leads[1].id, leads[0].id]
    assert digest.number_overdue == 2


def test_digest_is_truncated_but_counts_all(app: InMemoryApp) -> None:
    with app.unit_of_work() as tx:
        for number in range(MAX_COUNTED + 20):
            tx.leads.add(make_lead(f"lead-{number}", f"p{number}@example.com"))
        tx.commit()
    app.clock.advance(2 * DAY)
    digest = read(app)
    assert (len(digest.untouched), digest.number_untouched) == (MAX_SHOWN, MAX_COUNTED + 1)


def test_digest_content_is_read_when_sent(app: InMemoryApp) -> None:
    (ann, _) = app.receive("ann@example.com", "bob@example.com")
    app.clock.advance(DAY + HOUR)
    assert mails_made(app) == 2
    app.update_lead(AGENT, ann.id, {"state": "REACHED_OUT"})
    assert arrived(app) == ["0 overdue, 1 untouched\nAnn Lee"] * 2


def test_obsolete_digest_is_cancelled(app: InMemoryApp) -> None:
    (ann,) = app.receive("ann@example.com")
    app.clock.advance(DAY + HOUR)
    assert mails_made(app) == 2
    app.update_lead(AGENT, ann.id, {"state": "REACHED_OUT"})
    assert arrived(app) == []
    assert {(one.state, one.attempts[-1].detail) for one in digests(app)} == {
        (DeliveryState.CANCELLED, AttemptDetail(DetailCode.NOTHING_DUE))
    }
