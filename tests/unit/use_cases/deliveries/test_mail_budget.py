"""The public form is no way to flood people: limits of acknowledgements and notifications."""

from datetime import timedelta

import pytest

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind, DeliveryState
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.use_cases.deliveries.mail_budget import BUNDLE_WINDOW, HOUR
from tests.support.clock import at
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp

BOSS = EmailAddress.parse("boss@law.example")
LATER = DeliveryResult(outcome=Outcome.RETRY, status=451)
ACKNOWLEDGEMENTS, NOTIFICATIONS = 30, 4


@pytest.fixture
def app() -> InMemoryApp:
    app = InMemoryApp(
        notify=(BOSS,), acknowledgements_per_hour=ACKNOWLEDGEMENTS, notifications_per_hour=NOTIFICATIONS
    )
    app.clock.set(at("2026-11-18T12:00:00Z"))
    return app


def receive(app: InMemoryApp, number: int, prefix: str = "p") -> None:
    """Capture leads of so many strangers."""
    app.receive(*(f"{prefix}{one}@example.com" for one in range(number)))


def send(app: InMemoryApp) -> list[DeliveryKind]:
    """Send what is due, and return the kinds of the mails."""
    return [delivery.kind for delivery in app.deliver_notifications.mail()]


def stored(app: InMemoryApp, kind: DeliveryKind) -> list[Delivery]:
    page = app.manage_deliveries.page(ADMIN, None, limit=1_000, after=None)
    return [delivery for delivery in page.items if delivery.kind is kind]


def test_acknowledgements_beyond_the_limit_wait_for_the_next_hour(app: InMemoryApp) -> None:
    app.notify = ()
    receive(app, 2 * ACKNOWLEDGEMENTS + 5)
    sent = []
    for _ in range(4):
        sent.append(len(send(app)))
        assert send(app) == []
        app.clock.advance(HOUR)
    assert sent == [ACKNOWLEDGEMENTS, ACKNOWLEDGEMENTS, 5, 0]


def test_waiting_acknowledgements_delay_no_other_mail(app: InMemoryApp) -> None:
    receive(app, ACKNOWLEDGEMENTS + 10)
    send(app)
    [lead] = app.receive("known@example.com")
    app.record_follow_up(ADMIN, lead.id, {"message": "Shall we talk?"})
    assert send(app).count(DeliveryKind.FOLLOW_UP) == 1


def test_late_mails_are_not_reported_while_they_wait_on_purpose(app: InMemoryApp) -> None:
    app.notify = ()
    receive(app, ACKNOWLEDGEMENTS + 10)
    send(app)
    app.clock.advance(HOUR / 2)
    with app.unit_of_work.read_only() as tx:
        assert tx.deliveries.due_since(app.clock.now()) is None


def test_notifications_beyond_the_limit_are_one_mail_that_lists_them(app: InMemoryApp) -> None:
    receive(app, NOTIFICATIONS + 6)
    kinds = send(app)
    assert kinds.count(DeliveryKind.NOTIFICATION) == NOTIFICATIONS
    assert kinds.count(DeliveryKind.NOTIFICATION_BUNDLE) == 1
    mails = [email.text for email in app.email_sender.arrived if email.recipient == BOSS.text]
    assert sum(len(text.splitlines()) for text in mails) == NOTIFICATIONS + 6
    states = [delivery.state for delivery in stored(app, DeliveryKind.NOTIFICATION)]
    assert (states.count(DeliveryState.SENT), states.count(DeliveryState.CANCELLED)) == (NOTIFICATIONS, 6)


def test_a_flood_causes_one_mail_in_ten_minutes(app: InMemoryApp) -> None:
    for minute in range(30):
        receive(app, 3, f"minute{minute}-")
        send(app)
        app.clock.advance(timedelta(minutes=1))
    app.clock.advance(BUNDLE_WINDOW)
    send(app)
    mails = [email for email in app.email_sender.arrived if email.recipient == BOSS.text]
    assert len(mails) <= NOTIFICATIONS + 4
    assert sum(len(email.text.splitlines()) for email in mails) == 90
    assert not [one for one in stored(app, DeliveryKind.NOTIFICATION) if one.due_at]


def test_one_late_notification_is_no_bundle(app: InMemoryApp) -> None:
    receive(app, NOTIFICATIONS + 1)
    assert send(app).count(DeliveryKind.NOTIFICATION) == NOTIFICATIONS + 1


def test_bundle_leaves_out_who_was_erased(app: InMemoryApp) -> None:
    receive(app, NOTIFICATIONS)
    send(app)
    first, second = app.receive("gone@example.com", "here@example.com")
    app.email_sender.expect(LATER, LATER, LATER)
    send(app)
    app.erase_lead(ADMIN, first.id)
    app.clock.advance(timedelta(minutes=1))
    send(app)
    *_, bundle = [email for email in app.email_sender.arrived if email.subject == "notification_bundle"]
    assert bundle.text == second.full_name


def test_repeated_attempts_are_not_counted_again(app: InMemoryApp) -> None:
    app.notify = ()
    app.email_sender.expect(*[LATER] * ACKNOWLEDGEMENTS)
    receive(app, ACKNOWLEDGEMENTS)
    assert len(send(app)) == ACKNOWLEDGEMENTS
    app.clock.advance(timedelta(minutes=1))
    assert len(send(app)) == ACKNOWLEDGEMENTS


def test_no_limit_holds_nothing_back(app: InMemoryApp) -> None:
    app.acknowledgements_per_hour = app.notifications_per_hour = 0
    receive(app, 50)
    assert len(send(app)) == 100
