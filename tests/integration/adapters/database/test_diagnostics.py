"""Diagnostics report exactly the invariants that a test breaks directly in the database."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, timedelta

import pytest

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.repositories.consistency_checks import PeeweeConsistencyChecks
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.values.daily_time import DailyTime
from leadtracker.domain.use_cases.operations.check_health import Check
from leadtracker.domain.use_cases.operations.run_diagnostics import RunDiagnostics
from tests.contracts.consistency_checks import be_busy
from tests.support.clock import WEEK
from tests.support.database import connect, on_postgres, on_sqlite
from tests.support.memory.accounts.second_factors import MemorySecretBox
from tests.support.memory.in_memory_app import InMemoryApp
from tests.support.raw_database import RawDatabase

DAMAGE = {
    "a lead vanished": ("leads", "DELETE FROM leads WHERE id = <carl>"),
    "a lead came from nowhere": ("leads", "DELETE FROM lead_history WHERE lead_id = <carl>"),
    "its messages vanished": ("enqueued", "DELETE FROM deliveries WHERE lead_id = <again>"),
    "no attempt of a message": ("attempts", "DELETE FROM delivery_attempts"),
    "no good attempt of a report": ("attempts", "UPDATE report_attempts SET outcome = 'unknown'"),
    "a resume was changed": ("resumes", "UPDATE lead_files SET content = 'Can knit'"),
    "a resume vanished": ("resumes", "DELETE FROM lead_files"),
    "a resume without a lead's reference": (
        "resumes",
        "UPDATE leads SET resume_sha256 = NULL, resume_filename = NULL",
    ),
    "a resume of another length": ("resumes", "UPDATE lead_files SET size = 1"),
    "a week is missing": ("ledger", "DELETE FROM weekly_reports WHERE week = '2026-W47'"),
    "a version is missing": ("history", "DELETE FROM lead_history WHERE lead_id = <ann> AND version = 3"),
    "the last version is missing": ("history", "UPDATE leads SET version = version + 1 WHERE id = <again>"),
    "a silent move": ("history", "UPDATE leads SET state = 'CONVERTED' WHERE email = 'again@example.com'"),
    "an illegal move": (
        "history",
        """UPDATE lead_history SET changes = replace(changes, '"LOST"', '"CONVERTED"')
           WHERE lead_id = <again>""",
    ),
    "a history begins twice": ("history", "UPDATE lead_history SET action = 'created' WHERE lead_id = <ann>"),
    "nonsense in a history": (
        "history",
        "UPDATE lead_history SET action = 'nonsense' WHERE action = 'note_added'",
    ),
    "a duplicate of a duplicate": (
        "duplicates",
        "UPDATE leads SET duplicate_of = <carl> WHERE email = 'ann@example.com'",
    ),
}
Examine = Callable[[], dict[str, str]]


@pytest.fixture
def app(unit_of_work: PeeweeUnitOfWorkFactory) -> InMemoryApp:
    """An installation in which something of every kind has happened, three weeks long."""
    app = InMemoryApp(unit_of_work=unit_of_work)
    be_busy(app)
    for _ in range(2):
        app.tick(WEEK)
    return app


@pytest.fixture
def examine(app: InMemoryApp, dialect: Dialect) -> Examine:
    """A function that returns the details of the failed checks by name."""
    run_diagnostics = diagnostics_of(app, dialect)
    return lambda: failing(run_diagnostics())


def diagnostics_of(app: InMemoryApp, dialect: Dialect) -> RunDiagnostics:
    """The checks of an installation over a real database."""
    return RunDiagnostics(
        check_health=app.check_health,
        unit_of_work=app.unit_of_work,
        secret_box=MemorySecretBox,
        consistency_checks=PeeweeConsistencyChecks(dialect),
        load_file=app.load_file,
        clock=app.clock,
        zone=UTC,
        canary_time=DailyTime(UTC, None),
        policy=app.policy,
    )


def with_ids(sql: str) -> str:
    """The statement with the id of a lead for each ``<name>``."""
    return re.sub(r"<(\w+)>", r"(SELECT id FROM leads WHERE email = '\1@example.com')", sql)


def failing(checks: Iterable[Check]) -> dict[str, str]:
    return {one.name: one.detail for one in checks if not one.passed}


def test_undamaged_database_is_consistent(examine: Examine) -> None:
    assert examine() == {}


@pytest.mark.parametrize(("name", "damage"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_found_without_false_alarms(
    examine: Examine, raw_db: RawDatabase, name: str, damage: str
) -> None:
    if "weekly_reports" in damage:
        raw_db.execute("DELETE FROM report_attempts WHERE week = '2026-W47'")
    raw_db.execute(with_ids(damage))
    assert list(examine()) == [name]


def test_two_primary_leads_are_reported(examine: Examine, raw_db: RawDatabase) -> None:
    raw_db.execute("DROP INDEX leads_primary_identity")
    second = "UPDATE leads SET identity = 'ann@example.com', duplicate_of = NULL WHERE id = <again>"
    raw_db.execute(with_ids(second))
    assert list(examine()) == ["duplicates"]


def test_violations_are_reported_by_id(examine: Examine, raw_db: RawDatabase, app: InMemoryApp) -> None:
    [lost] = [lead.id for lead in app.leads() if lead.identity == "carl@example.com"]
    raw_db.execute("DELETE FROM leads WHERE id = ?", lost)
    assert examine()["leads"] == f"not true that every acknowledged lead exists once: {lost}"


def test_violation_lists_are_truncated(examine: Examine, app: InMemoryApp, raw_db: RawDatabase) -> None:
    app.receive(*(f"p{number}@example.com" for number in range(9)))
    list(app.deliver_notifications.mail())
    raw_db.execute("UPDATE leads SET version = version + 1")
    assert examine()["history"].count(", ") == 5
    assert examine()["history"].endswith(", …")


def test_unsealed_week_is_reported(examine: Examine, app: InMemoryApp) -> None:
    app.clock.advance(2 * WEEK)
    assert "ledger" in examine()


def test_report_awaiting_a_user_is_reported(examine: Examine, raw_db: RawDatabase) -> None:
    raw_db.execute("UPDATE weekly_reports SET state = 'failed' WHERE week = '2026-W47'")
    assert list(examine()) == ["deliveries"]
    assert "2026-W47" in examine()["deliveries"]


def test_unavailable_store_skips_other_checks(app: InMemoryApp, dialect: Dialect) -> None:
    app.store.is_available = False
    assert [check.name for check in diagnostics_of(app, dialect)()] == ["database"]


@on_sqlite
def test_dangling_references_are_reported(examine: Examine, database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("PRAGMA foreign_keys = 0")
        connection.execute("UPDATE follow_ups SET lead_id = 'unknown'")
    assert list(examine()) == ["integrity"]


@on_sqlite
def test_damaged_index_is_reported(examine: Examine, database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("PRAGMA writable_schema = 1")
        connection.execute(
            "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = "
            "'follow_ups_done_at') WHERE name = 'leads_listed_source_created_at'"
        )
        connection.execute("PRAGMA schema_version = 1000")  # has others read the schema again
    assert list(examine()) == ["integrity"]


@on_postgres
@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE follow_ups ADD CONSTRAINT never CHECK (due_at IS NULL) NOT VALID",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'leads_primary_identity'::regclass",
    ],
)
def test_disabled_checks_are_reported(examine: Examine, raw_db: RawDatabase, damage: str) -> None:
    raw_db.execute(damage)
    assert list(examine()) == ["integrity"]


def test_late_message_is_reported_by_health(examine: Examine, app: InMemoryApp) -> None:
    app.receive("dora@example.com")
    app.clock.advance(timedelta(hours=1))
    assert set(examine()) == {"outbox", "scheduler"}
