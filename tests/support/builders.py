"""Builders of valid domain objects; a test names only the fields that matter to it."""

from datetime import UTC, datetime
from typing import Any

from leadtracker.domain.errors import FieldError
from leadtracker.domain.model.accounts.access import PUBLIC, Role
from leadtracker.domain.model.accounts.account import ApiKey, User, digest_of
from leadtracker.domain.model.deliveries.delivery import EVENTS, Channel, Delivery, DeliveryKind
from leadtracker.domain.model.intake.consent import Consent, ConsentForm
from leadtracker.domain.model.intake.idempotency import IdempotentRequest
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.intake.rejected_submission import RejectedSubmission
from leadtracker.domain.model.leads.fields import TOUCH_FIELDS
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.history import Action, HistoryEntry
from leadtracker.domain.model.leads.inputs.inputs import Inputs
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import LeadFile, Upload
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.clock import NOW

NO_TOUCH = dict.fromkeys(field.name for field in TOUCH_FIELDS)
"""The touch of an enquiry that has none, in JSON."""


def make_lead(
    lead_id: str = "lead-1",
    email: str = "ann@example.com",
    created_at: datetime = NOW,
    **rest: Any,
) -> Lead:
    """Build a lead; ``rest`` are fields of ``Lead``."""
    given: dict[str, Any] = {"first_name": "Ann", "last_name": "Lee", "updated_at": created_at} | rest
    return Lead(id=lead_id, email=EmailAddress.parse(email), created_at=created_at, **given)


def make_fields(email: str = "ann@example.com", **rest: object) -> dict[str, object]:
    """Return the raw fields of a lead, as a sender gives them."""
    return {"first_name": "Ann", "last_name": "Lee", "email": email} | rest


def make_follow_up(
    follow_up_id: str = "follow-up-1",
    lead_id: str = "lead-1",
    due_at: datetime | None = NOW,
    **rest: Any,
) -> FollowUp:
    """Build an open follow-up; ``rest`` are fields of ``FollowUp``."""
    given: dict[str, Any] = {"created_at": NOW, "created_by": "user:ann"} | rest
    return FollowUp(id=follow_up_id, lead_id=lead_id, due_at=due_at, **given)


def make_delivery(delivery_id: str = "m-1", **rest: Any) -> Delivery:
    """Build an e-mail delivery that is due; ``rest`` are fields of ``Delivery``."""
    kind = rest.get("kind", DeliveryKind.ACKNOWLEDGEMENT)
    given: dict[str, Any] = {
        "kind": kind,
        "channel": Channel.WEBHOOK if kind in EVENTS else Channel.MAIL,
        "recipient": "ann@example.com",
        "recipient_key": "ann@example.com",
        "lead_id": "lead-1",
        "created_at": NOW,
        "due_at": NOW,
    }
    return Delivery(id=delivery_id, **(given | rest))


def make_event(delivery_id: str = "e-1", recipient_key: str = "endpoint-1", **rest: Any) -> Delivery:
    """Build a webhook delivery that is due; ``rest`` are fields of ``Delivery``."""
    given: dict[str, Any] = {
        "kind": DeliveryKind.LEAD_CREATED,
        "recipient": "https://hooks.example",
        "text": '{"type":"lead.created"}',
    }
    return make_delivery(delivery_id, recipient_key=recipient_key, **(given | rest))


def make_entry(lead_id: str = "lead-1", action: Action = Action.EDITED, **rest: Any) -> HistoryEntry:
    """Build an entry of a history; ``rest`` are fields of ``HistoryEntry``."""
    given: dict[str, Any] = {"version": 1, "at": NOW, "actor": "user:ann"} | rest
    return HistoryEntry(lead_id=lead_id, action=action, **given)


def make_request(key: str = "key-1", **raw: object) -> IdempotentRequest:
    """Build an anonymous request with an idempotency key; ``raw`` are its fields."""
    return IdempotentRequest.of(key, PUBLIC, Inputs.of(raw))


def make_resume(filename: str = "cv.pdf", content: bytes = b"%PDF-1.7\n%%EOF\n") -> LeadFile:
    """Build a resume with its content."""
    return LeadFile.of(Upload(filename, content))


def make_quarantined_lead(
    quarantined_lead_id: str = "quarantined-1",
    email: str = "ann@example.com",
    reason: QuarantineReason = QuarantineReason.HONEYPOT,
    consent: str | None = None,
    request_id: str | None = None,
    **rest: Any,
) -> QuarantinedLead:
    """Build a quarantined lead; ``rest`` are fields of the lead that it would be."""
    lead = make_lead(quarantined_lead_id, email, **rest)
    given = consent and Consent(text=consent, at=lead.created_at, form=ConsentForm.EMBEDDED)
    return QuarantinedLead(lead=lead, reason=reason, consent=given or None, request_id=request_id)


def make_user(name: str = "ann", role: Role = Role.AGENT, **rest: Any) -> User:
    """Build a user; ``rest`` are fields of ``User``."""
    given: dict[str, Any] = {"password_hash": f"hash of {name}", "created_at": NOW} | rest
    return User(name=name, role=role, **given)


def make_api_key(name: str = "website", role: Role = Role.AGENT, **rest: Any) -> ApiKey:
    """Build an API key; ``rest`` are fields of ``ApiKey``."""
    given: dict[str, Any] = {"digest": digest_of(f"lt_{name}"), "created_at": NOW} | rest
    return ApiKey(name=name, role=role, **given)


def make_week(name: str = "2026-W46") -> Week:
    """Build a week of a business in UTC."""
    return Week.named(name, UTC)


def make_report(
    week: str = "2026-W46", number_of_leads: int = 3, *, now: datetime = NOW, missed: bool = False
) -> WeeklyReport:
    """Build the report of a week of a business in UTC, sealed at ``now``."""
    return WeeklyReport.seal(make_week(week), number_of_leads, now, missed=missed)


def make_rejected(rejected_id: str = "rejected-1", **given: Any) -> RejectedSubmission:
    """Make a rejected submission with a digest and a client of its name."""
    defaults: dict[str, Any] = {
        "id": rejected_id,
        "received_at": NOW,
        "fields": {"first_name": "Ann", "email": "ann@"},
        "errors": (FieldError("email", "is not an e-mail address"),),
        "digest": f"digest of {rejected_id}",
        "client": f"client of {rejected_id}",
    }
    return RejectedSubmission(**(defaults | given))
