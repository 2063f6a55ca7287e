"""``/healthz`` and ``/readyz``: the checks for process monitors."""

from datetime import timedelta

import pytest

from leadtracker.container import Container
from tests.support.builders import make_fields
from tests.support.database import MIGRATIONS, on_every_database
from tests.support.http import Client
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

pytestmark = on_every_database


def test_liveness_needs_no_database(public: Client) -> None:
    response = public.get("/healthz")
    assert (response.status, response.body) == (200, {"status": "ok"})


def test_current_database_is_ready(public: Client, container: Container) -> None:
    container.seal_weeks()()
    response = public.get("/readyz")
    assert response.status == 200
    assert response.body["status"] == "ready"
    assert {name: check["passed"] for name, check in response.body["checks"].items()} == {
        "database": True,
        "schema": True,
        "disk": True,
        "scheduler": True,
        "outbox": True,
        "reports": True,
    }


@pytest.mark.parametrize(
    ("age", "passed"),
    [(timedelta(minutes=5), True), (timedelta(minutes=5, microseconds=1), False), (timedelta(days=3), False)],
)
def test_silent_scheduler_keeps_readiness(
    public: Client, container: Container, clock: MemoryClock, age: timedelta, *, passed: bool
) -> None:
    container.seal_weeks()()
    clock.advance(age)
    response = public.get("/readyz")
    assert response.status == 200
    assert response.body["checks"]["scheduler"]["passed"] is passed
    assert f"{int(age.total_seconds())} s ago" in response.body["checks"]["scheduler"]["detail"]


def test_late_deliveries_keep_readiness(public: Client, container: Container, clock: MemoryClock) -> None:
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


def test_scheduler_that_never_ran_is_reported(public: Client) -> None:
    response = public.get("/readyz")
    assert response.body["checks"]["scheduler"] == {"passed": False, "detail": "has never run"}


def test_clock_jump_is_reported(public: Client, container: Container, clock: MemoryClock) -> None:
    container.seal_weeks()()
    clock.advance(timedelta(days=36))
    container.seal_weeks()()
    assert "the clock jumped" in public.get("/readyz").body["checks"]["scheduler"]["detail"]


def test_missing_migration_is_not_ready(public: Client, raw_db: RawDatabase) -> None:
    raw_db.execute("DELETE FROM schema_migrations")
    response = public.get("/readyz")
    assert response.status == 503
    assert response.body["checks"]["schema"] == {
        "passed": False,
        "detail": "the database is empty; leadtracker up, or leadtracker migrate, creates its tables",
    }


def test_newer_schema_is_not_ready(public: Client, raw_db: RawDatabase) -> None:
    raw_db.execute("UPDATE schema_migrations SET name = '9999_future' WHERE name = ?", MIGRATIONS[-1])
    response = public.get("/readyz")
    assert response.status == 503
    assert response.body["checks"]["schema"]["passed"] is False
    assert "newer" in response.body["checks"]["schema"]["detail"]
