"""Deliveries: what follows from an attempt, and for how long it is tried."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import NotRetryable
from leadtracker.domain.model.deliveries.deliverable import LEASE, DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from tests.support.builders import make_delivery
from tests.support.clock import DAY, NOW


def attempted(delivery: Delivery, outcome: Outcome, **rest: timedelta) -> Delivery:
    """The message after one more attempt, made when it was due."""
    now = delivery.due_at
    assert now is not None
    return delivery.claim(now).record_result(DeliveryResult(outcome=outcome, **rest), now, 0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.DELIVERED, DeliveryState.SENT),
        (Outcome.REJECTED, DeliveryState.FAILED),
        (Outcome.RETRY, DeliveryState.PENDING),
        (Outcome.NOT_SENT, DeliveryState.PENDING),
        (Outcome.UNKNOWN, DeliveryState.PENDING),
        (Outcome.CANCELLED, DeliveryState.CANCELLED),
    ],
)
def test_what_follows_from_an_attempt(outcome: Outcome, state: DeliveryState) -> None:
    delivery = attempted(make_delivery(), outcome)
    assert delivery.state is state
    assert (delivery.due_at is None) is (state is not DeliveryState.PENDING)


def test_it_is_tried_twelve_times_over_about_three_days() -> None:
    delivery, last = make_delivery(), NOW
    while delivery.due_at is not None:
        last = delivery.due_at
        delivery = attempted(delivery, Outcome.NOT_SENT)
    assert len(delivery.attempts) == 12
    assert 2.8 * DAY < last - NOW < 3.2 * DAY
    assert delivery.state is DeliveryState.FAILED


def test_a_server_can_ask_for_a_wait() -> None:
    delivery = attempted(make_delivery(), Outcome.RETRY, retry_after=timedelta(hours=3))
    assert delivery.due_at == NOW + timedelta(hours=3)


def test_a_crash_is_an_attempt_of_unknown_outcome() -> None:
    delivery = make_delivery().claim(NOW).with_expired_lease_closed(NOW + LEASE)
    assert (delivery.state, delivery.attempts[-1].outcome) == (DeliveryState.PENDING, Outcome.UNKNOWN)
    assert delivery.is_due(NOW + LEASE)


def test_a_failed_delivery_gets_one_more_chance_at_a_time() -> None:
    failed = attempted(make_delivery(), Outcome.REJECTED)
    again = failed.retried(NOW + DAY)
    assert (again.state, again.due_at, again.epoch) == (DeliveryState.PENDING, NOW + DAY, failed.epoch + 1)
    assert attempted(again, Outcome.REJECTED).state is DeliveryState.FAILED


@pytest.mark.parametrize(
    "delivery",
    [attempted(make_delivery(), Outcome.DELIVERED), make_delivery().cancelled(), make_delivery().claim(NOW)],
    ids=lambda delivery: delivery.state,
)
def test_what_was_sent_or_must_not_be_sent_is_not_retried(delivery: Delivery) -> None:
    with pytest.raises(NotRetryable):
        delivery.retried(NOW)


def test_a_delivery_keeps_its_message_id_through_all_attempts() -> None:
    delivery = make_delivery()
    assert attempted(delivery, Outcome.RETRY).message_id == delivery.message_id == "<m-1@leadtracker>"
