"""``/dashboard/reports``: the ledger of weekly reports, latest week first, their leads, and sending again."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import Conflict, InvalidInput, ReportNotFound
from leadtracker.domain.model.reports.sealed_leads import Difference
from leadtracker.domain.model.reports.sinks import ReportedWeek, Sink, SinkDelivery
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.use_cases.operations.check_health import Check, Health, HealthCheck
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.cursors import read_cursor, write_cursor
from leadtracker.entrypoints.http.web.rendering.charts import week_chart
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page, redirect_with_message
from leadtracker.i18n.texts import gettext as _

_WEEKS_SHOWN = 26
_LEADS_SHOWN = 100
_AFTER_EVERY_WEEK = "W"  # names of weeks begin with the year, and "W" sorts after digits


def report_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the reports page."""
    blueprint = dashboard_blueprint("report_pages", login_sessions, "/reports")
    read_reports = container.read_reports()
    schedule_report = container.schedule_report()
    check_health = container.check_health()
    zone = container.settings().timezone

    @blueprint.get("")
    def ledger() -> Response:
        before = request.args.get("before") or _AFTER_EVERY_WEEK
        reports = [report for report in read_reports.all(g.actor) if report.week.name < before]
        shown = reports[-_WEEKS_SHOWN:]
        return page(
            "admin/reports.html",
            reports=shown[::-1],
            mails=_mails(read_reports.with_deliveries(g.actor, shown)),
            chart=week_chart(((report.week, report.number_of_leads) for report in shown), zone),
            older=shown[0].week.name if len(shown) < len(reports) else None,
            preview=read_reports.preview(g.actor),
            scheduler=_scheduler_check(check_health()),
            is_paused=read_reports.is_sealing_paused(g.actor),
        )

    @blueprint.post("/<name:week>/send")
    def send(week: str) -> AnyResponse:
        try:
            report = schedule_report(g.actor, week, again="again" in request.form)
        except InvalidInput:
            raise ReportNotFound(week) from None
        except Conflict:
            return redirect_with_message(
                "report_pages.ledger", _("This report is being sent by another process."), "error"
            )
        return redirect_with_message(
            "report_pages.ledger", _("%(week)s will be sent within seconds.", week=report.week.name)
        )

    _add_explanation(blueprint, container)
    return blueprint


def _add_explanation(blueprint: Blueprint, container: Container) -> None:
    explain_report, read_lead_names = container.explain_report(), container.read_lead_names()

    @blueprint.get("/<name:week>")
    def explain(week: str) -> Response:
        explanation = explain_report.page(
            g.actor,
            week,
            limit=_LEADS_SHOWN,
            after_counted=_cursor("counted"),
            after_excluded=_cursor("excluded"),
        )
        return page(
            "admin/report.html",
            explanation=explanation,
            names=read_lead_names(
                g.actor, [lead.id for lead in (*explanation.counted, *explanation.excluded)]
            ),
            changes=_changes(explanation.difference),
            older_counted=_next(request.args, counted=explanation.next_counted),
            older_excluded=_next(request.args, excluded=explanation.next_excluded),
        )


def _scheduler_check(health: Health) -> Check | None:
    """Return the check of the scheduler; the page warns that nothing is sent without one."""
    return next((check for check in health.checks if check.name == HealthCheck.SCHEDULER), None)


def _mails(reported: Iterable[ReportedWeek]) -> dict[str, list[SinkDelivery]]:
    """Return the e-mails about each week, by its name."""
    return {
        one.report.week.name: [mail for mail in one.deliveries if mail.sink is Sink.EMAIL] for one in reported
    }


def _cursor(name: str) -> Cursor | None:
    """Return the cursor of one of the two lists; without one that is valid, the list shows its first page."""
    try:
        return Cursor(*read_cursor(name, request.args[name])) if name in request.args else None
    except InvalidValue:
        return None


def _next(shown: Mapping[str, str], **cursors: Cursor | None) -> dict[str, str] | None:
    """Return the parameters of the next page of one list, on which the other one stays."""
    [(name, cursor)] = cursors.items()
    if cursor is None:
        return None
    others = {key: value for key, value in shown.items() if key in {"counted", "excluded"}}
    return {**others, name: write_cursor(name, cursor.at, cursor.id)}


def _changes(difference: Difference) -> list[tuple[int, str]]:
    """Return the changes since a week was sealed, each with what it adds to the number."""
    changes = [
        (-difference.erased, _("counted, and erased since")),
        (-difference.linked, _("counted, and linked as repeat enquiries since")),
        (difference.unlinked, _("repeat enquiries that have become primary leads")),
        (difference.released, _("released from quarantine since")),
        (difference.added, _("imported, or entered with an earlier time, since")),
    ]
    return [(number, text) for number, text in changes if number]
