"""``/metrics``: what is counted, what is read, and who may know it."""

import re
from datetime import timedelta

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

CREDENTIAL = "correct-horse"


def metrics(client: Client) -> dict[str, float]:
    """Every figure by its name with its labels."""
    response = client.get("/metrics")
    assert response.status == 200
    lines = [line for line in response.body.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_requests_are_counted_by_route(agent: Client, public: Client) -> None:
    lead = agent.post("/leads", make_fields()).body
    agent.get(f"/leads/{lead['id']}")
    agent.get("/leads/unknown")
    public.unchecked("BREW", "/leads")
    public.get("/nowhere/else")
    values = metrics(public)
    counted = "leadtracker_http_requests_total"
    assert values[f'{counted}{{method="POST",route="/leads",status="201"}}'] == 1
    assert values[f'{counted}{{method="GET",route="/leads/<lead_id:lead_id>",status="200"}}'] == 1
    assert values[f'{counted}{{method="GET",route="/leads/<lead_id:lead_id>",status="404"}}'] == 1
    assert values[f'{counted}{{method="other",route="none",status="405"}}'] == 1
    assert values[f'{counted}{{method="GET",route="none",status="404"}}'] == 1
    seconds = "leadtracker_http_request_seconds"
    assert values[f'{seconds}_count{{method="POST",route="/leads"}}'] == 1
    assert values[f'{seconds}_bucket{{le="+Inf",method="POST",route="/leads"}}'] == 1


def test_created_leads_are_counted_once(public: Client) -> None:
    for _ in range(2):
        public.post("/leads", make_fields(), headers={"Idempotency-Key": "key-1"})
    public.post("/leads", make_fields("unknown"))
    assert metrics(public)["leadtracker_leads_captured_total"] == 1


@on_every_database
def test_open_messages_are_counted(
    public: Client, container: Container, clock: MemoryClock, raw_db: RawDatabase
) -> None:
    public.post("/leads", make_fields())
    public.post("/leads", make_fields("bob@example.com"))
    raw_db.execute(
        "UPDATE deliveries SET state = 'failed', due_at = NULL WHERE recipient = 'bob@example.com'"
    )
    assert "leadtracker_scheduler_heartbeat_age_seconds" not in metrics(public)
    container.seal_weeks()()
    clock.advance(timedelta(minutes=2))
    values = metrics(public)
    assert values['leadtracker_deliveries{state="pending"}'] == 1
    assert values['leadtracker_deliveries{state="failed"}'] == 1
    assert values["leadtracker_deliveries_oldest_due_age_seconds"] == 120
    assert values['leadtracker_weekly_reports{state="planned"}'] == 1
    assert values["leadtracker_weekly_report_delay_seconds"] == 120
    assert values["leadtracker_scheduler_heartbeat_age_seconds"] == 120
    assert values["leadtracker_database_up"] == 1
    assert any(name.startswith("leadtracker_build_info{version=") for name in values)


@on_every_database
def test_database_failure_keeps_other_metrics(public: Client, raw_db: RawDatabase) -> None:
    public.get("/healthz")
    raw_db.execute("ALTER TABLE deliveries RENAME TO elsewhere")
    values = metrics(public)
    assert values["leadtracker_database_up"] == 0
    assert values['leadtracker_http_requests_total{method="GET",route="/healthz",status="200"}'] == 1


def test_metrics_hold_no_personal_data(agent: Client) -> None:
    lead = agent.post("/leads", make_fields("ann@example.com", phone="+49 30 901820")).body
    agent.get("/leads", q="ann")
    text = agent.get("/metrics").body.decode()
    assert not re.search(f"ann@|Ann|Lee|901820|{lead['id']}", text)


@on_sqlite
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": f"Bearer {CREDENTIAL}"}, 200),
        ({"Authorization": f"bearer {CREDENTIAL}"}, 200),
        ({"Authorization": f"Bearer {CREDENTIAL}s"}, 401),
        ({"Authorization": f"Basic {CREDENTIAL}"}, 401),
        ({"X-API-Key": CREDENTIAL}, 401),
        ({}, 401),
    ],
)
def test_configured_token_is_required(
    make_container: MakeContainer, headers: dict[str, str], status: int
) -> None:
    client = Client.of(create_app(make_container(metrics_token=SecretStr(CREDENTIAL))))
    assert client.request("GET", "/metrics", headers).status == status


@on_sqlite
@pytest.mark.parametrize(
    ("address", "proxies", "headers", "status"),
    [
        ("127.0.0.1", 0, {}, 200),
        ("127.9.9.9", 0, {}, 200),
        ("::1", 0, {}, 200),
        ("192.0.2.1", 0, {}, 403),
        ("2001:db8::1", 0, {}, 403),
        ("", 0, {}, 403),
        ("127.0.0.1", 0, {"X-Forwarded-For": "192.0.2.1"}, 403),
        ("127.0.0.1", 0, {"Forwarded": "for=192.0.2.1"}, 403),
        ("127.0.0.1", 0, {"Via": "1.1 proxy"}, 403),
        ("127.0.0.1", 0, {"Connection": "close"}, 403),
        ("127.0.0.1", 0, {"X-Real-IP": "192.0.2.1"}, 403),
        ("127.0.0.1", 0, {"X-Forwarded-Host": "leads.firm.example"}, 403),
        ("127.0.0.1", 0, {"Host": "leads.firm.example"}, 403),
        ("127.0.0.1", 0, {"Host": "127.0.0.1.firm.example:8000"}, 403),
        ("127.0.0.1", 0, {"Host": "127.0.0.1:8000"}, 200),
        ("127.0.0.1", 0, {"Host": "[::1]:8000"}, 200),
        ("127.0.0.1", 0, {"Host": "localhost"}, 200),
        ("192.0.2.1", 0, {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", 1, {"X-Forwarded-For": "192.0.2.1"}, 403),
        ("127.0.0.1", 1, {"X-Forwarded-For": "127.0.0.1"}, 200),
        ("127.0.0.1", 1, {"X-Forwarded-For": "127.0.0.1, 192.0.2.1"}, 403),
    ],
)
def test_without_token_access_is_local_only(
    make_container: MakeContainer, address: str, proxies: int, headers: dict[str, str], status: int
) -> None:
    client = Client.of(create_app(make_container(trusted_proxies=proxies)))
    response = client.request("GET", "/metrics", headers, environ_overrides={"REMOTE_ADDR": address})
    assert response.status == status
