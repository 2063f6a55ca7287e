"""``/dashboard/audit``: the audit log."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for
from werkzeug.datastructures import MultiDict

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, RETENTION
from leadtracker.domain.model.accounts.audit_entry import ABOUT_IMPORTS, ABOUT_LEADS, ABOUT_WEEKS, AuditAction
from leadtracker.entrypoints.formats.json_models.audit import audit_csv
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.audit_params import AUDIT, AuditFilterParams, AuditListParams
from leadtracker.entrypoints.http.requests.cursors import write_cursor
from leadtracker.entrypoints.http.web.rendering.dashboard_base import ALL, dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page

_NOT_USERS = {OPERATOR.name, PUBLIC.name, RETENTION.name}
_FILTERS = ("actor", "action", "from", "to")


def audit_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the audit log's page."""
    blueprint = dashboard_blueprint("audit_pages", login_sessions, "/audit", sensitive=ALL)
    read_audit_log, read_lead_names = container.read_audit_log(), container.read_lead_names()
    zone = container.settings().timezone

    @blueprint.get("")
    def listing() -> Response:
        parameters = _parameters(*_FILTERS, "cursor")
        params = AuditListParams.read(parameters, zone=zone)
        found = read_audit_log.page(g.actor, params.audit_filter, limit=params.limit, before=params.before)
        last = found.entries[-1] if found.next else None
        records = [entry.record for entry in found.entries]
        lead_ids = {record.subject for record in records if record.action in ABOUT_LEADS}
        cursor = last and write_cursor(AUDIT, last.record.at, str(last.number))
        return page(
            "admin/audit.html",
            entries=found.entries,
            names=read_lead_names(g.actor, lead_ids),
            about_leads=ABOUT_LEADS,
            about_imports=ABOUT_IMPORTS,
            about_weeks=ABOUT_WEEKS,
            actions=list(AuditAction),
            parameters=parameters,
            csv_url=_url("download", _parameters(*_FILTERS)),
            more_url=cursor and _url("listing", _parameters(*_FILTERS), cursor),
        )

    @blueprint.get("/audit.csv")
    def download() -> Response:
        params = AuditFilterParams.read(_parameters(*_FILTERS), zone=zone)
        entries = read_audit_log.export(g.actor, params.audit_filter)
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return Response(audit_csv(entries), mimetype="text/csv", headers=headers)

    return blueprint


def _parameters(*names: str) -> MultiDict[str, str]:
    """Return the parameters of the request that are filled in; an empty one selects nothing."""
    given = MultiDict((name, request.args[name]) for name in names if request.args.get(name))
    if "actor" in given:
        given["actor"] = _actor_name(given["actor"])
    return given


def _actor_name(text: str) -> str:
    """Return the name of the actor that a user typed; the page shows ``user:ann`` as ``ann``."""
    return text if ":" in text or text in _NOT_USERS else f"user:{text}"


def _url(endpoint: str, parameters: MultiDict[str, str], cursor: str | None = None) -> str:
    more: dict[str, Any] = {**parameters.to_dict(), "cursor": cursor}
    return url_for(f"audit_pages.{endpoint}", **more)
