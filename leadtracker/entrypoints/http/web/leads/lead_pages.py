"""``/dashboard/leads/{id}``: everything about one lead, and what the staff do with it day by day."""

from collections.abc import Mapping
from datetime import tzinfo

from flask import Blueprint, Response, g
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.timestamps import format_timestamp, parse_local
from leadtracker.entrypoints.formats.labels import state_label
from leadtracker.entrypoints.http.web.leads.lead_detail import LeadDetailPage, read_form_data


def add_lead_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add the page of a lead, its states and its notes."""
    update_lead = container.update_lead()
    add_note = container.add_note()

    @blueprint.get("/<lead_id:lead_id>")
    def show(lead_id: str) -> Response:
        return detail_page.show(lead_id)

    @blueprint.post("/<lead_id:lead_id>/state")
    def change_state(lead_id: str) -> AnyResponse:
        form_data = read_form_data("state", "state")
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: update_lead(g.actor, lead_id, form_data.values, form_data.expected_versions),
            f"Moved to {state_label(form_data.values['state'])}.",
        )

    @blueprint.post("/<lead_id:lead_id>/notes")
    def note(lead_id: str) -> AnyResponse:
        # A note replaces nothing, so it is welcome whatever others did meanwhile.
        form_data = read_form_data("note", "note")
        return detail_page.handle_form(
            lead_id, form_data, lambda: add_note(g.actor, lead_id, form_data.values), "The note was added."
        )


def add_follow_up_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add planning a lead's next follow-up, and recording one."""
    record_follow_up = container.record_follow_up()
    zone = container.settings().timezone

    @blueprint.post("/<lead_id:lead_id>/follow-up")
    def plan(lead_id: str) -> AnyResponse:
        form_data = read_form_data("plan", "due_at", "note")
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: record_follow_up(
                g.actor, lead_id, _planned(form_data.values, zone), form_data.expected_versions
            ),
            "The follow-up is planned.",
        )

    @blueprint.post("/<lead_id:lead_id>/followed-up")
    def follow_up(lead_id: str) -> AnyResponse:
        form_data = read_form_data("done", "note", "message")
        is_mail = form_data.values["message"].strip()
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: record_follow_up(g.actor, lead_id, form_data.values, form_data.expected_versions),
            "The message is on its way." if is_mail else "The follow-up was recorded.",
        )


def _planned(values: Mapping[str, str], zone: tzinfo) -> Mapping[str, object]:
    """What the form that plans a follow-up asks for; people type times of the business's zone.

    Raises:
        InvalidInput: there is no such time.
    """
    text = values["due_at"].strip()
    if not text:
        raise InvalidInput.of("due_at", "is required")
    try:
        due_at = parse_local(text, zone)
    except ValueError as error:
        raise InvalidInput.of("due_at", str(error)) from None
    return {"due_at": format_timestamp(due_at), "note": values["note"]}
