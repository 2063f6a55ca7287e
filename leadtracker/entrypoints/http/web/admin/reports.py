"""``/dashboard/reports``: the ledger of weekly reports, latest week first, and sending them again."""

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import Conflict, InvalidInput, ReportNotFound
from leadtracker.domain.use_cases.operations.check_health import HealthCheck
from leadtracker.entrypoints.http.auth.authentication import LoginSessions
from leadtracker.entrypoints.http.web.rendering.charts import columns
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page, redirect_with_message
from leadtracker.i18n.texts import gettext as _

_WEEKS_SHOWN = 26
_AFTER_EVERY_WEEK = "W"  # names of weeks begin with the year, and "W" sorts after digits


def report_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the reports page."""
    blueprint = dashboard_blueprint("report_pages", login_sessions, "/reports")
    read_reports = container.read_reports()
    schedule_report = container.schedule_report()
    check_health = container.check_health()

    @blueprint.get("")
    def ledger() -> Response:
        before = request.args.get("before") or _AFTER_EVERY_WEEK
        reports = [report for report in read_reports.all(g.actor) if report.week.name < before]
        shown = reports[-_WEEKS_SHOWN:]
        numbers = [(report.week.name.partition("-")[2], report.number_of_leads) for report in shown]
        preview = read_reports.preview(g.actor)
        checks = check_health().checks
        scheduler = next((check for check in checks if check.name == HealthCheck.SCHEDULER), None)
        return page(
            "admin/reports.html",
            reports=shown[::-1],
            chart=columns(numbers),
            older=shown[0].week.name if len(shown) < len(reports) else None,
            preview=preview,
            scheduler=scheduler,
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

    return blueprint
