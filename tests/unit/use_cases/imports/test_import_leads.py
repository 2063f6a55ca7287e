"""Importing leads: created, duplicate and rejected rows, and dry runs."""

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.errors import FieldError, PermissionDenied
from leadtracker.domain.model.accounts.access import PUBLIC, Actor, Role
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.use_cases.imports.import_rows import ImportRow, RowOutcome, RowResult
from tests.support.builders import make_fields
from tests.support.clock import NOW, at
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

CREATED, DUPLICATE, REJECTED, _ = RowOutcome
PER_TRANSACTION = 1_000


def rows(*fields: dict[str, Any]) -> list[ImportRow]:
    """Records of one line each, below a header."""
    return [ImportRow(line, content) for line, content in enumerate(fields, start=2)]


def outcomes(results: Iterator[RowResult]) -> list[RowOutcome]:
    return [result.outcome for result in results]


def test_row_results_are_returned_in_order(app: InMemoryApp) -> None:
    app.receive("known@example.com")
    file = rows(
        make_fields("ann@example.com"),
        make_fields("KNOWN@example.com"),
        make_fields("unknown"),
        make_fields("Ann@Example.com"),
        make_fields("bob@example.com"),
    )
    results = list(app.import_leads(ADMIN, file))
    assert [result.outcome for result in results] == [CREATED, DUPLICATE, REJECTED, DUPLICATE, CREATED]
    assert [result.row for result in results] == file
    keys = {lead.identity for lead in app.leads()}
    assert keys == {"known@example.com", "ann@example.com", "bob@example.com"}


def test_rejected_row_lists_every_error(app: InMemoryApp) -> None:
    (result,) = app.import_leads(ADMIN, rows({"email": "unknown", "state": "OPEN"}))
    assert [error.field for error in result.errors] == ["first_name", "email", "state"]


def test_owner_who_is_no_user_is_an_error_with_a_code(app: InMemoryApp) -> None:
    (result,) = app.import_leads(ADMIN, rows(make_fields(owner="stranger")))
    assert [(error.field, error.code) for error in result.left_out] == [("owner", "unknown-owner")]


def test_owner_is_found_in_other_characters(app: InMemoryApp) -> None:
    app.manage_users.add(ADMIN, "J\u00f6rg", Role.AGENT, "correct horse battery")
    for owner in (" Jo\u0308rg ", "\ufeffJ\u00f6rg\u200b"):
        file = rows(
            make_fields(f"{len(owner)}@example.com", owner=owner), make_fields(f"b{len(owner)}@example.com")
        )
        results = list(app.import_leads(ADMIN, file, owner=owner))
        assert [one.left_out for one in results] == [(), ()]
    assert {lead.owner for lead in app.leads()} == {"J\u00f6rg"}


def test_unreadable_row_keeps_reason(app: InMemoryApp) -> None:
    error = FieldError("row", "has too many cells")
    (result,) = app.import_leads(ADMIN, [ImportRow(2, make_fields(), (error,))])
    assert (result.outcome, result.errors) == (REJECTED, (error,))
    assert app.leads() == []


def test_imported_lead_keeps_time_and_state(app: InMemoryApp) -> None:
    fields = make_fields(created_at="2020-02-29T12:00:00+01:00", state="CONVERTED")
    assert outcomes(app.import_leads(ADMIN, rows(fields, make_fields("new@example.com")))) == [
        CREATED,
        CREATED,
    ]
    old, new = app.leads()
    assert (old.state, old.created_at) == (LeadState.CONVERTED, at("2020-02-29T11:00:00Z"))
    assert (new.state, new.created_at) == (LeadState.PENDING, NOW)


def test_addresses_are_known_across_batches(app: InMemoryApp) -> None:
    count = 2 * PER_TRANSACTION + 1
    file = rows(*(make_fields(f"p{number % PER_TRANSACTION}@example.com") for number in range(count)))
    for dry_run in (True, False):
        results = outcomes(app.import_leads(ADMIN, file, dry_run=dry_run))
        assert results == [CREATED] * PER_TRANSACTION + [DUPLICATE] * (count - PER_TRANSACTION)
    assert len(app.leads()) == PER_TRANSACTION


def test_results_follow_their_commit(app: InMemoryApp) -> None:
    file = rows(*(make_fields(f"p{number}@example.com") for number in range(PER_TRANSACTION + 1)))
    results = app.import_leads(ADMIN, iter(file))
    assert app.leads() == []
    next(results)
    assert len(app.leads()) == PER_TRANSACTION


def test_few_known_leads_are_changed_in_one_transaction(app: InMemoryApp) -> None:
    file = rows(*(make_fields(f"p{number}@example.com") for number in range(60)))
    list(app.import_leads(ADMIN, file))
    changes = rows(*(make_fields(f"p{number}@example.com", source="fair") for number in range(60)))
    next(app.import_leads(ADMIN, iter(changes), update=True))
    assert [lead.source for lead in app.leads()].count("fair") == 50


def test_interrupted_import_is_repeatable(app: InMemoryApp) -> None:
    file = rows(*(make_fields(f"p{number}@example.com") for number in range(PER_TRANSACTION + 2)))
    cut_off = app.import_leads(ADMIN, file)
    next(cut_off)
    results = outcomes(app.import_leads(ADMIN, file))
    assert results == [DUPLICATE] * PER_TRANSACTION + [CREATED] * 2
    assert outcomes(app.import_leads(ADMIN, file)) == [DUPLICATE] * len(file)


names = st.sampled_from(["ann", "ANN", "bob", "carl", "known", "", "n o"])
records = st.builds(
    lambda name, state: make_fields(f"{name}@example.com", state=state),
    names,
    st.sampled_from(["", "LOST", "OPEN"]),
)


@given(st.lists(records, max_size=8))
def test_dry_run_equals_the_real_import(
    records: list[dict[str, Any]],
) -> None:
    app = InMemoryApp()
    (known,) = app.receive("known@example.com")
    rehearsed = list(app.import_leads(ADMIN, rows(*records), dry_run=True))
    assert app.leads() == [known]
    results = list(app.import_leads(ADMIN, rows(*records)))
    assert [evolve(result, lead=None) for result in results] == [evolve(one, lead=None) for one in rehearsed]
    assert len(app.leads()) == 1 + [result.outcome for result in rehearsed].count(CREATED)


@pytest.mark.parametrize("actor", [PUBLIC, VIEWER, AGENT], ids=lambda actor: actor.name)
def test_permission_is_checked_before_reading(app: InMemoryApp, actor: Actor) -> None:
    file = iter(rows(make_fields()))
    with pytest.raises(PermissionDenied):
        app.import_leads(actor, file)
    assert len(list(file)) == 1


def test_import_sends_mail_only_on_request(app: InMemoryApp) -> None:
    list(app.import_leads(ADMIN, rows(make_fields("ann@example.com"))))
    assert deliveries(app) == []
    app.notify = (EmailAddress.parse("office@firm.example"),)
    file = rows(*map(make_fields, ("ann@example.com", "bob@example.com", "unknown", "carl@example.com")))
    list(app.import_leads(ADMIN, file, notify=True))
    assert sorted(deliveries(app)) == [
        ("acknowledgement", "bob@example.com"),
        ("acknowledgement", "carl@example.com"),
        ("notification", "office@firm.example"),
        ("notification", "office@firm.example"),
    ]


def test_dry_run_sends_no_mail(app: InMemoryApp) -> None:
    list(app.import_leads(ADMIN, rows(make_fields()), dry_run=True, notify=True))
    assert deliveries(app) == []


def deliveries(app: InMemoryApp) -> list[tuple[str, str]]:
    with app.unit_of_work.read_only() as tx:
        return [(one.kind.value, one.recipient) for one in tx.deliveries.page(None, limit=99).items]
