"""How pages show times: in the business's zone, with the exact time on hover."""

from datetime import datetime, timedelta, tzinfo

from flask import Blueprint
from markupsafe import Markup

from leadtracker.domain.model.timestamps import format_timestamp


def install_times(blueprint: Blueprint, zone: tzinfo) -> None:
    """Register the template filters ``timestamp``, ``day``, ``duration`` and ``input_time``."""

    @blueprint.app_template_filter("timestamp")
    def timestamp(timestamp: datetime) -> Markup:
        local = timestamp.astimezone(zone)
        return _time(timestamp, f"{local.day} {local:%b %Y, %H:%M}", zone)

    @blueprint.app_template_filter("day")
    def day(timestamp: datetime) -> Markup:
        local = timestamp.astimezone(zone)
        return _time(timestamp, f"{local.day} {local:%b %Y}", zone)

    @blueprint.app_template_filter("duration")
    def duration(time: timedelta | None) -> str:
        return "" if time is None else in_words(time)

    @blueprint.app_template_filter("input_time")
    def input_time(timestamp: datetime) -> str:
        return f"{timestamp.astimezone(zone):%Y-%m-%dT%H:%M}"


def in_words(time: timedelta) -> str:
    """A span of time in the largest unit of which it has two or more, rounded down; or in minutes."""
    days, rest = divmod(time, timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    if days > 1:
        return f"{days} days"
    if days or hours > 1:
        return f"{24 * days + hours} h"
    return f"{60 * hours + rest // timedelta(minutes=1)} min"


def _time(timestamp: datetime, shown: str, zone: tzinfo) -> Markup:
    exact = f"{timestamp.astimezone(zone):%A, %d %B %Y, %H:%M:%S %Z}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        format_timestamp(timestamp), exact, shown
    )
