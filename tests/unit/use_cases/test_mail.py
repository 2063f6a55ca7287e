"""Mail: what a lead causes, and what becomes of it, in memory."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import DeliveryNotFound, NotRetryable, PermissionDenied
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import (
    ACKNOWLEDGED_FOR,
    Delivery,
    DeliveryKind,
    DeliveryState,
)
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.leads.history import Action
from tests.support.builders import make_fields
from tests.support.clock import DAY
from tests.support.in_memory_app import ADMIN, AGENT, VIEWER, Installation

NOTIFIED = (EmailAddress.parse("first@law.example"), EmailAddress.parse("second@law.example"))
LATER = DeliveryResult(outcome=Outcome.RETRY, status=451)
REJECTED = DeliveryResult(outcome=Outcome.REJECTED, status=550)


@pytest.fixture
def app() -> Installation:
    return Installation(notify=NOTIFIED)


def deliveries(app: Installation) -> list[Delivery]:
    """Every message, the oldest first."""
    page = app.manage_deliveries.page(ADMIN, None, limit=200, after=None)
    return list(reversed(page.deliveries))


def sent(app: Installation) -> list[str]:
    """To whom mails have gone so far."""
    return sorted(email.recipient for email in app.email_sender.arrived)


def test_a_new_lead_is_acknowledged_and_each_notify_address_gets_a_mail(app: Installation) -> None:
    app.receive("Ann@example.com")
    assert {delivery.state for delivery in deliveries(app)} == {DeliveryState.PENDING}
    list(app.deliver_mail())
    assert sent(app) == ["Ann@example.com", "first@law.example", "second@law.example"]
    assert {delivery.state for delivery in deliveries(app)} == {DeliveryState.SENT}
    assert list(app.deliver_mail()) == []


def test_what_is_not_stored_causes_no_mail(app: Installation) -> None:
    app.receive("ann@example.com")
    known = deliveries(app)
    with pytest.raises(Exception, match="exists"):
        app.capture_lead(AGENT, make_fields())
    app.capture_lead(AGENT, make_fields("bob@example.com"), "key")
    app.capture_lead(AGENT, make_fields("bob@example.com"), "key")
    assert len(deliveries(app)) == len(known) + 3


def test_an_address_is_acknowledged_once_a_day_and_notified_every_time(app: Installation) -> None:
    app.receive("ann@example.com", "ANN@example.com")
    list(app.deliver_mail())
    assert sent(app) == ["ann@example.com", *["first@law.example"] * 2, *["second@law.example"] * 2]
    assert [delivery.state for delivery in deliveries(app)].count(DeliveryState.CANCELLED) == 1
    app.clock.advance(ACKNOWLEDGED_FOR + timedelta(seconds=1))
    app.receive("ann@example.com")
    list(app.deliver_mail())
    assert sent(app).count("ann@example.com") == 2


def test_a_follow_up_is_mailed_to_the_prospect_as_written(app: Installation) -> None:
    (lead,) = app.receive("ann@example.com")
    list(app.deliver_mail())
    app.record_follow_up(AGENT, lead.id, {"message": "Shall we talk?"})
    [delivery] = list(app.deliver_mail())
    assert (delivery.kind, delivery.recipient, delivery.text) == (
        DeliveryKind.FOLLOW_UP,
        "ann@example.com",
        "Shall we talk?",
    )


def test_what_was_sent_is_told_in_the_history(app: Installation) -> None:
    (lead,) = app.receive("ann@example.com")
    list(app.deliver_mail())
    told = [entry for entry in app.read_history(VIEWER, lead.id) if entry.action is Action.MAIL_SENT]
    assert sorted(str(entry.note) for entry in told) == ["acknowledgement", "notification", "notification"]
    assert {(entry.actor, entry.version) for entry in told} == {("scheduler", 1)}


def test_what_failed_comes_back_when_it_is_due_and_holds_back_no_other(app: Installation) -> None:
    app.email_sender.expect(LATER)
    app.receive("ann@example.com")
    first, *others = list(app.deliver_mail())
    assert (first.state, {other.state for other in others}) == (DeliveryState.PENDING, {DeliveryState.SENT})
    assert list(app.deliver_mail()) == []
    app.clock.advance(timedelta(seconds=10))
    [again] = list(app.deliver_mail())
    assert (again.id, again.state, again.message_id) == (first.id, DeliveryState.SENT, first.message_id)


def test_told_to_stop_nothing_more_is_claimed(app: Installation) -> None:
    app.receive("ann@example.com")
    stop = iter([False, True])
    assert len(list(app.deliver_mail(until=lambda: next(stop)))) == 2
    [rest] = [delivery for delivery in deliveries(app) if delivery.state is not DeliveryState.SENT]
    assert (rest.state, rest.attempts) == (DeliveryState.PENDING, ())
    assert [delivery.id for delivery in app.deliver_mail()] == [rest.id]


def test_a_failed_delivery_is_listed_and_can_be_retried(app: Installation) -> None:
    app.email_sender.expect(REJECTED)
    app.receive("ann@example.com")
    [failed] = app.deliver_mail(until=lambda: True)
    assert failed.state is DeliveryState.FAILED
    app.clock.advance(DAY)
    assert app.manage_deliveries.retry(ADMIN, failed.id).state is DeliveryState.PENDING
    assert failed.id in {
        delivery.id for delivery in app.deliver_mail() if delivery.state is DeliveryState.SENT
    }
    with pytest.raises(NotRetryable):
        app.manage_deliveries.retry(ADMIN, failed.id)


def test_all_failed_deliveries_can_be_retried_at_once(app: Installation) -> None:
    app.email_sender.expect(REJECTED, REJECTED, REJECTED)
    app.receive("ann@example.com")
    list(app.deliver_mail())
    assert (app.manage_deliveries.retry_failed(ADMIN), app.manage_deliveries.retry_failed(ADMIN)) == (3, 0)


def test_what_cannot_be_written_is_told_tried_again_and_holds_back_no_other(app: Installation) -> None:
    app.email_writer.unwritable.add(DeliveryKind.ACKNOWLEDGEMENT)
    app.receive("ann@example.com")
    poison, *others = list(app.deliver_mail())
    assert (poison.kind, poison.state) == (DeliveryKind.ACKNOWLEDGEMENT, DeliveryState.PENDING)
    assert poison.attempts[-1].outcome is Outcome.NOT_SENT
    assert poison.attempts[-1].detail == "acknowledgement cannot be written"
    assert {other.state for other in others} == {DeliveryState.SENT}
    app.email_writer.unwritable.clear()
    app.clock.advance(DAY)
    assert [delivery.state for delivery in app.deliver_mail()] == [DeliveryState.SENT]


def test_with_the_person_goes_what_would_be_sent(app: Installation) -> None:
    (lead,) = app.receive("ann@example.com")
    app.erase_lead(ADMIN, lead.id)
    assert deliveries(app) == []
    assert list(app.deliver_mail()) == []


def test_an_unknown_delivery_is_not_found(app: Installation) -> None:
    with pytest.raises(DeliveryNotFound):
        app.manage_deliveries.retry(ADMIN, "nobody")


@pytest.mark.parametrize("actor", [PUBLIC, VIEWER, AGENT], ids=lambda actor: actor.name)
def test_only_admins_see_the_deliveries(app: Installation, actor: object) -> None:
    with pytest.raises(PermissionDenied):
        app.manage_deliveries.page(actor, None, limit=9, after=None)  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        app.manage_deliveries.retry(actor, "nobody")  # type: ignore[arg-type]
