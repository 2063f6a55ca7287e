"""The blueprint of the lead pages, ``/dashboard/leads`` and below."""

from flask import Blueprint, g

from leadtracker.container import Container
from leadtracker.domain.model.values.file_kind import EXTENSIONS, KINDS
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.web.leads.edit_pages import add_edit_pages
from leadtracker.entrypoints.http.web.leads.follow_up_times import shortcut_times
from leadtracker.entrypoints.http.web.leads.lead_detail import LeadDetailPage
from leadtracker.entrypoints.http.web.leads.lead_pages import (
    add_duplicate_pages,
    add_follow_up_pages,
    add_lead_pages,
)
from leadtracker.entrypoints.http.web.leads.new_lead import add_new_lead_pages
from leadtracker.entrypoints.http.web.leads.owner_pages import add_owner_pages
from leadtracker.entrypoints.http.web.leads.privacy_pages import add_hold_pages, add_privacy_pages
from leadtracker.entrypoints.http.web.leads.resume_pages import add_resume_pages
from leadtracker.entrypoints.http.web.lists.bulk_pages import add_bulk_pages
from leadtracker.entrypoints.http.web.lists.last_views import last_list
from leadtracker.entrypoints.http.web.lists.list_pages import add_list_pages
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.owners import owner_filters


def lead_pages_blueprint(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the list and of each lead."""
    blueprint = dashboard_blueprint(
        "lead_pages",
        login_sessions,
        "/leads",
        uploads={"lead_pages.replace_resume"},
        sensitive={"lead_pages.confirm_erasure", "lead_pages.erase"},
    )
    _add_context(blueprint, container)
    detail_page = LeadDetailPage(
        container.clock(),
        container.get_lead(),
        container.find_leads(),
        container.read_history(),
        container.read_consent(),
    )
    add_list_pages(blueprint, container)
    add_new_lead_pages(blueprint, container)
    add_bulk_pages(blueprint, container)
    add_lead_pages(blueprint, container, detail_page)
    add_owner_pages(blueprint, container, detail_page)
    add_follow_up_pages(blueprint, container, detail_page)
    add_edit_pages(blueprint, container, detail_page)
    add_duplicate_pages(blueprint, container, detail_page)
    add_resume_pages(blueprint, container, login_sessions, detail_page)
    add_hold_pages(blueprint, container, detail_page)
    add_privacy_pages(blueprint, container)
    return blueprint


def _add_context(blueprint: Blueprint, container: Container) -> None:
    """Give the templates of the blueprint what several of them use."""
    clock, zone = container.clock(), container.settings().timezone
    find_owners = container.find_owners()
    blueprint.context_processor(
        lambda: {
            "last_list": last_list,
            "owner_filters": owner_filters,
            "owners": lambda: find_owners(g.actor),
            "zone_name": str(zone),
            "file_kinds": list(KINDS),
            "file_extensions": EXTENSIONS,
            "seen_at": lambda: format_timestamp(clock.now()),
            "shortcuts": lambda: shortcut_times(clock.now(), zone),
        }
    )
