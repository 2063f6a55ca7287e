"""The routes of weekly reports."""

from leadtracker.entrypoints.http.openapi.operations import (
    AUTHENTICATED,
    OpenApiObject,
    error_responses,
    in_path,
    in_query,
    json_response,
    operation,
)
from leadtracker.entrypoints.http.openapi.types import array_of, ref


def report_paths() -> dict[str, OpenApiObject]:
    """The paths of weekly reports."""
    return {
        "/reports/weekly": {"get": _list_reports()},
        "/reports/weekly/{week}": {"get": _show_report()},
        "/reports/weekly/{week}/send": {"post": _send_report()},
    }


def _list_reports() -> OpenApiObject:
    return operation(
        "listWeeklyReports",
        "Weekly reports",
        "Show the ledger, oldest week first",
        {"200": json_response("Every sealed week.", array_of("WeeklyReport")), **error_responses()},
        **AUTHENTICATED,
    )


def _show_report() -> OpenApiObject:
    return operation(
        "getWeeklyReport",
        "Weekly reports",
        "Show a week's report with its attempts",
        {"200": json_response("The report.", ref("WeeklyReport")), **error_responses(404)},
        parameters=[_WEEK],
        **AUTHENTICATED,
    )


def _send_report() -> OpenApiObject:
    again = in_query("again", "Send even a delivered week.", enum=["false", "true"], default="false")
    return operation(
        "sendWeeklyReport",
        "Weekly reports",
        "Have a closed week's report sent by the scheduler",
        {
            "202": json_response("It is sealed and due, or was delivered.", ref("WeeklyReport")),
            **error_responses(404, 409, 422),
        },
        parameters=[_WEEK, again],
        **AUTHENTICATED,
    )


_WEEK = in_path(
    "week", "ISO 8601, such as 2026-W46.", pattern="^(?!0000)[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$"
)
