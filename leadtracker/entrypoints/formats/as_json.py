"""The domain's objects as JSON: one shape, whichever entrypoint they leave by."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from leadtracker.domain.model.accounts.account import ApiKey, User
from leadtracker.domain.model.deliveries.deliverable import Attempt
from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.history import HistoryEntry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.statistics import CohortStatistics
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.model.time_range import TimeRange
from leadtracker.domain.model.timestamps import format_timestamp
from leadtracker.domain.use_cases.deliveries.manage_webhooks import EndpointView
from leadtracker.domain.use_cases.leads.export_personal_data import LeadRecord, PersonalDataExport
from leadtracker.domain.use_cases.operations.check_health import Check
from leadtracker.domain.use_cases.reports.read_reports import ReportPreview

Json = dict[str, Any]


def dump(value: object) -> bytes:
    """JSON text in UTF-8."""
    return orjson.dumps(value)


def lead_json(lead: Lead) -> Json:
    """A lead. The URL of its resume is relative to the server's root."""
    return lead_payload(lead)


def history_json(entry: HistoryEntry) -> Json:
    """Something that happened to a lead."""
    return {
        "at": format_timestamp(entry.at),
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
        "due_at": _timestamp(follow_up.due_at),
        "note": follow_up.note,
        "message": follow_up.message,
        "created_at": format_timestamp(follow_up.created_at),
        "created_by": follow_up.created_by,
        "done_at": _timestamp(follow_up.done_at),
    }


def personal_data_json(person: PersonalDataExport) -> Json:
    """All that is known about a person."""
    duplicates = [_record_json(record) for record in person.duplicates]
    return {
        "exported_at": format_timestamp(person.at),
        **_record_json(person.record),
        "duplicates": duplicates,
        "quarantine": [
            quarantined_lead_json(quarantined_lead) for quarantined_lead in person.quarantined_leads
        ],
    }


def statistics_json(cohort: TimeRange, statistics: CohortStatistics) -> Json:
    """The numbers of a cohort."""
    funnel, waited = statistics.funnel, statistics.time_to_contact
    return {
        "from": _timestamp(cohort.start),
        "to": _timestamp(cohort.end),
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


def quarantined_lead_json(quarantined_lead: QuarantinedLead) -> Json:
    """What looks like spam, and why; its resume has no URL before it is a lead's."""
    lead = lead_json(quarantined_lead.lead)
    shown = ("id", *FIELDS_BY_NAME)
    resume = lead["resume"]
    return {
        **{name: lead[name] for name in shown},
        "resume": resume and {name: resume[name] for name in ("filename", "content_type", "size")},
        "reason": quarantined_lead.reason.value,
        "received_at": format_timestamp(quarantined_lead.received_at),
    }


def delivery_json(delivery: Delivery) -> Json:
    """A message in the outbox, with its attempts."""
    return {
        "id": delivery.id,
        "channel": delivery.channel.value,
        "kind": delivery.kind.value,
        "recipient": delivery.recipient,
        "lead_id": delivery.lead_id,
        "state": delivery.state.value,
        "created_at": format_timestamp(delivery.created_at),
        "next_attempt_at": _timestamp(delivery.due_at),
        "message_id": delivery.message_id,
        "attempts": [_attempt_json(attempt) for attempt in delivery.attempts],
    }


def endpoint_json(view: EndpointView) -> Json:
    """A webhook endpoint, without what may be secret of its URL."""
    return {
        "number": view.number,
        "url": view.endpoint.origin,
        "disabled_at": _timestamp(view.disabled_at),
    }


def report_json(report: WeeklyReport) -> Json:
    """A row of the ledger with its attempts."""
    return {
        **_week_json(report.week),
        "number_of_leads": report.number_of_leads,
        "state": report.state.value,
        "may_have_arrived_twice": report.may_have_arrived_twice,
        "sealed_at": format_timestamp(report.sealed_at),
        "next_attempt_at": _timestamp(report.due_at),
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
        "created_at": format_timestamp(user.created_at),
        "disabled_at": _timestamp(user.disabled_at),
    }


def api_key_json(key: ApiKey) -> Json:
    """An API key, without its digest."""
    return {
        "name": key.name,
        "role": key.role.value,
        "created_at": format_timestamp(key.created_at),
        "revoked_at": _timestamp(key.revoked_at),
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
        "start": format_timestamp(week.start),
        "end": format_timestamp(week.end),
    }


def _attempt_json(attempt: Attempt) -> Json:
    return {
        "number": attempt.number,
        "started_at": format_timestamp(attempt.started_at),
        "finished_at": _timestamp(attempt.finished_at),
        "outcome": attempt.outcome and attempt.outcome.value,
        "status": attempt.status,
        "detail": attempt.detail,
    }


def _timestamp(timestamp: datetime | None) -> str | None:
    return None if timestamp is None else format_timestamp(timestamp)


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def check_json(check: Check) -> Json:
    """Something that was looked at."""
    return {"name": check.name, "passed": check.passed, "detail": check.detail}
