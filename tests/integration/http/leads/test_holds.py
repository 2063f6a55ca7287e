"""Legal holds: a held lead is not erased, and holding is recorded."""

from typing import Any

import pytest

from leadtracker.domain.use_cases.leads.hold_lead import MAX_REASON_LENGTH
from tests.integration.http.imports.test_import import HEADER, send
from tests.support.builders import make_fields
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in

HOLD = {"reason": "Lawsuit 12 O 345/26"}


def ids(client: Client, **query: str) -> list[str]:
    return [one["id"] for one in client.get("/leads", **query).body]


@on_every_database
def test_held_lead_is_erased_only_after_the_hold_is_cleared(
    admin: Client, agent: Client, lead: dict[str, Any]
) -> None:
    path = f"/leads/{lead['id']}"
    held = agent.put(f"{path}/hold", HOLD)
    assert held.body == agent.get(path).body == lead | {"hold": HOLD["reason"]}
    rejected = admin.delete(path)
    assert (rejected.status, rejected.body["type"]) == (409, "urn:leadtracker:problem:lead-on-hold")
    assert rejected.body["lead_id"] == lead["id"]
    assert agent.get(path).body == held.body
    assert agent.delete(f"{path}/hold").status == 204
    assert agent.get(path).body == lead
    assert admin.delete(path).status == 204


@on_every_database
def test_changes_of_lead_keep_hold(agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}"
    agent.put(f"{path}/hold", HOLD)
    changed = agent.patch(path, {"first_name": "Anna", "state": "REACHED_OUT"}).body
    assert (changed["hold"], changed["version"]) == (HOLD["reason"], lead["version"] + 1)


@on_sqlite
def test_history_and_audit_log_record_holds(admin: Client, agent: Client, lead: dict[str, Any]) -> None:
    path = f"/leads/{lead['id']}"
    for reason in ("first", "first", "second"):  # the same reason again changes nothing
        assert agent.put(f"{path}/hold", {"reason": reason}).status == 200
    for _ in range(2):
        assert agent.delete(f"{path}/hold").status == 204
    *_, first, second, cleared = agent.get(f"{path}/history").body
    assert [(one["action"], one["note"]) for one in (first, second, cleared)] == [
        ("hold_set", "first"),
        ("hold_set", "second"),
        ("hold_cleared", None),
    ]
    assert {one["version"] for one in (first, second, cleared)} == {lead["version"]}
    audited = [one["action"] for one in admin.get("/audit").body if one["subject"] == lead["id"]]
    assert audited == ["hold_cleared", "hold_set", "hold_set"]


@on_sqlite
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * (MAX_REASON_LENGTH + 1)}, "reason"),
        ({"reason": "x", "until": "x"}, "until"),
    ],
)
def test_bad_holds_are_rejected(
    agent: Client, lead: dict[str, Any], body: dict[str, str], field: str
) -> None:
    rejected = agent.put(f"/leads/{lead['id']}/hold", body)
    assert (rejected.status, fields_in(rejected)) == (422, [field])
    assert agent.get(f"/leads/{lead['id']}").body["hold"] is None


@on_sqlite
def test_unknown_leads_cannot_be_held(agent: Client) -> None:
    assert agent.put("/leads/unknown/hold", HOLD).status == 404
    assert agent.delete("/leads/unknown/hold").status == 404


@on_every_database
def test_list_filters_by_hold(agent: Client, public: Client, lead: dict[str, Any]) -> None:
    agent.post("/leads", make_fields("other@example.com"))
    repeat = public.post("/leads", make_fields()).body["id"]
    for one in (lead["id"], repeat):
        agent.put(f"/leads/{one}/hold", HOLD)
    assert set(ids(agent, hold="true")) == {lead["id"], repeat}
    assert ids(agent, hold="true", duplicates="exclude") == [lead["id"]]
    assert ids(agent, hold="true", q="nothing") == []
    assert ids(agent, hold="true", owner="none", sort="-updated_at") != []
    assert len(ids(agent, hold="false")) == 2


@on_every_database
def test_hold_covers_the_enquiries_of_a_person(
    admin: Client, agent: Client, public: Client, lead: dict[str, Any]
) -> None:
    repeat = public.post("/leads", make_fields()).body["id"]
    agent.put(f"/leads/{lead['id']}/hold", HOLD)
    assert admin.delete(f"/leads/{repeat}").body["lead_id"] == lead["id"]
    agent.delete(f"/leads/{lead['id']}/hold")
    agent.put(f"/leads/{repeat}/hold", HOLD)
    assert admin.delete(f"/leads/{lead['id']}", duplicates="erase").body["lead_id"] == repeat
    assert len(ids(agent, duplicates="include")) == 2
    assert admin.delete(f"/leads/{lead['id']}").status == 204  # the held enquiry becomes the primary lead
    assert agent.get(f"/leads/{repeat}").body["hold"] == HOLD["reason"]


@on_sqlite
def test_undo_of_an_import_keeps_held_leads(admin: Client, agent: Client) -> None:
    import_id = send(admin, f"{HEADER}\nAnn,Lee,ann@example.com\nBo,Lee,bo@example.com\n").body["import_id"]
    held = agent.get("/leads", email="ann@example.com").body[0]["id"]
    agent.put(f"/leads/{held}/hold", HOLD)
    undone = admin.post(f"/imports/{import_id}/undo").body
    assert undone == {"removed": 1, "kept": [{"id": held, "reason": "hold_set"}]}
