"""Health: only errors that prevent storing leads make the application unready."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve, frozen

from leadtracker.domain.errors import SchemaMismatch
from leadtracker.domain.model.reports.heartbeat import MAX_HEARTBEAT_GAP
from leadtracker.domain.ports.schema import Migration, Schema
from leadtracker.domain.use_cases.operations.check_health import (
    DELAY_TO_REPORT,
    MIN_FREE_BYTES,
    CheckHealth,
    Health,
)
from tests.support.clock import MICROSECOND, NOW
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp
from tests.support.memory.system import NO_FLOOR, MemoryDiskSpace


@frozen
class SchemaWith(Schema):
    """A schema of which some steps are taken, or which is of another version altogether."""

    steps: list[Migration]
    mismatch: str | None = None

    def migrations(self) -> list[Migration]:
        if self.mismatch:
            raise SchemaMismatch(self.mismatch)
        return self.steps

    def migrate(self) -> list[str]:
        raise NotImplementedError

    def prepare(self) -> None:
        raise NotImplementedError


def failing(health: Health) -> dict[str, str]:
    return {check.name: check.detail for check in health.checks if not check.passed}


def detail(health: Health, name: str) -> str:
    return next(check.detail for check in health.checks if check.name == name)


def test_recent_heartbeat_is_healthy(app: InMemoryApp) -> None:
    app.tick()
    app.clock.advance(timedelta(minutes=5))
    health = app.check_health()
    assert health.is_ready
    assert [(check.name, check.passed) for check in health.checks] == [
        ("database", True),
        ("schema", True),
        ("disk", True),
        ("scheduler", True),
        ("outbox", True),
        ("reports", True),
    ]
    assert detail(health, "scheduler") == "last seen 300 s ago"
    assert detail(health, "outbox") == detail(health, "reports") == "nothing is due"


def test_silent_scheduler_keeps_readiness(app: InMemoryApp) -> None:
    assert failing(app.check_health()) == {"scheduler": "has never run"}
    app.tick()
    app.clock.advance(timedelta(minutes=5) + MICROSECOND)
    health = app.check_health()
    assert health.is_ready
    assert failing(health) == {"scheduler": "last seen 300 s ago"}


def test_clock_set_back_gives_no_negative_age(app: InMemoryApp) -> None:
    app.tick()
    app.clock.advance(-timedelta(hours=1))
    assert detail(app.check_health(), "scheduler") == "last seen 0 s ago"


def test_late_messages_keep_readiness(app: InMemoryApp) -> None:
    app.receive("ann@example.com")
    app.clock.advance(DELAY_TO_REPORT)
    app.tick()
    on_time = app.check_health()
    assert failing(on_time) == {}
    assert detail(on_time, "outbox") == "the oldest that is due waits for 300 s"
    app.clock.advance(MICROSECOND)
    late = app.check_health()
    assert late.is_ready
    assert failing(late) == {"outbox": "the oldest that is due waits for 300 s"}
    list(app.deliver_notifications.mail())
    assert failing(app.check_health()) == {}


def test_late_reports_keep_readiness(app: InMemoryApp) -> None:
    app.seal_weeks()
    app.clock.advance(DELAY_TO_REPORT)
    assert failing(app.check_health()) == {}
    app.seal_weeks()
    app.clock.advance(MICROSECOND)
    late = app.check_health()
    assert late.is_ready
    assert failing(late) == {"reports": "the oldest that is due waits for 300 s"}
    app.tick()
    assert failing(app.check_health()) == {}


def test_paused_sealing_is_reported(app: InMemoryApp) -> None:
    app.tick()
    app.tick(MAX_HEARTBEAT_GAP + MICROSECOND)
    health = app.check_health()
    assert health.is_ready
    assert failing(health) == {
        "scheduler": "last seen 0 s ago; sealing is paused, because the clock jumped; "
        "if it is right now, run: leadtracker report send"
    }
    app.send_report_now(ADMIN, None)
    assert failing(app.check_health()) == {}


def check_health_with(app: InMemoryApp, schema: SchemaWith) -> CheckHealth:
    return CheckHealth(
        unit_of_work=app.unit_of_work,
        schema=schema,
        clock=app.clock,
        disk_floor=NO_FLOOR,
        database_disk=MemoryDiskSpace(None),
    )


@pytest.mark.parametrize(
    ("free", "is_ready"), [(MIN_FREE_BYTES, True), (MIN_FREE_BYTES - 1, False), (0, False)]
)
def test_full_disk_of_the_database_is_not_ready(app: InMemoryApp, free: int, *, is_ready: bool) -> None:
    app.tick()
    schema = SchemaWith([Migration("1", NOW)])
    health = evolve(check_health_with(app, schema), database_disk=MemoryDiskSpace(free))()
    assert health.is_ready is is_ready
    assert list(failing(health)) == ([] if is_ready else ["disk"])


def test_unavailable_store_is_not_ready(app: InMemoryApp) -> None:
    app.store.is_available = False
    health = app.check_health()
    assert not health.is_ready
    assert list(failing(health)) == ["database"]


@pytest.mark.parametrize(
    ("schema", "detail"),
    [
        (SchemaWith([], "too new"), "too new"),
        (
            SchemaWith([Migration("1", datetime.now(UTC)), Migration("2", None)]),
            "missing 2; run: leadtracker migrate",
        ),
        (
            SchemaWith([Migration("1", None), Migration("2", None)]),
            "the database is empty; leadtracker up, or leadtracker migrate, creates its tables",
        ),
    ],
)
def test_schema_mismatch_is_not_ready(app: InMemoryApp, schema: SchemaWith, detail: str) -> None:
    app.tick()
    health = check_health_with(app, schema)()
    assert not health.is_ready
    assert failing(health) == {"schema": detail}


def test_current_schema_is_ready(app: InMemoryApp) -> None:
    app.tick()
    schema = SchemaWith([Migration("1", NOW)])
    assert failing(check_health_with(app, schema)()) == {}
