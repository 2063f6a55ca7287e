"""Webhooks: what of an endpoint may be shown, what a secret may be, and what an event says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookSecret, event_body
from tests.support.clock import NOW


@pytest.mark.parametrize(
    ("url", "origin", "host"),
    [
        ("https://hooks.example/a?b#c", "https://hooks.example", "hooks.example"),
        ("http://user:p%40ss@hooks.example:81/", "http://hooks.example:81", "hooks.example"),
        ("https://[::1]:8443/x", "https://[::1]:8443", "::1"),
    ],
)
def test_only_the_url_origin_is_shown(url: str, origin: str, host: str) -> None:
    endpoint = WebhookEndpoint(url)
    assert (endpoint.origin, endpoint.host) == (origin, host)


def test_endpoint_key_covers_whole_url() -> None:
    one, same, other = (WebhookEndpoint(f"https://hooks.example/{path}") for path in "112")
    assert one.key == same.key != other.key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("whsec_c2VjcmV0", b"secret"),
        ("whsec_c2VjcmV0cw==", b"secrets"),
        ("whsec_c2VjcmV0cw", b"secrets"),
        ("c2VjcmV0", b"c2VjcmV0"),
        ("schlüssel", "schlüssel".encode()),
    ],
)
def test_secret_is_base64_or_plain_bytes(text: str, key: bytes) -> None:
    assert WebhookSecret.parse(text).key == key


@pytest.mark.parametrize("text", ["whsec_", "whsec_=", "whsec_c2Vj cmV0", "whsec_a", "whsec_ü"])
def test_invalid_base64_secret_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="base64") as raised:
        WebhookSecret.parse(text)
    assert raised.value.__cause__ is None


@given(name=st.text(st.characters(codec="utf-8")))
def test_event_has_type_time_and_data(name: str) -> None:
    body = event_body("lead.created", {"last_name": name}, NOW)
    assert json.loads(body) == {
        "type": "lead.created",
        "timestamp": "2026-11-18T12:00:00.000000Z",
        "data": {"last_name": name},
    }
    assert body.encode().isascii() == name.isascii()
