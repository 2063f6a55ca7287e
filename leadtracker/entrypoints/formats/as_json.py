"""The domain's objects as JSON: one shape, whichever door they leave by."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from leadtracker.domain.model.accounts.account import ApiKey, User
from leadtracker.domain.model.deliveries.deliverable import Attempt
from leadtracker.domain.model.deliveries.delivery import Message
from leadtracker.domain.model.intake.quarantined_lead import Suspect
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.history import HistoryEntry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_facts
from leadtracker.domain.model.leads.statistics import CohortStatistics
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.model.time_range import Span
from leadtracker.domain.model.timestamps import format_instant
from leadtracker.domain.use_cases.deliveries.manage_webhooks import EndpointView
from leadtracker.domain.use_cases.leads.export_personal_data import LeadRecord, PersonRecord
from leadtracker.domain.use_cases.operations.check_health import Check
from leadtracker.domain.use_cases.reports.read_reports import ReportPreview

Json = dict[str, Any]


def dump(value: object) -> bytes:
    """JSON text in UTF-8."""
    return orjson.dumps(value)


def lead_json(lead: Lead) -> Json:
    """A lead. The URL of its resume is relative to the server's root."""
    return lead_facts(lead)


def history_json(entry: HistoryEntry) -> Json:
    """Something that happened to a lead."""
    return {
        "at": format_instant(entry.at),
        "actor": entry.actor,
        "action": entry.action.value,
        "changes": [
            {"field": change.field, "from": change.before, "to": change.after} for change in entry.changes
        ],
        "note": entry.note,
        "version": entry.version,
        "request_id": entry.request_id,
    }


def follow_up_json(follow_up: FollowUp) -> Json:
    """A follow-up."""
    return {
        "id": follow_up.id,
        "lead_id": follow_up.lead_id,
        "due_at": _instant(follow_up.due_at),
        "note": follow_up.note,
        "message": follow_up.message,
        "created_at": format_instant(follow_up.created_at),
        "created_by": follow_up.created_by,
        "done_at": _instant(follow_up.done_at),
    }


def person_json(person: PersonRecord) -> Json:
    """All that is known about a person."""
    duplicates = [_record_json(record) for record in person.duplicates]
    return {
        "exported_at": format_instant(person.at),
        **_record_json(person.record),
        "duplicates": duplicates,
        "quarantine": [suspect_json(suspect) for suspect in person.suspects],
    }


def statistics_json(cohort: Span, statistics: CohortStatistics) -> Json:
    """The numbers of a cohort."""
    funnel, waited = statistics.funnel, statistics.time_to_contact
    return {
        "from": _instant(cohort.start),
        "to": _instant(cohort.end),
        "by_state": {state.value: count for state, count in statistics.by_state.items()},
        "by_source": [{"source": source, "count": count} for source, count in statistics.by_source.items()],
        "by_week": [{**_week_json(week), "count": count} for week, count in statistics.by_week],
        "funnel": {
            "captured": funnel.captured,
            "reached_out": funnel.reached_out,
            "converted": funnel.converted,
        },
        "time_to_first_contact": {
            "contacted": waited.contacted,
            "median_seconds": _seconds(waited.median),
            "p90_seconds": _seconds(waited.p90),
        },
    }


def suspect_json(suspect: Suspect) -> Json:
    """What looks like spam, and why; its resume has no URL before it is a lead's."""
    lead = lead_json(suspect.lead)
    shown = ("id", "first_name", "last_name", "email", "phone", "message", "source")
    resume = lead["resume"]
    return {
        **{name: lead[name] for name in shown},
        "resume": resume and {name: resume[name] for name in ("filename", "content_type", "size")},
        "suspicion": suspect.suspicion.value,
        "received_at": format_instant(suspect.received_at),
    }


def delivery_json(message: Message) -> Json:
    """A message in the outbox, with its attempts."""
    return {
        "id": message.id,
        "channel": message.channel.value,
        "kind": message.kind.value,
        "recipient": message.recipient,
        "lead_id": message.lead_id,
        "state": message.state.value,
        "created_at": format_instant(message.created_at),
        "next_attempt_at": _instant(message.due_at),
        "message_id": message.message_id,
        "attempts": [_attempt_json(attempt) for attempt in message.attempts],
    }


def endpoint_json(view: EndpointView) -> Json:
    """A webhook endpoint, without what may be secret of its URL."""
    return {
        "number": view.number,
        "url": view.endpoint.origin,
        "disabled_at": _instant(view.disabled_at),
    }


def report_json(report: WeeklyReport) -> Json:
    """A row of the ledger with its attempts."""
    return {
        **_week_json(report.week),
        "number_of_leads": report.number_of_leads,
        "state": report.state.value,
        "may_have_arrived_twice": report.may_have_arrived_twice,
        "sealed_at": format_instant(report.sealed_at),
        "next_attempt_at": _instant(report.due_at),
        "attempts": [_attempt_json(attempt) for attempt in report.attempts],
    }


def preview_json(preview: ReportPreview) -> Json:
    """What a week would count."""
    return {
        **_week_json(preview.week),
        "number_of_leads": preview.number_of_leads,
    }


def user_json(user: User) -> Json:
    """A user, without the password's hash."""
    return {
        "name": user.name,
        "role": user.role.value,
        "email": user.email,
        "created_at": format_instant(user.created_at),
        "disabled_at": _instant(user.disabled_at),
    }


def api_key_json(key: ApiKey) -> Json:
    """An API key, without its digest."""
    return {
        "name": key.name,
        "role": key.role.value,
        "created_at": format_instant(key.created_at),
        "revoked_at": _instant(key.revoked_at),
    }


def _record_json(record: LeadRecord) -> Json:
    return {
        "lead": lead_json(record.lead),
        "history": [history_json(entry) for entry in record.history],
        "follow_ups": [follow_up_json(follow_up) for follow_up in record.follow_ups],
    }


def _week_json(week: Week) -> Json:
    return {
        "week": week.name,
        "start": format_instant(week.start),
        "end": format_instant(week.end),
    }


def _attempt_json(attempt: Attempt) -> Json:
    return {
        "number": attempt.number,
        "started_at": format_instant(attempt.started_at),
        "finished_at": _instant(attempt.finished_at),
        "outcome": attempt.outcome and attempt.outcome.value,
        "status": attempt.status,
        "detail": attempt.detail,
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def check_json(check: Check) -> Json:
    """Something that was looked at."""
    return {"name": check.name, "passed": check.passed, "detail": check.detail}
