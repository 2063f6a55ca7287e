"""The domain's objects as JSON: one shape, whichever door they leave by."""

from datetime import datetime
from typing import Any

import orjson

from leadtracker.domain.model.account import ApiKey, User
from leadtracker.domain.model.instant import format_instant
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.week import Week
from leadtracker.domain.model.weekly_report import Attempt, WeeklyReport
from leadtracker.domain.use_cases.read_reports import ReportPreview

Json = dict[str, Any]


def dump(value: object) -> bytes:
    """JSON text in UTF-8."""
    return orjson.dumps(value)


def lead_json(lead: Lead) -> Json:
    """A lead. ``resume`` and ``follow_up_at`` belong to the shape; no lead has either yet."""
    return {
        "id": lead.id,
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "email": lead.email.text,
        "phone": lead.phone,
        "message": lead.message,
        "source": lead.source,
        "state": lead.state.value,
        "resume": None,
        "duplicate_of": lead.duplicate_of,
        "follow_up_at": None,
        "created_at": format_instant(lead.created_at),
        "updated_at": format_instant(lead.updated_at),
        "version": lead.version,
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
