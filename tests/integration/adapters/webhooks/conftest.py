"""A receiver on loopback, and senders that send to it."""

from collections.abc import Callable, Iterator

import pytest

from leadtracker.adapters.system.operating_system import SystemClock
from leadtracker.adapters.webhooks.webhook_sender import HttpWebhookSender
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookSecret
from tests.support.servers.receiver import Receiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - guards nothing
NEW_SECRET = "whsec_bmV3IHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVz"  # noqa: S105 - as above

MakeSender = Callable[..., HttpWebhookSender]


@pytest.fixture
def hooks() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def endpoint(hooks: Receiver) -> WebhookEndpoint:
    return WebhookEndpoint(hooks.url)


@pytest.fixture
def make_sender() -> MakeSender:
    """Make senders with these secrets and short time limits."""

    def make(*secrets: str, **seconds: float) -> HttpWebhookSender:
        keys = [WebhookSecret.parse(secret) for secret in secrets or (SECRET,)]
        return HttpWebhookSender(keys, SystemClock(), **({"total_seconds": 20.0} | seconds))

    return make


@pytest.fixture
def sender(make_sender: MakeSender) -> HttpWebhookSender:
    return make_sender()
