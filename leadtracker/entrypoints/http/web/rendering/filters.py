"""Template filters and globals: times in the business's time zone, links to leads, and labels."""

from datetime import datetime, tzinfo
from urllib.parse import urlencode

from flask import Blueprint, url_for
from markupsafe import Markup

from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, RETENTION, SCHEDULER
from leadtracker.domain.model.leads.queries.lead_query import Duplicates
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.timestamps import TimeRange, format_timestamp
from leadtracker.entrypoints.formats.attempt_details import attempt_detail
from leadtracker.entrypoints.formats.field_messages import field_message
from leadtracker.entrypoints.formats.labels import field_label, label, state_label
from leadtracker.entrypoints.http.web.rendering.links import mailto, tel
from leadtracker.i18n.formats import (
    format_date,
    format_date_time,
    format_duration,
    format_file_size,
    format_number,
    format_share,
    text_direction,
)
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_ACTORS = {"user": "%(name)s", "api-key": mark("%(name)s (API key)")}
_PROCESSES = {
    PUBLIC.name: mark("the prospect"),
    SCHEDULER.name: mark("LeadTracker"),
    OPERATOR.name: mark("the operator"),
    RETENTION.name: mark("retention"),
}


def install_filters(blueprint: Blueprint, zone: tzinfo) -> None:
    """Register the filters and globals of all templates.

    The filters are ``timestamp``, ``day``, ``duration``, ``input_time``, ``label``, ``state_label``,
    ``actor_label``, ``attempt_detail``, ``breakable``, ``mailto``, ``tel``, ``number``, ``share`` and
    ``file_size``; the globals are ``lead_url``, ``leads_of`` and ``text_direction``.

    Args:
        blueprint: any blueprint of the application; all templates of the application get them.
        zone: the business's time zone, in which times are shown and entered.
    """
    _install_time_filters(blueprint, zone)
    for text_filter in (
        attempt_detail,
        label,
        field_label,
        field_message,
        state_label,
        actor_label,
        breakable,
        mailto,
        tel,
    ):
        blueprint.add_app_template_filter(text_filter)
    for name, number_filter in (
        ("number", format_number),
        ("share", format_share),
        ("file_size", format_file_size),
        ("duration", format_duration),
    ):
        blueprint.add_app_template_filter(number_filter, name)
    for template_global in (lead_url, leads_of, text_direction):
        blueprint.add_app_template_global(template_global)


def _install_time_filters(blueprint: Blueprint, zone: tzinfo) -> None:
    @blueprint.app_template_filter("timestamp")
    def timestamp(timestamp: datetime) -> Markup:
        local = timestamp.astimezone(zone)
        return _time_element(timestamp, local, format_date_time(local))

    @blueprint.app_template_filter("day")
    def day(timestamp: datetime) -> Markup:
        local = timestamp.astimezone(zone)
        return _time_element(timestamp, local, format_date(local))

    @blueprint.app_template_filter("input_time")
    def input_time(timestamp: datetime) -> str:
        return f"{timestamp.astimezone(zone):%Y-%m-%dT%H:%M}"


def actor_label(actor: str) -> str:
    """Format the name of an actor: ``user:ann`` as ``ann``, ``api-key:site`` as ``site (API key)``."""
    kind, colon, name = actor.partition(":")
    if not colon:
        return _(_PROCESSES[actor]) if actor in _PROCESSES else actor
    return _(_ACTORS[kind], name=name) if kind in _ACTORS else actor


def breakable(address: str) -> Markup:
    """Let a line break behind the at sign of an e-mail address, rather than within a name."""
    local, at, domain = address.rpartition("@")
    return Markup("{}{}<wbr>{}").format(local, at, domain) if at else Markup.escape(address)


def lead_url(lead_id: str) -> str:
    """Return the URL of a lead's page."""
    return url_for("lead_pages.show", lead_id=lead_id)


def leads_of(week: Week) -> str:
    """Return the URL of the list of leads that a week counts, which are those received in it."""
    return counted_leads(TimeRange(week.start, week.end))


def counted_leads(time_range: TimeRange, **filters: str) -> str:
    """Return the URL of the list of leads that the statistics of a time range count.

    The list has no repeat enquiries then, because they are not counted.

    Args:
        time_range: when the leads were received.
        filters: further parameters of the list.
    """
    bounds = {"created_from": time_range.start, "created_to": time_range.end}
    given = {name: format_timestamp(bound) for name, bound in bounds.items() if bound is not None}
    query = {**filters, **given, "duplicates": Duplicates.EXCLUDE.value}
    return f"{url_for('lead_pages.listing')}?{urlencode(query)}"


def _time_element(timestamp: datetime, local: datetime, shown: str) -> Markup:
    """Render a ``time`` element that shows the exact local time on hover, in the same format everywhere."""
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        format_timestamp(timestamp), f"{local:%Y-%m-%d %H:%M:%S %Z}", shown
    )
