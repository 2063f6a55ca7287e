"""Messages: what follows from an attempt, and for how long it is tried."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import NothingToRetry
from leadtracker.domain.model.deliveries.deliverable import LEASE, DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Message, MessageState
from tests.support.builders import make_message
from tests.support.clock import DAY, NOW


def attempted(message: Message, outcome: Outcome, **rest: timedelta) -> Message:
    """The message after one more attempt, made when it was due."""
    now = message.due_at
    assert now is not None
    return message.claim(now).settle(DeliveryResult(outcome=outcome, **rest), now, 0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.DELIVERED, MessageState.SENT),
        (Outcome.REFUSED, MessageState.DEAD),
        (Outcome.RETRY, MessageState.PENDING),
        (Outcome.NOT_SENT, MessageState.PENDING),
        (Outcome.UNKNOWN, MessageState.PENDING),
        (Outcome.WITHDRAWN, MessageState.SUPPRESSED),
    ],
)
def test_what_follows_from_an_attempt(outcome: Outcome, state: MessageState) -> None:
    message = attempted(make_message(), outcome)
    assert message.state is state
    assert (message.due_at is None) is (state is not MessageState.PENDING)


def test_it_is_tried_twelve_times_over_about_three_days() -> None:
    message, last = make_message(), NOW
    while message.due_at is not None:
        last = message.due_at
        message = attempted(message, Outcome.NOT_SENT)
    assert len(message.attempts) == 12
    assert 2.8 * DAY < last - NOW < 3.2 * DAY
    assert message.state is MessageState.DEAD


def test_a_server_can_ask_for_a_wait() -> None:
    message = attempted(make_message(), Outcome.RETRY, retry_after=timedelta(hours=3))
    assert message.due_at == NOW + timedelta(hours=3)


def test_a_crash_is_an_attempt_of_unknown_outcome() -> None:
    message = make_message().claim(NOW).as_of(NOW + LEASE)
    assert (message.state, message.attempts[-1].outcome) == (MessageState.PENDING, Outcome.UNKNOWN)
    assert message.is_due(NOW + LEASE)


def test_a_dead_message_gets_one_more_chance_at_a_time() -> None:
    dead = attempted(make_message(), Outcome.REFUSED)
    again = dead.retried(NOW + DAY)
    assert (again.state, again.due_at, again.epoch) == (MessageState.PENDING, NOW + DAY, dead.epoch + 1)
    assert attempted(again, Outcome.REFUSED).state is MessageState.DEAD


@pytest.mark.parametrize(
    "message",
    [attempted(make_message(), Outcome.DELIVERED), make_message().suppressed(), make_message().claim(NOW)],
    ids=lambda message: message.state,
)
def test_what_was_sent_or_must_not_be_sent_is_not_retried(message: Message) -> None:
    with pytest.raises(NothingToRetry):
        message.retried(NOW)


def test_a_message_keeps_its_id_through_all_attempts() -> None:
    message = make_message()
    assert attempted(message, Outcome.RETRY).message_id == message.message_id == "<m-1@leadtracker>"
