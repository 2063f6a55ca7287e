"""The routes of weekly reports."""

from leadtracker.entrypoints.http.openapi.operations import (
    KNOWN,
    Part,
    in_path,
    in_query,
    json_answer,
    operation,
    refusals,
)
from leadtracker.entrypoints.http.openapi.types import array_of, ref


def report_paths() -> dict[str, Part]:
    """The paths of weekly reports."""
    return {
        "/reports/weekly": {"get": _list_reports()},
        "/reports/weekly/{week}": {"get": _show_report()},
        "/reports/weekly/{week}/send": {"post": _send_report()},
    }


def _list_reports() -> Part:
    return operation(
        "listWeeklyReports",
        "Weekly reports",
        "Show the ledger, oldest week first",
        {"200": json_answer("Every sealed week.", array_of("WeeklyReport")), **refusals()},
        **KNOWN,
    )


def _show_report() -> Part:
    return operation(
        "getWeeklyReport",
        "Weekly reports",
        "Show a week's report with its attempts",
        {"200": json_answer("The report.", ref("WeeklyReport")), **refusals(404)},
        parameters=[_WEEK],
        **KNOWN,
    )


def _send_report() -> Part:
    again = in_query("again", "Send even a delivered week.", enum=["false", "true"], default="false")
    return operation(
        "sendWeeklyReport",
        "Weekly reports",
        "Have a closed week's report sent by the scheduler",
        {
            "202": json_answer("It is sealed and due, or was delivered.", ref("WeeklyReport")),
            **refusals(404, 409, 422),
        },
        parameters=[_WEEK, again],
        **KNOWN,
    )


_WEEK = in_path(
    "week", "ISO 8601, such as 2026-W46.", pattern="^(?!0000)[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$"
)
