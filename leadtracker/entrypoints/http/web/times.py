"""How pages show times: in the business's zone, with the exact time on hover."""

from datetime import date, datetime, tzinfo

from flask import Blueprint
from markupsafe import Markup

from leadtracker.domain.model.instant import format_instant


def install_times(blueprint: Blueprint, zone: tzinfo) -> None:
    """Give all templates the filters ``moment`` and ``day``, and ``input_time`` for form fields."""

    @blueprint.app_template_filter("moment")
    def moment(instant: datetime) -> Markup:
        local = instant.astimezone(zone)
        return _time(instant, f"{local.day} {local:%b %Y, %H:%M}", zone)

    @blueprint.app_template_filter("day")
    def day(instant: datetime) -> Markup:
        local = instant.astimezone(zone)
        return _time(instant, f"{local.day} {local:%b %Y}", zone)

    @blueprint.app_template_filter("date")
    def show_date(that_day: date) -> str:
        return f"{that_day.day} {that_day:%b %Y}"

    @blueprint.app_template_filter("input_time")
    def input_time(instant: datetime) -> str:
        return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"


def _time(instant: datetime, shown: str, zone: tzinfo) -> Markup:
    exact = f"{instant.astimezone(zone):%A, %d %B %Y, %H:%M:%S %Z}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(format_instant(instant), exact, shown)
