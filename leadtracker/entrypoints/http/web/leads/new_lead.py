"""``/dashboard/leads/new``: the form for leads that came by phone or in person."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from attrs import frozen
from flask import Blueprint, Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import DuplicateLead, FieldError, IdempotencyKeyReused, InvalidInput
from leadtracker.domain.model.accounts.access import Permission, Role
from leadtracker.domain.model.leads.fields import EDITED_FIELDS, FIELDS_BY_NAME
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.timestamps import format_timestamp, parse_local
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.use_cases.intake.enter_lead import EnterLead, Entry, SuggestSources
from leadtracker.domain.use_cases.intake.issue_form_token import IssueFormToken
from leadtracker.domain.use_cases.intake.known_leads import FindKnownLeads
from leadtracker.domain.use_cases.ownership.check_owner import owner_of
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.requests.lead_params import OWNER_NONE
from leadtracker.entrypoints.http.web.leads.follow_up_times import read_due
from leadtracker.entrypoints.http.web.rendering.owners import chosen_owner
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _

_FIELD_NAMES = tuple(field.name for field in EDITED_FIELDS if field.is_submitted)
_INPUTS = (
    *_FIELD_NAMES,
    "owner",
    "created_at",
    "due_at",
    "shortcut",
    "seen_at",
    "sends_mail",
    "keeps_known",
    "form_key",
)


@frozen
class NewLeadPage:
    """The form of a new lead: renders it, and stores what it sends."""

    _clock: Clock
    _zone: tzinfo
    _enter_lead: EnterLead
    _find_known_leads: FindKnownLeads
    _suggest_sources: SuggestSources
    _issue_form_token: IssueFormToken

    def show(
        self,
        values: Mapping[str, str],
        errors: Mapping[str, str] | None = None,
        status: int = 200,
        notice: str = "",
    ) -> Response:
        """Render the form with its input.

        Args:
            values: the input by field.
            errors: the message about each invalid field.
            status: the HTTP status.
            notice: a sentence about the whole form.
        """
        g.actor.require(Permission.LEAD_CREATE)
        return page(
            "leads/new.html",
            status,
            fields=FIELDS_BY_NAME,
            values=values,
            errors=errors or {},
            notice=notice,
            known=self.known(values),
            sources=self._suggest_sources(g.actor),
            chosen=values["owner"] or _default_owner(),
            form_key=values.get("form_key") or self._issue_form_token().id,
        )

    def known(self, values: Mapping[str, str]) -> list[Lead]:
        """Return the leads with the address or the number of the form."""
        return self._find_known_leads(g.actor, values.get("email", ""), values.get("phone", ""))

    def enter(self, values: Mapping[str, str]) -> AnyResponse:
        """Store the lead and open its page, or show the form again with its errors."""
        raw = {name: values[name] for name in _FIELD_NAMES}
        errors: list[FieldError] = []
        due_at = self._due_at(values, errors)
        raw |= self._created_at(values["created_at"], errors)
        entry = Entry(
            due_at=due_at,
            owner=chosen_owner(values["owner"]),
            sends_mail=bool(values["sends_mail"]),
            keeps_known=bool(values["keeps_known"]),
        )
        key = f"new-lead {values['form_key']}"
        try:
            lead = self._enter_lead(g.actor, raw, entry, key, errors)
        except InvalidInput as error:
            return self.show(values, field_messages(error), 422)
        except DuplicateLead:
            notice = _("Nothing was saved: this person is known. Open the existing lead, or keep both.")
            return self.show(values, status=409, notice=notice)
        except IdempotencyKeyReused:
            notice = _("This form was saved before. To add another lead, save it again.")
            return self.show({**values, "form_key": ""}, status=409, notice=notice)
        flash(_("The lead was added."), "success")
        return redirect(url_for("lead_pages.show", lead_id=lead.id), 303)

    def _due_at(self, values: Mapping[str, str], errors: list[FieldError]) -> datetime | None:
        text = values["due_at"]
        shortcut = "" if text.strip() else values["shortcut"]
        try:
            return read_due(text, shortcut, values["seen_at"], self._clock.now(), self._zone)
        except InvalidInput as error:
            errors.extend(error.errors)
            return None

    def _created_at(self, text: str, errors: list[FieldError]) -> Mapping[str, str]:
        if not text.strip():
            return {}
        try:
            return {"created_at": format_timestamp(parse_local(text.strip(), self._zone))}
        except ValueError as error:
            errors.append(field_error("created_at", error))
            return {}


def add_new_lead_pages(blueprint: Blueprint, container: Container) -> None:
    """Add the form of a new lead, and the part of it that shows known persons while a user types."""
    new_lead_page = NewLeadPage(
        clock=container.clock(),
        zone=container.settings().timezone,
        enter_lead=container.enter_lead(),
        find_known_leads=container.find_known_leads(),
        suggest_sources=container.suggest_sources(),
        issue_form_token=container.issue_form_token(),
    )

    @blueprint.get("/new")
    def new() -> Response:
        return new_lead_page.show(_inputs(request.args))

    @blueprint.post("/new")
    def enter() -> AnyResponse:
        return new_lead_page.enter(_inputs(request.form))

    @blueprint.get("/new/known")
    def known() -> Response:
        g.actor.require(Permission.LEAD_CREATE)
        values = _inputs(request.args)
        return page("leads/known.html", known=new_lead_page.known(values), values=values)


def _default_owner() -> str:
    """Return the owner whom the form proposes: an agent keeps the leads that come to them by phone."""
    return owner_of(g.actor) if g.actor.role is Role.AGENT else OWNER_NONE


def _inputs(given: Mapping[str, str]) -> dict[str, str]:
    """Return every input of the form; line breaks, which browsers send as CR LF, become LF."""
    return {name: given.get(name, "").replace("\r\n", "\n") for name in _INPUTS}
