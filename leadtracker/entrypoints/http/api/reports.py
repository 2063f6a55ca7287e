"""``/reports/weekly`` and ``/stats``: the ledger of weekly reports, and statistics of leads."""

from flask import Blueprint, Response, request
from pydantic import Field

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput, ReportNotFound
from leadtracker.entrypoints.formats.json_models.deliveries import ExplanationJson, WeeklyReportJson
from leadtracker.entrypoints.formats.json_models.statistics import StatisticsJson
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.operations import (
    OpenApiObject,
    Paths,
    error_responses,
    in_path,
    operation,
)
from leadtracker.entrypoints.http.openapi.schemas import array_of
from leadtracker.entrypoints.http.requests.list_params import CohortParams
from leadtracker.entrypoints.http.requests.query import Flag, QueryParams, openapi_parameters
from leadtracker.entrypoints.http.responses import json_response

_TAG = "Weekly reports"


class SendReportParams(QueryParams):
    """The parameters of ``POST /reports/weekly/{week}/send``."""

    again: Flag = Field(default=False, description="Send the report even if it was delivered before.")


def reports_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of weekly reports."""
    blueprint = Blueprint("reports", __name__, url_prefix="/reports/weekly")
    read_reports = container.read_reports()
    explain_report = container.explain_report()
    schedule_report = container.schedule_report()

    @blueprint.get("")
    def listing() -> Response:
        actor = authenticator.require_actor()
        reports = read_reports.with_deliveries(actor, read_reports.all(actor))
        return json_response([WeeklyReportJson.of(report) for report in reports])

    @blueprint.get("/<name:week>")
    def show(week: str) -> Response:
        actor = authenticator.require_actor()
        [report] = read_reports.with_deliveries(actor, [read_reports.one(actor, week)])
        return json_response(WeeklyReportJson.of(report))

    @blueprint.get("/<name:week>/leads")
    def explain(week: str) -> Response:
        return json_response(ExplanationJson.json_of(explain_report(authenticator.require_actor(), week)))

    @blueprint.post("/<name:week>/send")
    def send(week: str) -> Response:
        actor = authenticator.require_actor()
        again = SendReportParams.read(request.args).again
        try:
            report = schedule_report(actor, week, again=again)
        except InvalidInput:
            raise ReportNotFound(week) from None  # a path that does not name a week does not exist
        [reported] = read_reports.with_deliveries(actor, [report])
        return json_response(WeeklyReportJson.of(reported), 202)

    return blueprint


_WEEK_PATTERN = "^(?!0000)[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$"
_WEEK = in_path("week", "The week in ISO 8601.", "2026-W46", pattern=_WEEK_PATTERN)


def report_operations() -> Paths:
    """The operations of weekly reports."""
    return {
        "/reports/weekly": {
            "get": operation(
                "listWeeklyReports",
                _TAG,
                "List the sealed weeks, oldest first",
                openapi.json_response(200, "All sealed weeks.", array_of(WeeklyReportJson))
                | error_responses(),
            )
        },
        "/reports/weekly/{week}": {
            "get": operation(
                "getWeeklyReport",
                _TAG,
                "Show the report of a week with its attempts",
                openapi.json_response(200, "The report.", WeeklyReportJson) | error_responses(404),
                parameters=[_WEEK],
            )
        },
        "/reports/weekly/{week}/leads": {"get": _explain_weekly_report()},
        "/reports/weekly/{week}/send": {"post": _send_weekly_report()},
    }


def _explain_weekly_report() -> OpenApiObject:
    return operation(
        "explainWeeklyReport",
        _TAG,
        "List the leads that a sealed number counts, and those that it does not",
        openapi.json_response(200, "The leads of the week.", ExplanationJson) | error_responses(404),
        parameters=[_WEEK],
    )


def _send_weekly_report() -> OpenApiObject:
    return operation(
        "sendWeeklyReport",
        _TAG,
        "Have the scheduler send the report of a closed week",
        openapi.json_response(202, "The report is sealed and due, or was delivered before.", WeeklyReportJson)
        | error_responses(404, 409, 422),
        parameters=[_WEEK, *openapi_parameters(SendReportParams)],
    )


def statistics_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The route of statistics."""
    blueprint = Blueprint("statistics", __name__)
    read_statistics = container.read_statistics()
    zone = container.settings().timezone

    @blueprint.get("/stats")
    def show() -> Response:
        actor = authenticator.require_actor()
        cohort = CohortParams.read(request.args, zone=zone).time_range
        return json_response(StatisticsJson.of_cohort(cohort, read_statistics(actor, cohort)))

    return blueprint


def statistics_operations() -> Paths:
    """The operation of statistics."""
    return {
        "/stats": {
            "get": operation(
                "getStatistics",
                "Work",
                "Count the leads of a cohort and their progress",
                openapi.json_response(200, "The statistics; duplicates are excluded.", StatisticsJson)
                | error_responses(422),
                parameters=openapi_parameters(CohortParams),
            )
        }
    }
