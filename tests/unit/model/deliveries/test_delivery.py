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
def test_outcome_determines_next_state(outcome: Outcome, state: DeliveryState) -> None:
    delivery = attempted(make_delivery(), outcome)
    assert delivery.state is state
    assert (delivery.due_at is None) is (state is not DeliveryState.PENDING)


def test_twelve_attempts_span_three_days() -> None:
    delivery, last = make_delivery(), NOW
    while delivery.due_at is not None:
        last = delivery.due_at
        delivery = attempted(delivery, Outcome.NOT_SENT)
    assert len(delivery.attempts) == 12
    assert 2.8 * DAY < last - NOW < 3.2 * DAY
    assert delivery.state is DeliveryState.FAILED


def test_retry_after_is_honoured() -> None:
    delivery = attempted(make_delivery(), Outcome.RETRY, retry_after=timedelta(hours=3))
    assert delivery.due_at == NOW + timedelta(hours=3)


def test_crash_is_an_unknown_attempt() -> None:
    delivery = make_delivery().claim(NOW).with_expired_lease_closed(NOW + LEASE)
    assert (delivery.state, delivery.attempts[-1].outcome) == (DeliveryState.PENDING, Outcome.UNKNOWN)
    assert delivery.is_due(NOW + LEASE)


def test_dead_message_is_retried_once() -> None:
    failed = attempted(make_delivery(), Outcome.REJECTED)
    again = failed.retried(NOW + DAY)
    assert (again.state, again.due_at, again.epoch) == (DeliveryState.PENDING, NOW + DAY, failed.epoch + 1)
    assert attempted(again, Outcome.REJECTED).state is DeliveryState.FAILED


@pytest.mark.parametrize(
    "delivery",
    [attempted(make_delivery(), Outcome.DELIVERED), make_delivery().cancelled(), make_delivery().claim(NOW)],
    ids=lambda delivery: delivery.state,
)
def test_sent_or_cancelled_is_not_retried(delivery: Delivery) -> None:
    with pytest.raises(NotRetryable):
        delivery.retried(NOW)


def test_message_id_is_stable() -> None:
    delivery = make_delivery()
    assert attempted(delivery, Outcome.RETRY).message_id("a.example") == "<m-1@a.example>"
