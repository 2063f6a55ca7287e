"""The adapter keeps the promises of its port against a real server."""

import pytest
from attrs import frozen

from leadtracker.adapters.webhooks.webhook_sender import HttpWebhookSender
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent
from tests.contracts.deliveries.webhook_sender import RETRY_AFTER, Situation, WebhookSenderContract
from tests.support.servers import receiver as reactions

REACTIONS = {
    Situation.TAKES_IT: reactions.response(202),
    Situation.WANTS_NO_MORE: reactions.response(410),
    Situation.IS_BROKEN: reactions.response(401),
    Situation.IS_OVERLOADED: reactions.response(503, {"Retry-After": str(RETRY_AFTER.seconds)}),
    Situation.HANGS_UP: reactions.reset_after_reading,
}
CLOSED_PORT = WebhookEndpoint("http://127.0.0.1:1/")


@frozen
class HttpOtherEnd:
    """The receiver behind the interface of the contract suite."""

    sender: HttpWebhookSender
    _hooks: reactions.Receiver

    def endpoint(self, situation: Situation) -> WebhookEndpoint:
        if situation is Situation.IS_AWAY:
            return CLOSED_PORT
        self._hooks.expect(REACTIONS[situation])
        return WebhookEndpoint(self._hooks.url)

    def received(self) -> list[WebhookEvent]:
        return [
            WebhookEvent(request.headers["webhook-id"], request.body.decode())
            for request in self._hooks.requests
        ]


class TestHttpWebhookSender(WebhookSenderContract):
    @pytest.fixture
    def other_end(self, sender: HttpWebhookSender, hooks: reactions.Receiver) -> HttpOtherEnd:
        return HttpOtherEnd(sender, hooks)
