"""Quarantine: spam is stored without notifications, and becomes a lead when a user releases it."""

from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import (
    DuplicateLead,
    IdempotencyKeyReused,
    InvalidInput,
    PermissionDenied,
    QuarantinedLeadNotFound,
)
from leadtracker.domain.model.accounts.access import PUBLIC, Actor
from leadtracker.domain.model.intake.form_token import FORM_TOKEN_LIFETIME, MIN_FORM_FILL_TIME, FormToken
from leadtracker.domain.model.intake.quarantined_lead import (
    MAX_QUARANTINE_AGE,
    QuarantinedLead,
    QuarantineReason,
)
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.domain.use_cases.intake.capture_lead import DuplicatePolicy
from tests.support.builders import make_fields
from tests.support.clock import MICROSECOND, NOW
from tests.support.examples.sample_files import PDF
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

FILLED_HONEYPOT = Submission(filled_honeypot=True)
SUSPICIOUS = {
    QuarantineReason.HONEYPOT: FILLED_HONEYPOT,
    QuarantineReason.INVALID_TOKEN: Submission(has_invalid_token=True),
    QuarantineReason.TOO_FAST: Submission(form_token=FormToken("t", NOW - MIN_FORM_FILL_TIME + MICROSECOND)),
}
every_spam_reason = pytest.mark.parametrize(
    ("reason", "submission"), SUSPICIOUS.items(), ids=list(SUSPICIOUS)
)


def quarantined_leads(app: InMemoryApp) -> tuple[QuarantinedLead, ...]:
    entries = app.manage_quarantine.page(AGENT, limit=100, after=None).items
    return tuple(one for one in entries if isinstance(one, QuarantinedLead))


def send(app: InMemoryApp, submission: Submission, key: str | None = None, **fields: object) -> Lead:
    sender = evolve(PUBLIC, request_id="r-1")
    return app.capture_lead(sender, make_fields(**fields), key, submission).lead  # type: ignore[arg-type]


@every_spam_reason
def test_spam_gets_a_normal_response(
    app: InMemoryApp, reason: QuarantineReason, submission: Submission
) -> None:
    quarantined_lead = send(app, submission)
    assert (app.leads(), list(app.deliver_notifications.mail())) == ([], [])
    [lead] = app.receive("ann@example.com")
    assert evolve(quarantined_lead, id=lead.id) == lead
    assert quarantined_leads(app) == (
        QuarantinedLead(lead=quarantined_lead, reason=reason, request_id="r-1"),
    )


@pytest.mark.parametrize("actor", [AGENT, ADMIN], ids=lambda actor: actor.name)
def test_authenticated_lead_is_not_spam(app: InMemoryApp, actor: Actor) -> None:
    app.capture_lead(actor, make_fields(), None, FILLED_HONEYPOT)
    assert (len(app.leads()), quarantined_leads(app)) == (1, ())


@pytest.mark.parametrize("filling", [MIN_FORM_FILL_TIME, FORM_TOKEN_LIFETIME - MICROSECOND])
def test_human_paced_form_is_a_lead(app: InMemoryApp, filling: timedelta) -> None:
    send(app, Submission(form_token=FormToken("t", NOW - filling)))
    assert (len(app.leads()), quarantined_leads(app)) == (1, ())


def test_a_form_that_was_open_for_too_long_is_rejected_with_all_that_is_wrong(app: InMemoryApp) -> None:
    stale = Submission(form_token=FormToken("t", NOW - FORM_TOKEN_LIFETIME), requested_consent="I agree.")
    for fields, wrong in (({}, []), ({"email": "unknown"}, ["email"])):
        with pytest.raises(InvalidInput) as raised:
            send(app, stale, **fields)
        assert [error.field for error in raised.value.errors] == [*wrong, "consent", "form_token"]
    assert (app.leads(), quarantined_leads(app)) == ([], ())


def test_consent_is_in_the_history(app: InMemoryApp) -> None:
    lead = send(app, Submission(requested_consent="I agree.", has_consented=True))
    [created] = app.read_history(VIEWER, lead.id)
    assert created.note == "I agree."


def test_spam_is_validated_like_a_lead(app: InMemoryApp) -> None:
    with pytest.raises(InvalidInput):
        send(app, FILLED_HONEYPOT, email="unknown")
    first = send(app, FILLED_HONEYPOT, "key")
    assert send(app, FILLED_HONEYPOT, "key") == first
    with pytest.raises(IdempotencyKeyReused):
        send(app, FILLED_HONEYPOT, "key", first_name="Eve")
    assert len(quarantined_leads(app)) == 1


def test_spam_discloses_duplicates_by_policy() -> None:
    app = InMemoryApp(public_duplicates=DuplicatePolicy.REJECT)
    app.receive("ann@example.com")
    with pytest.raises(DuplicateLead):
        send(app, FILLED_HONEYPOT)
    assert quarantined_leads(app) == ()


def test_released_lead_keeps_its_id(app: InMemoryApp) -> None:
    consented = evolve(FILLED_HONEYPOT, requested_consent="I agree.", has_consented=True)
    submitted = send(app, consented, resume=Upload("cv.pdf", PDF))
    app.clock.advance(timedelta(days=3))
    released = app.manage_quarantine.release(AGENT, submitted.id)
    assert (released, app.leads(), quarantined_leads(app)) == (submitted, [submitted], ())
    assert app.get_resume(VIEWER, submitted.id).content == PDF
    assert [message.recipient for message in app.deliver_notifications.mail()] == ["ann@example.com"]
    created, released_entry, *_ = app.read_history(VIEWER, submitted.id)
    assert (created.action, created.actor, created.at, created.note, created.request_id) == (
        Action.CREATED,
        "public",
        NOW,
        "I agree.",
        "r-1",
    )
    assert (released_entry.action, released_entry.actor, released_entry.at, released_entry.note) == (
        Action.RELEASED,
        AGENT.name,
        app.clock.now(),
        "honeypot",
    )


def test_released_lead_can_be_duplicate(app: InMemoryApp) -> None:
    submitted = send(app, FILLED_HONEYPOT)
    [first] = app.receive("ANN@example.com")
    assert app.manage_quarantine.release(AGENT, submitted.id).duplicate_of == first.id


def test_discarded_entry_is_gone(app: InMemoryApp) -> None:
    submitted = send(app, FILLED_HONEYPOT, "key")
    app.manage_quarantine.delete(AGENT, submitted.id)
    assert (app.leads(), quarantined_leads(app)) == ([], ())
    for decide in (app.manage_quarantine.release, app.manage_quarantine.delete):
        with pytest.raises(QuarantinedLeadNotFound):
            decide(AGENT, submitted.id)
    assert send(app, FILLED_HONEYPOT, "key").id != submitted.id


def test_expired_entries_are_purged(app: InMemoryApp) -> None:
    send(app, FILLED_HONEYPOT)
    app.clock.advance(MAX_QUARANTINE_AGE)
    assert app.manage_quarantine.purge_expired() == 0
    app.clock.advance(MICROSECOND)
    assert (app.manage_quarantine.purge_expired(), quarantined_leads(app)) == (1, ())


def test_erasure_covers_the_quarantine(app: InMemoryApp) -> None:
    [lead] = app.receive("ann@example.com")
    kept = send(app, FILLED_HONEYPOT, email="bob@example.com")
    quarantined_lead = send(app, FILLED_HONEYPOT, "key", email="ANN@example.com")
    assert [one.id for one in app.export_personal_data(ADMIN, lead.id).quarantined_leads] == [
        quarantined_lead.id
    ]
    app.erase_lead(ADMIN, lead.id)
    assert [one.id for one in quarantined_leads(app)] == [kept.id]
    assert send(app, FILLED_HONEYPOT, "key", email="ANN@example.com").id != quarantined_lead.id


@pytest.mark.parametrize("actor", [PUBLIC, VIEWER], ids=lambda actor: actor.name)
def test_quarantine_permission_is_required(app: InMemoryApp, actor: Actor) -> None:
    submitted = send(app, FILLED_HONEYPOT)
    with pytest.raises(PermissionDenied):
        app.manage_quarantine.page(actor, limit=9, after=None)
    for decide in (app.manage_quarantine.release, app.manage_quarantine.delete):
        with pytest.raises(PermissionDenied):
            decide(actor, submitted.id)
    assert len(quarantined_leads(app)) == 1


class TestForms:
    def test_form_tokens_are_unique(self, app: InMemoryApp) -> None:
        first, second = app.issue_form_token(), app.issue_form_token()
        assert first.id != second.id
        assert (first.opened_at, first.is_too_fast(NOW)) == (NOW, True)

    def test_valid_token_is_reused(self, app: InMemoryApp) -> None:
        first = app.issue_form_token()
        app.clock.advance(FORM_TOKEN_LIFETIME - MICROSECOND)
        assert app.issue_form_token.again(first) == first

    def test_expired_token_is_replaced(self, app: InMemoryApp) -> None:
        stale = FormToken("t", NOW - FORM_TOKEN_LIFETIME)
        for replaced in (None, stale):
            form_token = app.issue_form_token.again(replaced)
            assert form_token.id not in {"t", ""}
            assert not form_token.is_too_fast(NOW)
            assert not form_token.is_over(NOW)
