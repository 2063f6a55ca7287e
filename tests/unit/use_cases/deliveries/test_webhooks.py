"""Webhooks in memory: the deliveries of each event, and their results."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from leadtracker.domain.errors import EndpointNotFound, InvalidInput, PermissionDenied
from leadtracker.domain.model.accounts.access import PUBLIC, Actor
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryState
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from leadtracker.domain.model.leads.lead_file import Upload
from tests.support.builders import make_fields
from tests.support.clock import DAY, NOW
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

ONE, TWO = (WebhookEndpoint(f"https://{name}.example/hooks?key=secret") for name in ("one", "two"))
ANSWER = AttemptDetail(DetailCode.HTTP_ANSWERED, host="one.example")
BROKEN = DeliveryResult(outcome=Outcome.RETRY, status=500, detail=ANSWER)
GONE = DeliveryResult(outcome=Outcome.REJECTED, status=410, detail=ANSWER)


@pytest.fixture
def app() -> InMemoryApp:
    return InMemoryApp(endpoints=(ONE,))


@pytest.fixture
def wide() -> InMemoryApp:
    return InMemoryApp(endpoints=(ONE, TWO))


def events(app: InMemoryApp) -> list[Delivery]:
    """Every webhook, the oldest first."""
    page = app.manage_deliveries.page(ADMIN, None, limit=200, after=None)
    return [delivery for delivery in reversed(page.items) if delivery.channel is Channel.WEBHOOK]


def received(app: InMemoryApp) -> list[dict[str, Any]]:
    """Deliver what is due, and return the events that arrived."""
    for endpoint in app.endpoints:
        list(app.deliver_notifications.events(endpoint))
    said = [json.loads(event.body) for _, event in app.webhook_sender.arrived]
    app.webhook_sender.arrived.clear()
    return said


def kinds(app: InMemoryApp) -> list[str]:
    """Deliver what is due, and return the sorted types of the events that arrived."""
    return sorted(event["type"] for event in received(app))


def test_new_lead_event_has_its_payload(app: InMemoryApp) -> None:
    (lead,) = app.receive("Ann@example.com")
    [event] = received(app)
    assert (event["type"], event["timestamp"]) == ("lead.created", "2026-11-18T12:00:00.000000Z")
    assert (event["data"]["id"], event["data"]["email"]) == (lead.id, "Ann@example.com")


def test_duplicate_event_is_not_disclosed(app: InMemoryApp) -> None:
    first, second = app.receive("ann@example.com", "ANN@example.com")
    assert second.duplicate_of is None
    assert [event["data"]["duplicate_of"] for event in received(app)] == [None, first.id]


ACTS: dict[str, tuple[Callable[[InMemoryApp, str], object], list[str]]] = {
    "fields": (lambda app, lead: app.update_lead(AGENT, lead, {"phone": "1234"}), ["lead.updated"]),
    "state": (lambda app, lead: app.update_lead(AGENT, lead, {"state": "LOST"}), ["lead.state_changed"]),
    "both": (
        lambda app, lead: app.update_lead(AGENT, lead, {"state": "LOST", "phone": "1234"}),
        ["lead.state_changed", "lead.updated"],
    ),
    "the same again": (lambda app, lead: app.update_lead(AGENT, lead, {"state": "PENDING"}), []),
    "many": (
        lambda app, lead: app.change_many_leads(AGENT, {"ids": [lead, "unknown"], "state": "LOST"}),
        ["lead.state_changed"],
    ),
    "resume": (lambda app, lead: app.put_resume(AGENT, lead, Upload("cv.txt", b"can sew")), ["lead.updated"]),
    "plan": (
        lambda app, lead: app.record_follow_up(AGENT, lead, {"due_at": (NOW + DAY).isoformat()}),
        ["lead.updated"],
    ),
    "follow-up": (
        lambda app, lead: app.record_follow_up(AGENT, lead, {"message": "Hello"}),
        ["lead.state_changed"],
    ),
    "note": (lambda app, lead: app.add_note(AGENT, lead, {"note": "called"}), []),
    "erasure": (lambda app, lead: app.erase_lead(ADMIN, lead), ["lead.erased"]),
}


@pytest.mark.parametrize(("act", "expected"), ACTS.values(), ids=ACTS.keys())
def test_lead_changes_cause_events(
    app: InMemoryApp, act: Callable[[InMemoryApp, str], object], expected: list[str]
) -> None:
    (lead,) = app.receive("ann@example.com")
    received(app)
    act(app, lead.id)
    assert kinds(app) == expected


def test_linked_leads_cause_events(app: InMemoryApp) -> None:
    old, new, *_ = app.receive("ann@example.com", "bob@example.com", "ANN@example.com")
    received(app)
    app.update_lead(AGENT, old.id, {"duplicate_of": new.id})
    changed = received(app)
    assert {event["type"] for event in changed} == {"lead.updated"}
    assert [event["data"]["duplicate_of"] for event in changed] == [new.id, new.id]
    app.erase_lead(ADMIN, new.id)
    assert kinds(app) == ["lead.erased", "lead.updated", "lead.updated"]


def test_unstored_changes_cause_no_event(app: InMemoryApp) -> None:
    app.capture_lead(AGENT, make_fields(), "key")
    app.capture_lead(AGENT, make_fields(), "key")
    with pytest.raises(Exception, match="exists"):
        app.capture_lead(AGENT, make_fields())
    assert kinds(app) == ["lead.created"]


def test_erasure_event_has_no_personal_data(app: InMemoryApp) -> None:
    first, _ = app.receive("ann@example.com", "ann@example.com")
    app.erase_lead(ADMIN, first.id, with_duplicates=True)
    assert len(events(app)) == 2
    assert [set(event["data"]) for event in received(app)] == [{"id"}, {"id"}]


def test_no_endpoint_means_no_delivery() -> None:
    app = InMemoryApp()
    app.receive("ann@example.com")
    assert events(app) == []
    assert list(app.deliver_notifications.discard_for_removed_endpoints()) == []


def test_retries_keep_id_and_body(app: InMemoryApp) -> None:
    app.webhook_sender.expect(*[BROKEN] * 99)
    app.receive("ann@example.com")
    while (waiting := events(app)[0]).due_at:
        app.clock.set(max(app.clock.now(), waiting.due_at))
        assert len(list(app.deliver_notifications.events(ONE))) == 1
    assert waiting.state is DeliveryState.FAILED
    assert len(waiting.attempts) == 12
    assert 2.4 * DAY < app.clock.now() - NOW < 3.6 * DAY
    assert len(app.webhook_sender.arrived) == 12
    assert len({event for _, event in app.webhook_sender.arrived}) == 1


def test_endpoints_are_delivered_independently(wide: InMemoryApp) -> None:
    wide.receive("ann@example.com")
    wide.webhook_sender.expect(BROKEN)
    [failed] = list(wide.deliver_notifications.events(ONE))
    [sent] = list(wide.deliver_notifications.events(TWO))
    assert (failed.state, sent.state) == (DeliveryState.PENDING, DeliveryState.SENT)
    assert failed.id != sent.id
    assert (failed.recipient, sent.recipient) == ("https://one.example", "https://two.example")


def test_gone_endpoint_is_disabled(wide: InMemoryApp) -> None:
    wide.receive("ann@example.com", "bob@example.com")
    wide.webhook_sender.expect(BROKEN, GONE)
    attempted = list(wide.deliver_notifications.events(ONE))
    details = [delivery.attempts[-1].detail for delivery in attempted]
    assert details == [BROKEN.detail, GONE.detail, AttemptDetail(DetailCode.DISABLED)]
    assert len(wide.webhook_sender.arrived) == 2
    assert {one.state for one in events(wide) if one.recipient_key == ONE.key} == {DeliveryState.FAILED}
    assert len(list(wide.deliver_notifications.events(TWO))) == 2
    wide.receive("carl@example.com")
    assert [one.recipient for one in events(wide)][4:] == ["https://two.example"]


def test_disabled_endpoint_can_be_enabled(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    app.webhook_sender.expect(GONE)
    list(app.deliver_notifications.events(ONE))
    [view] = app.manage_webhooks.all(ADMIN)
    assert view.disabled_at == NOW
    assert app.manage_webhooks.enable(ADMIN, "one.example").disabled_at is None
    app.receive("bob@example.com")
    assert app.manage_deliveries.retry_failed(ADMIN) == 1
    assert [event["data"]["email"] for event in received(app)] == ["ann@example.com"] * 2 + [
        "bob@example.com"
    ]


def test_messages_for_removed_endpoint_die(wide: InMemoryApp) -> None:
    wide.receive("ann@example.com")
    wide.webhook_sender.expect(BROKEN)
    list(wide.deliver_notifications.events(ONE))
    wide.endpoints = (TWO,)
    [discarded] = list(wide.deliver_notifications.discard_for_removed_endpoints())
    assert (discarded.recipient_key, discarded.state) == (ONE.key, DeliveryState.FAILED)
    assert discarded.attempts[-1].detail == AttemptDetail(DetailCode.REMOVED)
    assert len(list(wide.deliver_notifications.events(TWO))) == 1
    assert list(wide.deliver_notifications.discard_for_removed_endpoints()) == []


def test_mails_and_webhooks_are_separate(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    assert [delivery.channel for delivery in app.deliver_notifications.mail()] == [Channel.MAIL]
    assert [delivery.channel for delivery in app.deliver_notifications.events(ONE)] == [Channel.WEBHOOK]


def test_test_event_is_not_stored(wide: InMemoryApp) -> None:
    wide.webhook_sender.expect(GONE)
    results = [wide.manage_webhooks.test(ADMIN, view) for view in wide.manage_webhooks.all(ADMIN)]
    assert [result.outcome for result in results] == [Outcome.REJECTED, Outcome.DELIVERED]
    assert [json.loads(event.body)["type"] for _, event in wide.webhook_sender.arrived] == [
        "leadtracker.test"
    ] * 2
    assert events(wide) == []
    assert [view.disabled_at for view in wide.manage_webhooks.all(ADMIN)] == [None, None]


def test_endpoint_is_selected_by_any_name(wide: InMemoryApp) -> None:
    for name in ("2", "two.example", "https://two.example"):
        assert wide.manage_webhooks.one(ADMIN, name).endpoint == TWO
    with pytest.raises(EndpointNotFound):
        wide.manage_webhooks.one(ADMIN, "0")
    wide.endpoints = (ONE, WebhookEndpoint("https://one.example/other"))
    with pytest.raises(InvalidInput, match="1 or 2"):
        wide.manage_webhooks.one(ADMIN, "one.example")


@pytest.mark.parametrize("actor", [PUBLIC, VIEWER, AGENT], ids=lambda actor: actor.name)
def test_endpoints_are_admin_only(app: InMemoryApp, actor: Actor) -> None:
    [view] = app.manage_webhooks.all(ADMIN)
    for act in (
        lambda: app.manage_webhooks.all(actor),
        lambda: app.manage_webhooks.enable(actor, "1"),
        lambda: app.manage_webhooks.test(actor, view),
    ):
        with pytest.raises(PermissionDenied):
            act()
