"""``/dashboard/statistics``: how many leads came and what has become of them, in a range of dates."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode

from attrs import field, frozen
from flask import Blueprint, Response, g, request, url_for
from werkzeug.datastructures import MultiDict

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.reports.cohort_counts import CohortStatistics
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.use_cases.reports.read_statistics import RECENT
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.formats.statistics_csv import statistics_csv
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.lead_params import OWNER_NONE
from leadtracker.entrypoints.http.requests.list_params import CohortParams
from leadtracker.entrypoints.http.web.rendering.charts import delay_chart, shares, week_chart
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.filters import counted_leads
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _

_PRESETS = (4, 12, 52)
_DEFAULT = 12
_MAX_ROWS = 10
_MAX_WEEKS = 53


def statistics_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the statistics page and its download."""
    blueprint = dashboard_blueprint("statistics_pages", login_sessions, "/statistics")
    read_statistics, clock = container.read_statistics(), container.clock()
    zone = container.settings().timezone

    def shown(period: _Period) -> Response:
        statistics = read_statistics(g.actor, period.time_range)
        status = 422 if period.errors else 200
        return page("statistics.html", status, period=period, **_shown(statistics, period, zone))

    @blueprint.get("")
    def show() -> Response:
        return shown(_Period.read(request.args, clock.now(), zone))

    @blueprint.get("/statistics.csv")
    def download() -> Response:
        period = _Period.read(request.args, clock.now(), zone)
        if period.errors:
            return shown(period)
        text = statistics_csv(read_statistics.export(g.actor, period.time_range))
        headers = {"Content-Disposition": 'attachment; filename="statistics.csv"'}
        return Response(text, mimetype="text/csv", headers=headers)

    return blueprint


def _shown(statistics: CohortStatistics, period: "_Period", zone: tzinfo) -> dict[str, Any]:
    """Return what the template shows of the statistics of a period."""
    total, weeks = statistics.counts.total, statistics.weeks[-_MAX_WEEKS:]
    steps = (
        (_("Received"), total.captured),
        (_("Contacted"), total.contacted),
        (_("Converted"), total.converted),
    )
    reasons = [
        (reason or _("no reason given"), counts.captured)
        for reason, counts in statistics.counts.by_lost_reason.items()
    ]
    delays = ((one.week, one.time_to_contact.median, one.time_to_contact.p90) for one in weeks)
    return {
        "statistics": statistics,
        "presets": _PRESETS,
        "recent_days": RECENT.days,
        "csv_url": f"{url_for('statistics_pages.download')}?{urlencode(period.parameters)}",
        "leads_url": counted_leads(period.time_range),
        "list_url": period.list_url,
        "shown_weeks": weeks,
        "weeks": week_chart(((one.week, one.counts.captured) for one in weeks), zone),
        "delays": delay_chart(delays, zone),
        "funnel": shares(steps, total.captured),
        "reasons": shares(reasons[:_MAX_ROWS], total.lost),
        "max_rows": _MAX_ROWS,
    }


@frozen
class _Period:
    """The range of a page: some weeks up to the current one, or the dates that a user has entered.

    Attributes:
        weeks: the number of weeks; None for the recent days of the dashboard, and if dates were entered.
        parameters: the parameters of its URL.
        errors: the message about each invalid date; the range is then the default one.
    """

    time_range: TimeRange
    weeks: int | None
    parameters: Mapping[str, str]
    errors: Mapping[str, str] = field(factory=dict)

    @classmethod
    def read(cls, args: "MultiDict[str, str]", now: datetime, zone: tzinfo) -> "_Period":
        dates = _dates(args)
        if not dates and args.get("days", type=int) == RECENT.days:
            return cls(TimeRange(now - RECENT, None), None, {"days": str(RECENT.days)})
        if not dates:
            given = args.get("weeks", type=int)
            return cls.of_weeks(given if given in _PRESETS else _DEFAULT, now, zone)
        try:
            return cls(CohortParams.read(dates, zone=zone).time_range, None, dates.to_dict())
        except InvalidInput as error:
            default = cls.of_weeks(_DEFAULT, now, zone)
            return cls(default.time_range, None, dates.to_dict(), field_messages(error))

    @classmethod
    def of_weeks(cls, weeks: int, now: datetime, zone: tzinfo) -> "_Period":
        current = Week.containing(now, zone)
        first = Week.containing(current.start - timedelta(weeks=weeks - 1.5), zone)
        return cls(TimeRange(first.start, current.end), weeks, {"weeks": str(weeks)})

    def list_url(self, parameter: str, name: str | None) -> str:
        """Return the URL of the list of the leads that the page counts for a source or an owner."""
        return counted_leads(self.time_range, **{parameter: name or OWNER_NONE})


def _dates(args: "MultiDict[str, str]") -> "MultiDict[str, str]":
    return MultiDict((name, args[name]) for name in ("from", "to") if args.get(name))
