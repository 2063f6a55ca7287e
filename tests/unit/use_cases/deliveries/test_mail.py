"""Mails in memory: the deliveries of each event, and their results."""

from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import DeliveryNotFound, NotRetryable, PermissionDenied
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import (
    ACKNOWLEDGED_FOR,
    Delivery,
    DeliveryKind,
    DeliveryState,
)
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.builders import make_fields
from tests.support.clock import DAY
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp
from tests.support.memory.unit_of_work import MemoryUnitOfWork, MemoryUnitOfWorkFactory

NOTIFIED = (EmailAddress.parse("first@law.example"), EmailAddress.parse("second@law.example"))
LATER = DeliveryResult(outcome=Outcome.RETRY, status=451)
NOT_SENT = DeliveryResult(outcome=Outcome.NOT_SENT)
REJECTED = DeliveryResult(outcome=Outcome.REJECTED, status=550)


@pytest.fixture
def app() -> InMemoryApp:
    return InMemoryApp(notify=NOTIFIED)


def deliveries(app: InMemoryApp) -> list[Delivery]:
    """Every message, the oldest first."""
    page = app.manage_deliveries.page(ADMIN, None, limit=200, after=None)
    return list(reversed(page.items))


def sent(app: InMemoryApp) -> list[str]:
    """Return the recipients of the mails sent so far."""
    return sorted(email.recipient for email in app.email_sender.arrived)


def test_new_lead_causes_all_mails(app: InMemoryApp) -> None:
    app.receive("Ann@example.com")
    assert {delivery.state for delivery in deliveries(app)} == {DeliveryState.PENDING}
    list(app.deliver_notifications.mail())
    assert sent(app) == ["Ann@example.com", "first@law.example", "second@law.example"]
    assert {delivery.state for delivery in deliveries(app)} == {DeliveryState.SENT}
    assert list(app.deliver_notifications.mail()) == []


def test_unstored_lead_causes_no_mail(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    known = deliveries(app)
    with pytest.raises(Exception, match="exists"):
        app.capture_lead(AGENT, make_fields())
    app.capture_lead(AGENT, make_fields("bob@example.com"), "key")
    app.capture_lead(AGENT, make_fields("bob@example.com"), "key")
    assert len(deliveries(app)) == len(known) + 3


def test_acknowledgements_are_limited_per_day(app: InMemoryApp) -> None:
    app.receive("ann@example.com", "ANN@example.com")
    list(app.deliver_notifications.mail())
    assert sent(app) == ["ann@example.com", *["first@law.example"] * 2, *["second@law.example"] * 2]
    assert [delivery.state for delivery in deliveries(app)].count(DeliveryState.CANCELLED) == 1
    app.clock.advance(ACKNOWLEDGED_FOR + timedelta(seconds=1))
    app.receive("ann@example.com")
    list(app.deliver_notifications.mail())
    assert sent(app).count("ann@example.com") == 2


def test_follow_up_mail_has_given_text(app: InMemoryApp) -> None:
    (lead,) = app.receive("ann@example.com")
    list(app.deliver_notifications.mail())
    app.record_follow_up(AGENT, lead.id, {"message": "Shall we talk?"})
    [delivery] = list(app.deliver_notifications.mail())
    assert (delivery.kind, delivery.recipient, delivery.text) == (
        DeliveryKind.FOLLOW_UP,
        "ann@example.com",
        "Shall we talk?",
    )


def test_sent_mail_is_in_the_history(app: InMemoryApp) -> None:
    (lead,) = app.receive("ann@example.com")
    list(app.deliver_notifications.mail())
    entries = [entry for entry in app.read_history(VIEWER, lead.id) if entry.action is Action.MAIL_SENT]
    assert sorted(str(entry.note) for entry in entries) == ["acknowledgement", "notification", "notification"]
    assert {(entry.actor, entry.version) for entry in entries} == {("scheduler", 1)}


def test_failed_mail_is_retried_later(app: InMemoryApp) -> None:
    app.email_sender.expect(LATER)
    app.receive("ann@example.com")
    first, *others = list(app.deliver_notifications.mail())
    assert (first.state, {other.state for other in others}) == (DeliveryState.PENDING, {DeliveryState.SENT})
    assert list(app.deliver_notifications.mail()) == []
    app.clock.advance(timedelta(seconds=10))
    [again] = list(app.deliver_notifications.mail())
    assert (again.id, again.state) == (first.id, DeliveryState.SENT)


def test_stopped_worker_claims_nothing(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    stop = iter([False, True])
    assert len(list(app.deliver_notifications.mail(until=lambda: next(stop)))) == 2
    [rest] = [delivery for delivery in deliveries(app) if delivery.state is not DeliveryState.SENT]
    assert (rest.state, rest.attempts) == (DeliveryState.PENDING, ())
    assert [delivery.id for delivery in app.deliver_notifications.mail()] == [rest.id]


def test_dead_message_can_be_retried(app: InMemoryApp) -> None:
    app.email_sender.expect(REJECTED)
    app.receive("ann@example.com")
    [failed] = app.deliver_notifications.mail(until=lambda: True)
    assert failed.state is DeliveryState.FAILED
    app.clock.advance(DAY)
    assert app.manage_deliveries.retry(ADMIN, failed.id).state is DeliveryState.PENDING
    assert failed.id in {
        delivery.id for delivery in app.deliver_notifications.mail() if delivery.state is DeliveryState.SENT
    }
    with pytest.raises(NotRetryable):
        app.manage_deliveries.retry(ADMIN, failed.id)


def test_all_dead_messages_can_be_retried(app: InMemoryApp) -> None:
    app.email_sender.expect(REJECTED, REJECTED, REJECTED)
    app.receive("ann@example.com")
    list(app.deliver_notifications.mail())
    assert (app.manage_deliveries.retry_failed(ADMIN), app.manage_deliveries.retry_failed(ADMIN)) == (3, 0)


def test_all_waiting_mails_can_be_retried(app: InMemoryApp) -> None:
    app.email_sender.expect(NOT_SENT, NOT_SENT)
    app.receive("ann@example.com")
    first = list(app.deliver_notifications.mail())
    app.receive("bob@example.com")  # whose mails were not attempted yet
    waiting = [one for one in first if one.state is DeliveryState.PENDING]
    assert len(waiting) == 2
    assert app.manage_deliveries.retry_pending(ADMIN) == 2
    sent = {one.id for one in app.deliver_notifications.mail()}
    assert {one.id for one in waiting} <= sent
    assert app.manage_deliveries.retry_pending(ADMIN) == 0


class SentMeanwhile(MemoryUnitOfWorkFactory):
    """Before the first unit of work that writes, others retry and send the failed mails."""

    def __init__(self, app: InMemoryApp) -> None:
        super().__init__(app.store)
        self._app = app
        self._is_first = True

    def __call__(self) -> MemoryUnitOfWork:
        if self._is_first:
            self._is_first = False
            assert self._app.manage_deliveries.retry_failed(ADMIN) == 3
            list(self._app.deliver_notifications.mail(until=lambda: True))
        return super().__call__()


def test_retrying_all_skips_what_was_sent_meanwhile(app: InMemoryApp) -> None:
    app.email_sender.expect(REJECTED, REJECTED, REJECTED)
    app.receive("ann@example.com")
    list(app.deliver_notifications.mail())
    assert evolve(app.manage_deliveries, unit_of_work=SentMeanwhile(app)).retry_failed(ADMIN) == 2


def test_unwritable_mail_is_retried_later(app: InMemoryApp) -> None:
    app.email_writer.unwritable.add(DeliveryKind.ACKNOWLEDGEMENT)
    app.receive("ann@example.com")
    poison, *others = list(app.deliver_notifications.mail())
    assert (poison.kind, poison.state) == (DeliveryKind.ACKNOWLEDGEMENT, DeliveryState.PENDING)
    assert poison.attempts[-1].outcome is Outcome.NOT_SENT
    failed = AttemptDetail(DetailCode.TEMPLATE_FAILED, error="ValueError", path="acknowledgement")
    assert poison.attempts[-1].detail == failed
    assert {other.state for other in others} == {DeliveryState.SENT}
    app.email_writer.unwritable.clear()
    app.clock.advance(DAY)
    assert [delivery.state for delivery in app.deliver_notifications.mail()] == [DeliveryState.SENT]


def test_erasure_cancels_pending_mails(app: InMemoryApp) -> None:
    (lead,) = app.receive("ann@example.com")
    app.erase_lead(ADMIN, lead.id)
    assert deliveries(app) == []
    assert list(app.deliver_notifications.mail()) == []


def test_unknown_message_is_not_found(app: InMemoryApp) -> None:
    with pytest.raises(DeliveryNotFound):
        app.manage_deliveries.retry(ADMIN, "unknown")


@pytest.mark.parametrize("actor", [PUBLIC, VIEWER, AGENT], ids=lambda actor: actor.name)
def test_outbox_is_admin_only(app: InMemoryApp, actor: object) -> None:
    with pytest.raises(PermissionDenied):
        app.manage_deliveries.page(actor, None, limit=9, after=None)  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        app.manage_deliveries.retry(actor, "unknown")  # type: ignore[arg-type]


def test_mail_whose_every_attempt_died_is_failed(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    [delivery, *_] = deliveries(app)
    with app.unit_of_work() as tx:
        while not delivery.is_exhausted(app.clock.now()):
            claimed = evolve(delivery.claim(app.clock.now()), leased_until=app.clock.now())
            tx.deliveries.replace(claimed, epoch=delivery.epoch)
            delivery = claimed
        tx.commit()
    list(app.deliver_notifications.mail())
    assert sent(app) == ["first@law.example", "second@law.example"]
    [died] = app.manage_deliveries.page(ADMIN, DeliveryState.FAILED, limit=10, after=None).items
    assert (died.id, died.leased_until) == (delivery.id, None)
    assert {attempt.outcome for attempt in died.attempts} == {Outcome.UNKNOWN}
