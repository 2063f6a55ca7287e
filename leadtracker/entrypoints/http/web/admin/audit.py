"""``/dashboard/audit``: the audit log."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from werkzeug.datastructures import MultiDict

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, RETENTION, Permission
from leadtracker.domain.model.accounts.audit_entry import (
    ABOUT_IMPORTS,
    ABOUT_LEADS,
    ABOUT_WEEKS,
    AuditAction,
    AuditRecord,
)
from leadtracker.entrypoints.formats.json_models.audit import audit_csv
from leadtracker.entrypoints.formats.labels import label
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.audit_params import AUDIT, AuditFilterParams, AuditListParams
from leadtracker.entrypoints.http.requests.cursors import write_cursor
from leadtracker.entrypoints.http.web.lists.page_params import read_page_params
from leadtracker.entrypoints.http.web.rendering.dashboard_base import ALL, dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page

_NOT_USERS = {OPERATOR.name, PUBLIC.name, RETENTION.name}
_FILTERS = ("actor", "action", "from", "to")


def audit_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the audit log's page."""
    blueprint = dashboard_blueprint("audit_pages", login_sessions, "/audit", sensitive=ALL)
    read_audit_log, read_lead_names = container.read_audit_log(), container.read_lead_names()
    manage_imports = container.manage_imports()
    zone = container.settings().timezone

    @blueprint.get("")
    def listing() -> Response:
        params, errors = read_page_params(AuditListParams, _with_actor_name(request.args), zone=zone)
        if params is None:
            return _invalid_filter_page(errors)
        found = read_audit_log.page(g.actor, params.audit_filter, limit=params.limit, before=params.before)
        last = found.entries[-1] if found.next else None
        records = [entry.record for entry in found.entries]
        cursor = last and write_cursor(AUDIT, last.record.at, str(last.number))
        return page(
            "admin/audit.html",
            entries=found.entries,
            names=read_lead_names(g.actor, _subjects(records, ABOUT_LEADS)),
            file_names=manage_imports.file_names(g.actor, _subjects(records, ABOUT_IMPORTS)),
            about_leads=ABOUT_LEADS,
            about_imports=ABOUT_IMPORTS,
            about_weeks=ABOUT_WEEKS,
            csv_url=_url("download"),
            more_url=cursor and _url("listing", cursor),
            **_filter_form(errors),
        )

    @blueprint.get("/audit.csv")
    def download() -> Response:
        params, errors = read_page_params(AuditFilterParams, _with_actor_name(request.args), zone=zone)
        if params is None:
            return _invalid_filter_page(errors)
        entries = read_audit_log.export(g.actor, params.audit_filter)
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return Response(audit_csv(entries), mimetype="text/csv", headers=headers)

    return blueprint


def _subjects(records: Iterable[AuditRecord], actions: Collection[AuditAction]) -> set[str]:
    """Return the ids that records of these actions are about."""
    return {record.subject for record in records if record.action in actions}


def _invalid_filter_page(errors: Mapping[str, str]) -> Response:
    g.actor.require(Permission.AUDIT_READ)
    return page("admin/audit.html", 422, **_filter_form(errors))


def _filter_form(errors: Mapping[str, str]) -> dict[str, Any]:
    """Return what the form of the filter shows, as the user has filled it in."""
    return {"actions": sorted(AuditAction, key=label), "filters": _filters(), "errors": errors}


def _filters() -> dict[str, str]:
    return {name: request.args[name] for name in _FILTERS if request.args.get(name)}


def _with_actor_name(args: "MultiDict[str, str]") -> "MultiDict[str, str]":
    """Return the parameters with the full name of the actor: ``user:ann`` where the page shows ``ann``."""
    return MultiDict(
        (name, _actor_name(text) if name == "actor" and text else text)
        for name, text in args.items(multi=True)
    )


def _actor_name(text: str) -> str:
    return text if ":" in text or text in _NOT_USERS else f"user:{text}"


def _url(endpoint: str, cursor: str | None = None) -> str:
    more: dict[str, Any] = {**_filters(), "cursor": cursor}
    return url_for(f"audit_pages.{endpoint}", **more)
