"""``/dashboard``: open work, recent leads and statistics."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from attrs import evolve
from flask import Blueprint, Response, g, url_for

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.domain.model.reports.cohort_counts import CohortStatistics
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.web.rendering.charts import Share, shares, week_chart
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.filters import counted_leads
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.entrypoints.http.web.setup_steps import setup_steps
from leadtracker.i18n.texts import gettext as _

_MAX_SOURCES = 8


def overview_blueprint(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the route of the dashboard, the page after signing in."""
    blueprint = dashboard_blueprint("dashboard", login_sessions)
    read_dashboard = container.read_dashboard()
    settings, manage_api_keys = container.settings(), container.manage_api_keys()
    clock = container.clock()

    @blueprint.get("")
    def index() -> Response:
        dashboard = read_dashboard(g.actor)
        last_week, this_week = (number for _week, number in dashboard.weeks[-2:])
        funnel = dashboard.cohort.funnel
        steps = (
            (_("Received"), funnel.captured),
            (_("Contacted"), funnel.reached_out),
            (_("Converted"), funnel.converted),
        )
        takes_mail = dashboard.failed_mail is None
        is_admin = g.actor.may(Permission.ACCOUNT_MANAGE)
        return page(
            "dashboard.html",
            dashboard=dashboard,
            due_statuses=(FollowUpStatus.OVERDUE, FollowUpStatus.DUE),
            untouched_url=_untouched_url(clock.now() - dashboard.waiting.untouched_for),
            expiring_keys=manage_api_keys.expiring(g.actor) if is_admin else [],
            setup_steps=setup_steps(settings, takes_mail=takes_mail) if is_admin else [],
            this_week=this_week,
            last_week=last_week,
            weeks=week_chart(dashboard.weeks, settings.timezone),
            funnel=shares(steps, funnel.captured),
            sources=list(_sources(dashboard.cohort)),
        )

    return blueprint


def _sources(cohort: CohortStatistics) -> Iterator[Share]:
    """Yield the largest sources, with the URLs of the lists of their leads."""
    sources = list(islice(cohort.by_source.items(), _MAX_SOURCES))
    named = [(source or _("no source"), number) for source, number in sources]
    for (source, _number), share in zip(sources, shares(named, cohort.funnel.captured), strict=True):
        yield evolve(share, url=counted_leads(cohort.time_range, source=source)) if source else share


def _untouched_url(created_before: datetime) -> str:
    """Return the URL of the list of untouched leads, the oldest first."""
    return url_for(
        "lead_pages.listing",
        waiting="true",
        follow_up="none",
        created_to=format_timestamp(created_before),
        sort="created_at",
    )
