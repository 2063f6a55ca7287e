"""Secrets in endpoint URLs and signing secrets appear in no result, error or log."""

import logging

import pytest

from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookSecret
from leadtracker.entrypoints.logs import configure_logging
from tests.contracts.deliveries.webhook_sender import EVENT
from tests.integration.adapters.webhooks.conftest import MakeSender
from tests.support.servers import receiver as reactions
from tests.support.servers.receiver import Receiver

KEY = "canary"
FAILURES = {
    "delivered": reactions.response(200),
    "redirected": reactions.response(302, {"Location": f"/?key={KEY}"}),
    "gone": reactions.response(410, body=KEY.encode()),
    "failed": reactions.response(500),
    "reset": reactions.reset_after_reading,
    "garbled": reactions.garble,
    "hung": reactions.hang,
}


@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize("reaction", FAILURES.values(), ids=FAILURES.keys())
def test_results_and_logs_hide_secrets(
    hooks: Receiver,
    make_sender: MakeSender,
    reaction: reactions.Reaction,
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure_logging("json", "debug")
    logging.getLogger().addHandler(caplog.handler)
    hooks.expect(reaction)
    url = f"http://{KEY}:{KEY}@127.0.0.1:{hooks.port}/{KEY}?key={KEY}"
    result = make_sender(f"{KEY} secret", total_seconds=2).send(WebhookEndpoint(url), EVENT)
    assert len(hooks.requests) == 1
    assert KEY not in repr(result)
    assert KEY not in caplog.text


@pytest.mark.parametrize("url", [f"http://{KEY}@127.0.0.1:1/", f"https://leadtracker.invalid/{KEY}"])
def test_connection_errors_hide_secrets(make_sender: MakeSender, url: str) -> None:
    assert KEY not in repr(make_sender().send(WebhookEndpoint(url), EVENT))


def test_repr_hides_secrets() -> None:
    endpoint = WebhookEndpoint(f"https://{KEY}:{KEY}@hooks.example:8443/{KEY}?{KEY}#{KEY}")
    assert endpoint.origin == "https://hooks.example:8443"
    assert KEY not in f"{endpoint!r} {endpoint.key} {WebhookSecret.parse(KEY)!r}"
