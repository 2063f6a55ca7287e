"""Webhook events for changes over HTTP, and the list of them for the operator."""

import json
import re
from typing import Any

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.delivery import EVENTS
from leadtracker.entrypoints.http.docs.document import openapi_document
from tests.integration.http.conftest import MakeContainer
from tests.support.clients.openapi import Description
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

URLS = "https://sparrow@hooks.example/sparrow?sparrow https://other.example/"


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(webhook_urls=SecretStr(URLS), webhook_secret=SecretStr("sparrow"))


def bodies(raw_db: RawDatabase) -> dict[str, dict[str, Any]]:
    """The last event of each type."""
    rows = raw_db.execute("SELECT text FROM deliveries WHERE channel = 'webhook'")
    events = [json.loads(text) for (text,) in rows]
    return {event["type"]: event for event in sorted(events, key=lambda one: one["data"].get("version", 0))}


def test_events_are_listed_without_secrets(admin: Client, lead: dict[str, Any], raw_db: RawDatabase) -> None:
    admin.patch(f"/leads/{lead['id']}", {"state": "LOST"})
    listed = admin.get("/deliveries").body
    sent = [(one["kind"], one["recipient"]) for one in listed if one["channel"] == "webhook"]
    assert sorted(sent) == [
        (kind, f"https://{name}.example")
        for kind in ("lead.created", "lead.state_changed")
        for name in ("hooks", "other")
    ]
    assert [one["kind"] for one in listed if one["channel"] == "mail"] == ["acknowledgement"]
    assert all(one["message_id"] == one["id"] for one in listed if one["channel"] == "webhook")
    assert "sparrow" not in f"{listed} {raw_db.dump()}"


def test_events_match_the_document(
    admin: Client, agent: Client, lead: dict[str, Any], raw_db: RawDatabase
) -> None:
    path = f"/leads/{lead['id']}"
    agent.request("PUT", f"{path}/resume?filename=cv.txt", data=b"can sew", content_type="text/plain")
    agent.patch(path, {"state": "LOST", "phone": "1234", "message": None})
    shown = agent.get(path).body
    events = bodies(raw_db)
    assert events["lead.created"]["data"] == lead
    for kind, fields in (("lead.updated", {"phone", "message"}), ("lead.state_changed", {"state"})):
        changes = events[kind]["data"].pop("changes")
        assert events[kind]["data"] == shown
        assert {change["field"] for change in changes} == fields
    for kind, body in bodies(raw_db).items():
        check(kind, body)
    admin.delete(path)
    events = bodies(raw_db)
    assert events.keys() == {"lead.erased"}
    check("lead.erased", events["lead.erased"])
    assert not re.search("Ann|Lee|1234", json.dumps(events))


def check(kind: str, body: dict[str, Any]) -> None:
    """Validate an event against its schema in the OpenAPI document."""
    document = openapi_document()
    described = document["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]["schema"]
    name = described["$ref"].rpartition("/")[2]
    assert Description(document).schema_errors(body, "components", "schemas", name) == []


def test_document_describes_every_event() -> None:
    assert openapi_document()["webhooks"].keys() == {*EVENTS, "leadtracker.test"}
