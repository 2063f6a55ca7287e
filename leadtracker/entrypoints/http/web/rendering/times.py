"""How pages show times: in the business's zone, with the exact time on hover."""

from datetime import datetime, timedelta, tzinfo

from flask import Blueprint
from markupsafe import Markup

from leadtracker.domain.model.timestamps import format_instant


def install_times(blueprint: Blueprint, zone: tzinfo) -> None:
    """Give all templates the filters ``moment``, ``day`` and ``span``, and ``input_time`` for form fields."""

    @blueprint.app_template_filter("moment")
    def moment(instant: datetime) -> Markup:
        local = instant.astimezone(zone)
        return _time(instant, f"{local.day} {local:%b %Y, %H:%M}", zone)

    @blueprint.app_template_filter("day")
    def day(instant: datetime) -> Markup:
        local = instant.astimezone(zone)
        return _time(instant, f"{local.day} {local:%b %Y}", zone)

    @blueprint.app_template_filter("span")
    def span(time: timedelta | None) -> str:
        return "" if time is None else in_words(time)

    @blueprint.app_template_filter("input_time")
    def input_time(instant: datetime) -> str:
        return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"


def in_words(time: timedelta) -> str:
    """A span of time in the largest unit of which it has two or more, rounded down; or in minutes."""
    days, rest = divmod(time, timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    if days > 1:
        return f"{days} days"
    if days or hours > 1:
        return f"{24 * days + hours} h"
    return f"{60 * hours + rest // timedelta(minutes=1)} min"


def _time(instant: datetime, shown: str, zone: tzinfo) -> Markup:
    exact = f"{instant.astimezone(zone):%A, %d %B %Y, %H:%M:%S %Z}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(format_instant(instant), exact, shown)
