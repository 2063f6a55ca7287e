"""Reminders of follow-ups in memory: recipients, times and cancellations."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from leadtracker.domain.model.accounts.access import Actor, Role
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind, DeliveryState
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.builders import make_user
from tests.support.clock import DAY, NOW
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

NOTIFIED = (EmailAddress.parse("first@law.example"), EmailAddress.parse("second@law.example"))
TOMORROW = NOW + DAY
ANN = Actor("user:ann", Role.AGENT)
LATER = DeliveryResult(outcome=Outcome.RETRY, status=451)


@pytest.fixture
def app() -> InMemoryApp:
    return InMemoryApp(notify=NOTIFIED)


def plan(app: InMemoryApp, lead_id: str, due_at: datetime = TOMORROW, actor: Actor = AGENT) -> None:
    """Plan the next follow-up of a lead."""
    app.record_follow_up(actor, lead_id, {"due_at": due_at.isoformat()})


def planned(app: InMemoryApp, due_at: datetime = TOMORROW, actor: Actor = AGENT) -> str:
    """The id of a new lead whose other mails are sent and whose follow-up is planned."""
    (lead,) = app.receive("prospect@example.com")
    list(app.deliver_notifications.mail())
    app.email_sender.arrived.clear()
    plan(app, lead.id, due_at, actor)
    return lead.id


def remind(app: InMemoryApp) -> int:
    """Enqueue reminders as a scheduler does, and return the number of follow-ups."""
    return sum(len(reminded) for reminded in app.remind_follow_ups())


def reminders(app: InMemoryApp) -> list[Delivery]:
    """Return every stored reminder."""
    page = app.manage_deliveries.page(ADMIN, None, limit=200, after=None)
    return [delivery for delivery in page.items if delivery.kind is DeliveryKind.REMINDER]


def recipients(app: InMemoryApp) -> list[str]:
    """Return the recipients of the reminders."""
    return sorted(delivery.recipient for delivery in reminders(app))


def sent(app: InMemoryApp) -> list[tuple[str, str]]:
    """Deliver what is due, and return all mails that arrived, with their recipients."""
    list(app.deliver_notifications.mail())
    return sorted((email.subject, email.recipient) for email in app.email_sender.arrived)


def add_user(app: InMemoryApp, name: str, email: str | None, **rest: Any) -> None:
    with app.unit_of_work() as tx:
        tx.users.add(make_user(name, email=email, **rest))
        tx.commit()


def test_due_follow_up_reminds_users_once(app: InMemoryApp) -> None:
    planned(app)
    app.clock.set(TOMORROW - timedelta(microseconds=1))
    assert (remind(app), sent(app)) == (0, [])
    app.clock.set(TOMORROW)
    assert (remind(app), remind(app)) == (1, 0)
    assert sent(app) == [("reminder", "first@law.example"), ("reminder", "second@law.example")]
    app.clock.advance(30 * DAY)
    assert (remind(app), len(sent(app))) == (0, 2)


def test_downtime_reminders_are_sent_once(app: InMemoryApp) -> None:
    planned(app)
    app.clock.advance(3 * DAY)
    assert (remind(app), remind(app), len(sent(app))) == (1, 0, 2)


def test_reminders_are_claimed_in_batches(app: InMemoryApp) -> None:
    for lead in app.receive(*(f"p{number}@example.com" for number in range(205))):
        plan(app, lead.id)
    app.clock.advance(2 * DAY)
    assert [len(reminded) for reminded in app.remind_follow_ups()] == [100, 100, 5]


def test_stopped_caller_leaves_the_rest(app: InMemoryApp) -> None:
    for lead in app.receive(*(f"p{number}@example.com" for number in range(101))):
        plan(app, lead.id)
    app.clock.advance(2 * DAY)
    assert len(next(app.remind_follow_ups())) == 100
    assert remind(app) == 1


class TestRecipients:
    def test_planner_is_reminded_too(self, app: InMemoryApp) -> None:
        add_user(app, "ann", "ann@law.example")
        planned(app, NOW, ANN)
        remind(app)
        assert recipients(app) == ["ann@law.example", "first@law.example", "second@law.example"]

    def test_addresses_are_deduplicated(self, app: InMemoryApp) -> None:
        app.notify = (*NOTIFIED, EmailAddress.parse("Second@LAW.example"))
        add_user(app, "ann", "FIRST@law.example")
        planned(app, NOW, ANN)
        remind(app)
        assert recipients(app) == ["first@law.example", "second@law.example"]

    @pytest.mark.parametrize(
        ("email", "rest"),
        [(None, {}), ("ann@law.example", {"disabled_at": NOW})],
        ids=["no address", "disabled"],
    )
    def test_user_without_mail_is_not_reminded(
        self, app: InMemoryApp, email: str | None, rest: dict[str, datetime]
    ) -> None:
        add_user(app, "ann", email, **rest)
        planned(app, NOW, ANN)
        assert (remind(app), recipients(app)) == (1, ["first@law.example", "second@law.example"])

    def test_api_key_is_not_a_user(self, app: InMemoryApp) -> None:
        add_user(app, "ann", "ann@law.example")
        planned(app, NOW, Actor("api-key:ann", Role.AGENT))
        remind(app)
        assert recipients(app) == ["first@law.example", "second@law.example"]

    def test_missing_recipients_count_as_reminded(self, app: InMemoryApp) -> None:
        app.notify = ()
        planned(app, NOW)
        [[reminded]] = list(app.remind_follow_ups())
        assert (reminded.mails, reminders(app)) == (0, [])
        app.notify = NOTIFIED
        assert remind(app) == 0


class TestChanges:
    def test_done_follow_up_is_not_reminded(self, app: InMemoryApp) -> None:
        lead_id = planned(app)
        app.record_follow_up(AGENT, lead_id, {})
        app.clock.advance(2 * DAY)
        assert (remind(app), reminders(app)) == (0, [])

    def test_replanned_follow_up_is_reminded_again(self, app: InMemoryApp) -> None:
        lead_id = planned(app)
        app.clock.set(TOMORROW)
        assert (remind(app), len(sent(app))) == (1, 2)
        plan(app, lead_id, TOMORROW + DAY)
        assert remind(app) == 0
        app.clock.advance(DAY)
        assert (remind(app), len(sent(app))) == (1, 4)

    def test_postponed_follow_up_is_reminded_later(self, app: InMemoryApp) -> None:
        lead_id = planned(app)
        plan(app, lead_id, TOMORROW + DAY)
        app.clock.set(TOMORROW)
        assert remind(app) == 0
        app.clock.advance(DAY)
        assert remind(app) == 1

    @pytest.mark.parametrize("due_at", [None, TOMORROW, NOW + timedelta(microseconds=1)])
    def test_obsolete_reminder_is_cancelled(self, app: InMemoryApp, due_at: datetime | None) -> None:
        lead_id = planned(app, NOW)
        remind(app)
        app.record_follow_up(AGENT, lead_id, {"due_at": due_at.isoformat()} if due_at else {})
        assert sent(app) == []
        assert {delivery.state for delivery in reminders(app)} == {DeliveryState.CANCELLED}
        assert {delivery.attempts[-1].detail for delivery in reminders(app)} == {
            AttemptDetail(DetailCode.FOLLOW_UP_CHANGED)
        }
        # Of a new plan there are new reminders, even if it is due before the old ones were tried.
        app.clock.advance(2 * DAY)
        assert (remind(app), len(sent(app))) == ((1, 2) if due_at else (0, 0))

    def test_reminder_is_rechecked_on_retry(self, app: InMemoryApp) -> None:
        lead_id = planned(app, NOW)
        remind(app)
        app.email_sender.expect(LATER)
        assert len(sent(app)) == 2
        app.record_follow_up(AGENT, lead_id, {})
        app.clock.advance(DAY)
        list(app.deliver_notifications.mail())
        states = sorted(delivery.state for delivery in reminders(app))
        assert states == [DeliveryState.CANCELLED, DeliveryState.SENT]

    def test_erasure_cancels_reminders(self, app: InMemoryApp) -> None:
        gone, waiting = planned(app), planned(app, NOW)
        remind(app)
        for lead_id in (gone, waiting):
            app.erase_lead(ADMIN, lead_id)
        app.clock.advance(2 * DAY)
        assert (remind(app), reminders(app), sent(app)) == (0, [], [])


def test_sent_reminder_is_in_history(app: InMemoryApp) -> None:
    lead_id = planned(app, NOW)
    remind(app)
    list(app.deliver_notifications.mail())
    notes = [entry.note for entry in app.read_history(VIEWER, lead_id) if entry.action is Action.MAIL_SENT]
    assert notes.count("reminder") == 2
