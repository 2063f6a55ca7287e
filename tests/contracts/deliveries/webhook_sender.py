"""Contract suite of ``WebhookSender``, with the meaning of each outcome."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

import pytest

from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent
from leadtracker.domain.ports.deliveries.webhooks import WebhookSender

RETRY_AFTER = timedelta(seconds=120)
EVENT = WebhookEvent("event-1", '{"type":"lead.erased","data":{"id":"Zoë 🦊"}}')


class Situation(StrEnum):
    """An endpoint's reaction to an attempt."""

    TAKES_IT = "takes it"
    WANTS_NO_MORE = "answers that it wants no more events, as with HTTP 410"
    IS_BROKEN = "gives another response that its operator can fix, as HTTP 401, or a redirect"
    IS_OVERLOADED = "asks to come back after RETRY_AFTER, as with HTTP 503"
    IS_AWAY = "cannot be reached, so that nothing is sent"
    HANGS_UP = "breaks off after it has got everything and before it answers"


OUTCOMES = {
    Situation.TAKES_IT: Outcome.DELIVERED,
    Situation.WANTS_NO_MORE: Outcome.REJECTED,
    Situation.IS_BROKEN: Outcome.RETRY,
    Situation.IS_OVERLOADED: Outcome.RETRY,
    Situation.IS_AWAY: Outcome.NOT_SENT,
    Situation.HANGS_UP: Outcome.UNKNOWN,
}


class OtherEnd(Protocol):
    """The endpoints of a sender, created by the fixture ``other_end`` of each suite."""

    sender: WebhookSender

    def endpoint(self, situation: Situation) -> WebhookEndpoint:
        """Return an endpoint that puts the next attempt into the situation."""
        ...

    def received(self) -> Sequence[WebhookEvent]:
        """Return the received events, oldest first."""
        ...


class WebhookSenderContract:
    """Requires the fixture ``other_end``."""

    def test_event_arrives_unchanged(self, other_end: OtherEnd) -> None:
        other_end.sender.send(other_end.endpoint(Situation.TAKES_IT), EVENT)
        assert list(other_end.received()) == [EVENT]

    def test_repeated_event_keeps_its_id(self, other_end: OtherEnd) -> None:
        for situation in (Situation.HANGS_UP, Situation.TAKES_IT):
            other_end.sender.send(other_end.endpoint(situation), EVENT)
        assert list(other_end.received()) == [EVENT, EVENT]

    @pytest.mark.parametrize("situation", Situation)
    def test_every_endpoint_response_is_an_outcome(self, other_end: OtherEnd, situation: Situation) -> None:
        result = other_end.sender.send(other_end.endpoint(situation), EVENT)
        assert result.outcome is OUTCOMES[situation]

    @pytest.mark.parametrize("situation", Situation)
    def test_failed_attempt_is_not_repeated(self, other_end: OtherEnd, situation: Situation) -> None:
        other_end.sender.send(other_end.endpoint(situation), EVENT)
        assert len(other_end.received()) == (0 if situation is Situation.IS_AWAY else 1)

    def test_retry_after_is_returned(self, other_end: OtherEnd) -> None:
        result = other_end.sender.send(other_end.endpoint(Situation.IS_OVERLOADED), EVENT)
        assert result.retry_after == RETRY_AFTER
