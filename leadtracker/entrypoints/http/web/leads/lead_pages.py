"""``/dashboard/leads/{id}``: the page of a lead, with forms for state, notes, follow-ups and duplicates."""

from collections.abc import Mapping

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import DuplicateLead, InvalidInput
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.domain.use_cases.leads.find_leads import FindLeads
from leadtracker.entrypoints.formats.labels import state_label
from leadtracker.entrypoints.http.web.leads.follow_up_times import read_due
from leadtracker.entrypoints.http.web.leads.lead_detail import LeadDetailPage, read_form_data
from leadtracker.entrypoints.http.web.lists.last_views import BOARD, last_list
from leadtracker.entrypoints.http.web.rendering.undo import offer_undo
from leadtracker.i18n.texts import gettext as _


def add_lead_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add the page of a lead, and its forms for the state and for notes."""
    update_lead = container.update_lead()

    @blueprint.get("/<lead_id:lead_id>")
    def show(lead_id: str) -> Response:
        return detail_page.show(lead_id)

    @blueprint.post("/<lead_id:lead_id>/state")
    def change_state(lead_id: str) -> AnyResponse:
        form_data = read_form_data("state", "state")
        back = request.form.get("back") or "lead"

        def act() -> None:
            changes = update_lead.with_answered(
                g.actor, lead_id, form_data.values, form_data.expected_versions
            )
            offer_undo(*changes[0], back)

        done = _("Moved to %(state)s.", state=state_label(form_data.values["state"]))
        response = detail_page.handle_form(lead_id, form_data, act, done)
        is_from_board = back == "board" and response.status_code == 303  # noqa: PLR2004 - the redirect
        return redirect(last_list(BOARD), 303) if is_from_board else response

    _add_lost_reason(blueprint, container, detail_page)
    _add_notes(blueprint, container, detail_page)


def _add_lost_reason(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    update_lead = container.update_lead()

    @blueprint.post("/<lead_id:lead_id>/lost-reason")
    def give_lost_reason(lead_id: str) -> AnyResponse:
        form_data = read_form_data("lost", "lost_reason")
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: update_lead(g.actor, lead_id, form_data.values, form_data.expected_versions),
            _("The reason was saved."),
        )


def _add_notes(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    add_note = container.add_note()
    correct_note = container.correct_note()

    @blueprint.post("/<lead_id:lead_id>/notes")
    def note(lead_id: str) -> AnyResponse:
        # A note replaces nothing, so it is added even if other users have changed the lead.
        form_data = read_form_data("note", "note")
        return detail_page.handle_form(
            lead_id, form_data, lambda: add_note(g.actor, lead_id, form_data.values), _("The note was added.")
        )

    @blueprint.post("/<lead_id:lead_id>/notes/<int:note_id>")
    def correct(lead_id: str, note_id: int) -> AnyResponse:
        form_data = read_form_data(f"note-{note_id}", "note")
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: correct_note(g.actor, lead_id, note_id, form_data.values),
            _("The note was corrected."),
        )


def add_follow_up_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add the forms that schedule a follow-up and record a completed one."""
    record_follow_up = container.record_follow_up()
    has_mail_server = container.settings().has_mail_server
    clock = container.clock()
    zone = container.settings().timezone

    def next_follow_up(values: Mapping[str, str]) -> Mapping[str, object]:
        due_at = read_due(values["due_at"], values["shortcut"], values["seen_at"], clock.now(), zone)
        if due_at is None:
            raise InvalidInput([field_error("due_at", InvalidValue("required"))])
        return {"due_at": format_timestamp(due_at), "note": values["note"]}

    @blueprint.post("/<lead_id:lead_id>/follow-up")
    def schedule(lead_id: str) -> AnyResponse:
        form_data = read_form_data("schedule", "due_at", "note", "shortcut", "seen_at")
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: record_follow_up(
                g.actor, lead_id, next_follow_up(form_data.values), form_data.expected_versions
            ),
            _("The follow-up is scheduled."),
        )

    @blueprint.post("/<lead_id:lead_id>/followed-up")
    def follow_up(lead_id: str) -> AnyResponse:
        form_data = read_form_data("done", "note", "message")
        is_mail = form_data.values["message"].strip()
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: record_follow_up(g.actor, lead_id, form_data.values, form_data.expected_versions),
            _("The follow-up was recorded.") if not is_mail else _sent(has_mail_server=has_mail_server),
        )


def _sent(*, has_mail_server: bool) -> str:
    if has_mail_server:
        return _("The message is on its way.")
    return _("The message is written to a file, because no mail server is configured.")


def add_duplicate_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add the forms that link a lead to its primary lead, and unlink it."""
    find_leads = container.find_leads()
    update_lead = container.update_lead()

    @blueprint.post("/<lead_id:lead_id>/link")
    def link(lead_id: str) -> AnyResponse:
        form_data = read_form_data("link", "duplicate_of")

        def act() -> None:
            primary = _primary(g.actor, form_data.values["duplicate_of"], find_leads)
            update_lead(g.actor, lead_id, {"duplicate_of": primary}, form_data.expected_versions)

        return detail_page.handle_form(lead_id, form_data, act, _("The lead is a duplicate now."))

    @blueprint.post("/<lead_id:lead_id>/unlink")
    def unlink(lead_id: str) -> AnyResponse:
        form_data = read_form_data("unlink")

        def act() -> None:
            try:
                update_lead(g.actor, lead_id, {"duplicate_of": None}, form_data.expected_versions)
            except DuplicateLead:
                raise InvalidInput([field_error("duplicate_of", InvalidValue("same-address"))]) from None

        return detail_page.handle_form(lead_id, form_data, act, _("The lead is no longer a duplicate."))


def _primary(actor: Actor, text: str, find_leads: FindLeads) -> str:
    """Return the id of the lead that a user names by its e-mail address, the URL of its page, or its id.

    Raises:
        InvalidInput: the text is empty, or no lead has the e-mail address.
    """
    reference = text.strip()
    if not reference:
        raise InvalidInput([field_error("duplicate_of", InvalidValue("required"))])
    if "@" not in reference:
        return reference.rstrip("/").rpartition("/")[2]
    try:
        key = EmailAddress.parse(reference).key
    except ValueError:
        raise InvalidInput([field_error("duplicate_of", InvalidValue("unknown-reference"))]) from None
    found = find_leads(actor, LeadFilter(email_key=key), limit=1, after=None).items
    if not found:
        raise InvalidInput([field_error("duplicate_of", InvalidValue("unknown-reference"))])
    return found[0].id
