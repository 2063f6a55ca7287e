"""``/dashboard/leads`` and what is below it."""

from flask import Blueprint

from leadtracker.container import Container
from leadtracker.entrypoints.http.auth.sessions import Browsers
from leadtracker.entrypoints.http.web.leads.bulk_pages import add_bulk_pages
from leadtracker.entrypoints.http.web.leads.edit_pages import add_edit_pages
from leadtracker.entrypoints.http.web.leads.labels import install_words
from leadtracker.entrypoints.http.web.leads.lead_detail import Desk
from leadtracker.entrypoints.http.web.leads.lead_pages import add_follow_up_pages, add_lead_pages
from leadtracker.entrypoints.http.web.leads.link_pages import add_link_pages
from leadtracker.entrypoints.http.web.leads.list_pages import add_list_pages
from leadtracker.entrypoints.http.web.leads.privacy_pages import add_person_pages
from leadtracker.entrypoints.http.web.leads.resume_pages import add_resume_pages
from leadtracker.entrypoints.http.web.rendering.dashboard_base import staff_blueprint


def lead_pages_blueprint(container: Container, browsers: Browsers) -> Blueprint:
    """The routes of the list and of each lead."""
    blueprint = staff_blueprint("lead_pages", browsers, "/leads", uploads={"lead_pages.replace_resume"})
    install_words(blueprint)
    zone_name = str(container.settings().timezone)
    blueprint.context_processor(lambda: {"zone_name": zone_name})
    desk = Desk(container.clock(), container.get_lead(), container.find_leads(), container.read_history())
    add_list_pages(blueprint, container)
    add_bulk_pages(blueprint, container)
    add_lead_pages(blueprint, container, desk)
    add_follow_up_pages(blueprint, container, desk)
    add_edit_pages(blueprint, container, desk)
    add_link_pages(blueprint, container, desk)
    add_resume_pages(blueprint, container, browsers, desk)
    add_person_pages(blueprint, container)
    return blueprint
