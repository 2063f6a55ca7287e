"""Capturing leads for anonymous and authenticated callers, with known addresses."""

import pytest
from attrs import evolve

from leadtracker.domain.errors import (
    DuplicateLead,
    InvalidInput,
    PermissionDenied,
    StorageUnavailable,
)
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Actor
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.lead import MAX_WAITING_ENQUIRIES, Lead
from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.use_cases.intake.capture_lead import DuplicatePolicy
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.examples.address_variants import ADDRESS_VARIANTS
from tests.support.examples.sample_files import PDF
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

PERMITTED_ACTORS = [PUBLIC, AGENT, ADMIN, OPERATOR]


@pytest.fixture
def rejecting() -> InMemoryApp:
    return InMemoryApp(public_duplicates=DuplicatePolicy.REJECT)


@pytest.mark.parametrize("actor", PERMITTED_ACTORS, ids=lambda actor: actor.name)
def test_captured_lead_equals_the_stored_one(app: InMemoryApp, actor: Actor) -> None:
    fields = make_fields("Ann@Example.com", phone="+1 212 555 0123", message="Hi", source="ad")
    lead = app.capture_lead(actor, fields).lead
    assert app.leads() == [lead]
    assert lead == Lead(
        id=lead.id,
        first_name="Ann",
        last_name="Lee",
        email=EmailAddress("Ann@Example.com", "ann@example.com"),
        phone="+12125550123",
        message="Hi",
        source="ad",
        state=LeadState.PENDING,
        created_at=NOW,
        updated_at=NOW,
    )


def test_viewer_cannot_create_leads(app: InMemoryApp) -> None:
    with pytest.raises(PermissionDenied):
        app.capture_lead(VIEWER, {})
    assert app.leads() == []


def test_invalid_input_stores_nothing(app: InMemoryApp) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.capture_lead(PUBLIC, {"email": "unknown"})
    assert [error.field for error in raised.value.errors] == ["first_name", "email"]
    assert app.leads() == []


def test_known_address_is_not_disclosed(app: InMemoryApp) -> None:
    first, second = app.receive("ann@example.com", "ANN@example.com")
    assert second.duplicate_of is None
    assert evolve(second, id=first.id, email=first.email) == first


def test_second_lead_is_stored_as_duplicate(app: InMemoryApp) -> None:
    first, second = app.receive("ann@example.com", "ANN@example.com")
    primary = evolve(first, enquiries=1, last_touch=second.touch)
    assert app.leads() == [primary, evolve(second, duplicate_of=first.id)]


def test_surplus_enquiries_are_quarantined(app: InMemoryApp) -> None:
    app.receive(*["ann@example.com"] * (MAX_WAITING_ENQUIRIES + 1))
    fields = make_fields("ann@example.com", colour="blue", resume=Upload("cv.pdf", PDF))
    shown = app.capture_lead(PUBLIC, fields, "key")
    again = app.capture_lead(PUBLIC, fields, "key")
    assert (shown.lead.duplicate_of, shown.is_replay) == (None, False)
    assert (again.lead, again.is_replay) == (shown.lead, True)
    primary, *duplicates = app.leads()
    assert len(duplicates) == primary.enquiries == MAX_WAITING_ENQUIRIES
    assert primary.enquiries_quarantined == 1
    kept = QuarantinedLead(lead=shown.lead, reason=QuarantineReason.TOO_MANY)
    assert app.manage_quarantine.page(AGENT, limit=9, after=None).items == (kept,)
    app.manage_quarantine.release(AGENT, shown.lead.id)
    assert app.leads()[-1] == evolve(shown.lead, duplicate_of=primary.id)
    assert app.get_resume(VIEWER, shown.lead.id).content == PDF


def test_enquiries_that_users_enter_have_no_limit(app: InMemoryApp) -> None:
    app.receive(*["ann@example.com"] * (MAX_WAITING_ENQUIRIES + 1))
    app.capture_lead(AGENT, make_fields("ann@example.com"), submission=Submission(keeps_duplicate=True))
    assert len(app.leads()) == MAX_WAITING_ENQUIRIES + 2


def test_any_spelling_of_an_address_is_known(app: InMemoryApp) -> None:
    app.receive(*ADDRESS_VARIANTS)
    assert [lead.duplicate_of is None for lead in app.leads()].count(True) == 1


@pytest.mark.parametrize("actor", PERMITTED_ACTORS[1:], ids=lambda actor: actor.name)
def test_user_is_given_the_primary_lead(app: InMemoryApp, actor: Actor) -> None:
    (first,) = app.receive("ann@example.com")
    with pytest.raises(DuplicateLead) as raised:
        app.capture_lead(actor, make_fields("ANN@example.com"))
    assert raised.value.lead_id == first.id
    assert app.leads() == [first]


def test_policy_can_disclose_known_addresses(rejecting: InMemoryApp) -> None:
    (first,) = rejecting.receive("ann@example.com")
    with pytest.raises(DuplicateLead) as raised:
        rejecting.receive("ann@example.com")
    assert raised.value.lead_id == first.id
    assert rejecting.leads() == [first]


def test_acknowledged_leads_are_exactly_stored(
    app: InMemoryApp,
) -> None:
    (first,) = app.receive("ann@example.com")
    app.store.is_available = False
    with pytest.raises(StorageUnavailable):
        app.receive("bob@example.com")
    app.store.is_available = True
    assert app.leads() == [first]
