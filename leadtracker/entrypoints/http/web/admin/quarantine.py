"""``/dashboard/quarantine``: submissions that wait for a decision; release or discard them."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.intake.quarantined_lead import MAX_QUARANTINE_AGE, QuarantineReason
from leadtracker.domain.model.intake.rejected_submission import QuarantineEntry, RejectedSubmission
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, SUBMITTED_FIELDS
from leadtracker.domain.model.values.paging import Page
from leadtracker.domain.use_cases.intake.manage_quarantine import ManageQuarantine
from leadtracker.entrypoints.formats.field_messages import field_message
from leadtracker.entrypoints.formats.labels import field_label
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.cursors import write_cursor
from leadtracker.entrypoints.http.requests.list_params import QUARANTINE, QuarantineListParams
from leadtracker.entrypoints.http.web.lists.page_params import read_page_params
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page, redirect_with_message
from leadtracker.i18n.texts import gettext as _


def quarantine_blueprint(login_sessions: LoginSessions, manage_quarantine: ManageQuarantine) -> Blueprint:
    """Create the routes of the quarantine pages."""
    blueprint = dashboard_blueprint("quarantine_pages", login_sessions, "/quarantine")

    @blueprint.get("")
    def listing() -> Response:
        params, errors = read_page_params(QuarantineListParams, request.args)
        if params is None:
            g.actor.require(Permission.QUARANTINE_MANAGE)
            return _list_page(Page[QuarantineEntry]((), None), None, errors)
        found = manage_quarantine.page(g.actor, limit=params.limit, after=params.after, reason=params.reason)
        return _list_page(found, params.reason)

    @blueprint.get("/<name:quarantined_lead_id>")
    def correct(quarantined_lead_id: str) -> Response:
        rejected = manage_quarantine.get_rejected(g.actor, quarantined_lead_id)
        return _form(rejected, _texts_of(rejected), _phrases(rejected.errors))

    @blueprint.post("/<name:quarantined_lead_id>/release")
    def release(quarantined_lead_id: str) -> AnyResponse:
        corrected = {
            field.name: request.form[field.name] for field in SUBMITTED_FIELDS if field.name in request.form
        }
        try:
            lead = manage_quarantine.release(g.actor, quarantined_lead_id, corrected)
        except InvalidInput as error:
            rejected = manage_quarantine.get_rejected(g.actor, quarantined_lead_id)
            values = _texts_of(rejected) | corrected
            return _form(rejected, values, _phrases(error.errors), 422)
        return redirect_with_message(
            "quarantine_pages.listing", _("%(name)s is a lead now.", name=lead.full_name)
        )

    @blueprint.post("/<name:quarantined_lead_id>/discard")
    def discard(quarantined_lead_id: str) -> AnyResponse:
        manage_quarantine.delete(g.actor, quarantined_lead_id)
        return redirect_with_message("quarantine_pages.listing", _("The message was discarded."))

    return blueprint


def _list_page(
    found: Page[QuarantineEntry], reason: QuarantineReason | None, errors: Mapping[str, str] | None = None
) -> Response:
    cursor = found.next
    return page(
        "admin/quarantine.html",
        422 if errors else 200,
        errors=errors,
        entries=found.items,
        older=cursor and write_cursor(QUARANTINE, cursor.at, cursor.id),
        reason=reason,
        days=MAX_QUARANTINE_AGE.days,
    )


def _texts_of(rejected: RejectedSubmission) -> dict[str, str]:
    """Return the text of each lead field of a rejected submission."""
    given = {field.name: rejected.fields.get(field.name, "") for field in SUBMITTED_FIELDS}
    return {name: value if isinstance(value, str) else ", ".join(value) for name, value in given.items()}


def _phrases(errors: Sequence[FieldError]) -> dict[str, str]:
    """Return the sentence about the first error of each field."""
    return {one.field: field_message(one) for one in reversed(errors)}


def _form(
    rejected: RejectedSubmission, values: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Response:
    others = {name: value for name, value in rejected.fields.items() if name not in FIELDS_BY_NAME}
    return page(
        "admin/rejected.html",
        status,
        rejected=rejected,
        fields=[field for field in SUBMITTED_FIELDS if values.get(field.name) or not field.is_touch],
        values=values,
        errors=errors,
        others=others,
        other_errors=[
            f"{field_label(name)}: {text}" for name, text in errors.items() if name not in FIELDS_BY_NAME
        ],
    )
