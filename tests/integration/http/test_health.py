"""``/healthz`` and ``/readyz``: for whoever watches the process."""

from datetime import timedelta

import pytest

from leadtracker.container import Container
from tests.support.builders import make_fields
from tests.support.database import MIGRATIONS
from tests.support.http import Client
from tests.support.memory.clock import MemoryClock
from tests.support.raw_database import BackDoor


def test_a_process_that_responds_is_live(public: Client) -> None:
    response = public.get("/healthz")
    assert (response.status, response.body) == (200, {"status": "ok"})


def test_with_its_database_in_shape_it_is_ready(public: Client, container: Container) -> None:
    container.seal_weeks()()
    response = public.get("/readyz")
    assert response.status == 200
    assert response.body["status"] == "ready"
    assert {name: check["passed"] for name, check in response.body["checks"].items()} == {
        "database": True,
        "schema": True,
        "scheduler": True,
        "outbox": True,
        "reports": True,
    }


@pytest.mark.parametrize(
    ("silence", "passed"),
    [(timedelta(minutes=5), True), (timedelta(minutes=5, microseconds=1), False), (timedelta(days=3), False)],
)
def test_a_silent_scheduler_is_told_but_leads_come_in_all_the_same(
    public: Client, container: Container, clock: MemoryClock, silence: timedelta, *, passed: bool
) -> None:
    container.seal_weeks()()
    clock.advance(silence)
    response = public.get("/readyz")
    assert response.status == 200
    assert response.body["checks"]["scheduler"]["passed"] is passed
    assert f"{int(silence.total_seconds())} s ago" in response.body["checks"]["scheduler"]["detail"]


def test_late_deliveries_are_told_but_leads_come_in_all_the_same(
    public: Client, container: Container, clock: MemoryClock
) -> None:
    public.post("/leads", make_fields())
    container.seal_weeks()()
    clock.advance(timedelta(hours=1))
    response = public.get("/readyz")
    assert response.status == 200
    for name in ("outbox", "reports"):
        assert response.body["checks"][name] == {
            "passed": False,
            "detail": "the oldest that is due waits for 3600 s",
        }


def test_a_scheduler_that_has_never_run_is_told(public: Client) -> None:
    response = public.get("/readyz")
    assert response.body["checks"]["scheduler"] == {"passed": False, "detail": "has never run"}


def test_a_clock_that_jumped_is_told(public: Client, container: Container, clock: MemoryClock) -> None:
    container.seal_weeks()()
    clock.advance(timedelta(days=36))
    container.seal_weeks()()
    assert "the clock jumped" in public.get("/readyz").body["checks"]["scheduler"]["detail"]


def test_with_a_step_missing_it_is_not_ready(public: Client, back_door: BackDoor) -> None:
    back_door.execute("DELETE FROM schema_migrations")
    response = public.get("/readyz")
    assert response.status == 503
    assert response.body["checks"]["schema"] == {
        "passed": False,
        "detail": f"missing {', '.join(MIGRATIONS)}",
    }


def test_a_schema_from_the_future_is_not_ready(public: Client, back_door: BackDoor) -> None:
    back_door.execute("UPDATE schema_migrations SET name = '9999_future' WHERE name = ?", MIGRATIONS[-1])
    response = public.get("/readyz")
    assert response.status == 503
    assert response.body["checks"]["schema"]["passed"] is False
    assert "newer" in response.body["checks"]["schema"]["detail"]
