"""Use cases in which the first, second, third … call of the database fails, until none is left to fail.

A use case of one transaction must leave the data as they were; one of several may have finished some of them,
but breaks no invariant, and succeeds when it is repeated.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import peewee
from attrs import frozen

from leadtracker.adapters.database.tables import TABLES
from leadtracker.container import Container
from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC
from leadtracker.domain.model.leads.lead import Lead
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.invariants import check_invariants
from tests.faults.harness.planting import replaced
from tests.support.builders import make_fields
from tests.support.database import connect
from tests.support.instruments.failing_calls import counted_calls

_MAX_CALLS = 200


@frozen
class _UseCase:
    """A use case, with what it needs to be prepared.

    Attributes:
        prepare: makes what the use case works on; its result is given to ``act``.
        is_one_transaction: whether a failure must leave no trace.
    """

    prepare: Callable[[Container, str], Any]
    act: Callable[[Container, Any], object]
    is_one_transaction: bool = True


def _capture(container: Container, address: str) -> Lead:
    return container.capture_lead()(PUBLIC, make_fields(address, resume="I am a file.")).lead


def _capture_again(container: Container, address: str) -> Lead:
    return container.capture_lead()(PUBLIC, make_fields(address), f"key of {address}").lead


def _capture_with_duplicates(container: Container, address: str) -> Lead:
    first = _capture(container, address)
    for _ in range(3):
        _capture(container, address)
    return first


_USE_CASES = {
    "capture": _UseCase(lambda _, address: address, _capture),
    "capture-with-key": _UseCase(lambda _, address: address, _capture_again),
    "edit": _UseCase(_capture, lambda app, lead: app.update_lead()(OPERATOR, lead.id, {"last_name": "Ng"})),
    "change-state": _UseCase(
        _capture_with_duplicates,
        lambda app, lead: app.update_lead()(OPERATOR, lead.id, {"state": "REACHED_OUT"}),
    ),
    "note": _UseCase(_capture, lambda app, lead: app.add_note()(OPERATOR, lead.id, {"note": "called"})),
    "follow-up": _UseCase(
        _capture, lambda app, lead: app.record_follow_up()(OPERATOR, lead.id, {"message": "Shall we talk?"})
    ),
    "erase": _UseCase(_capture_with_duplicates, lambda app, lead: app.erase_lead()(OPERATOR, lead.id)),
    "deliver": _UseCase(
        _capture, lambda app, _: list(app.deliver_notifications().mail()), is_one_transaction=False
    ),
    "seal-and-report": _UseCase(
        lambda app, _: app,
        lambda app, _: [app.seal_weeks()(), *app.send_due_reports()()],
        is_one_transaction=False,
    ),
}


def run(sandbox: Sandbox) -> None:
    """Fail each call of each use case once, and compare what is stored before and after."""
    failed = partial = wrong_errors = 0
    with sandbox.container() as container, counted_calls() as calls:
        for name, use_case in _USE_CASES.items():
            for number in range(1, _MAX_CALLS):
                prepared = use_case.prepare(container, f"{name}.{number}@example.com")
                before = _stored(sandbox) if use_case.is_one_transaction else ""
                calls.fail(number)
                error = _error_of(use_case, container, prepared)
                is_over = calls.made < number
                calls.fail(0)
                if is_over:
                    break
                failed += 1
                # Work that may be lost is done after the commit: then the use case succeeds.
                wrong_errors += not isinstance(error, StorageUnavailable | None)
                if error is not None and use_case.is_one_transaction:
                    partial += _stored(sandbox) != before
        check_invariants(sandbox, container)
    sandbox.findings.record(use_cases=len(_USE_CASES))
    sandbox.findings.expect_at_least(5 * len(_USE_CASES), failed_calls=failed)
    sandbox.findings.expect_equal(0, partial=partial, wrong_errors=wrong_errors)


def _error_of(use_case: _UseCase, container: Container, prepared: Any) -> Exception | None:
    try:
        use_case.act(container, prepared)
    except Exception as error:  # noqa: BLE001 - the caller says which may be raised
        return error
    return None


def _stored(sandbox: Sandbox) -> str:
    """Return all rows as one text."""
    with connect(sandbox.database_url) as connection:
        rows = {
            table._meta.table_name: connection.execute(f"SELECT * FROM {table._meta.table_name}").fetchall()  # noqa: S608 - ours
            for table in TABLES
        }
    return str(rows)


@contextmanager
def _rollback_commits() -> Iterator[None]:
    with replaced(peewee.Database, rollback=lambda database: database.commit()):
        yield


CAMPAIGN = Campaign(
    "failing-calls",
    "every single call of the database fails once",
    run,
    bugs=(PlantedBug("what a failed use case has written is committed", ("partial",), _rollback_commits),),
)
