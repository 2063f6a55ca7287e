"""Addresses and words that many templates need."""

from flask import Blueprint, url_for

from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.timestamps import format_timestamp


def install_links(blueprint: Blueprint) -> None:
    """Give all templates ``lead_url`` and ``leads_of``, and the filter ``sentence``."""

    @blueprint.app_template_global("lead_url")
    def lead_url(lead_id: str) -> str:
        return url_for("lead_pages.show", lead_id=lead_id)

    @blueprint.app_template_global("leads_of")
    def leads_of(week: Week) -> str:
        """The list of the leads that came in in a week."""
        start, end = format_timestamp(week.start), format_timestamp(week.end)
        return url_for("lead_pages.listing", created_from=start, created_to=end)

    @blueprint.app_template_filter("sentence")
    def sentence(message: str) -> str:
        """A complaint about a field as a sentence below it."""
        return f"It {message}."
