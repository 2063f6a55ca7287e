"""``/reports/weekly``: the ledger of weekly reports."""

from flask import Blueprint, Response, request
from pydantic import Field

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput, ReportNotFound
from leadtracker.entrypoints.formats.as_json import report_json
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.query import Flag, QueryParams
from leadtracker.entrypoints.http.responses import json_response


class SendReportParams(QueryParams):
    """The parameters of ``POST /reports/weekly/{week}/send``."""

    again: Flag = Field(default=False, description="Send the report even if it was delivered before.")


def reports_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of weekly reports."""
    blueprint = Blueprint("reports", __name__, url_prefix="/reports/weekly")
    read_reports = container.read_reports()
    schedule_report = container.schedule_report()

    @blueprint.get("")
    def listing() -> Response:
        reports = read_reports.all(authenticator.require_actor())
        return json_response([report_json(report) for report in reports])

    @blueprint.get("/<name:week>")
    def show(week: str) -> Response:
        return json_response(report_json(read_reports.one(authenticator.require_actor(), week)))

    @blueprint.post("/<name:week>/send")
    def send(week: str) -> Response:
        actor = authenticator.require_actor()
        again = SendReportParams.read(request.args).again
        try:
            report = schedule_report(actor, week, again=again)
        except InvalidInput:
            raise ReportNotFound(week) from None  # in a path, what names no week leads nowhere
        return json_response(report_json(report), 202)

    return blueprint
