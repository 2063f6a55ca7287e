"""Carrying out what a form about a lead asks for, and saying so; what is refused keeps what was typed."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from attrs import field, frozen
from flask import Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import InvalidInput, VersionConflict
from leadtracker.domain.model.leads.fields import DETAIL_FIELDS
from leadtracker.domain.model.leads.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.lifecycle import ALLOWED_TRANSITIONS
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.use_cases.leads.find_leads import FindLeads, GetLead
from leadtracker.domain.use_cases.leads.read_history import ReadHistory
from leadtracker.entrypoints.http.requests.conditional_requests import form_version
from leadtracker.entrypoints.http.web.leads.history_view import history_view, planned_note
from leadtracker.entrypoints.http.web.rendering.page import page

_DUPLICATES_SHOWN = 20


@frozen
class FormData:
    """What a form of a lead's page holds.

    Attributes:
        name: which form it is; a template ``leads/forms/….html`` shows it.
        values: what was typed, by field.
        version: that of the lead which the form's page showed.
    """

    name: str
    values: Mapping[str, str] = field(factory=dict)
    version: int = 0

    @classmethod
    def read(cls, name: str, given: Mapping[str, object], *fields: str) -> "FormData":
        """Read the fields of a form that was sent; browsers send line breaks as two characters."""
        texts = {one: str(given.get(one) or "").replace("\r\n", "\n") for one in fields}
        return cls(name, texts, form_version(str(given.get("version") or "")))

    @property
    def expected_versions(self) -> Collection[int]:
        """The versions of the lead that may be changed."""
        return {self.version}


EMPTY_FORM = FormData("")


@frozen
class LeadDetailPage:
    """Shows a lead, and does to it what its forms ask for."""

    _clock: Clock
    _get_lead: GetLead
    _find_leads: FindLeads
    _read_history: ReadHistory

    def show(
        self,
        lead_id: str,
        form_data: FormData = EMPTY_FORM,
        errors: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        """The page of a lead, with what was typed into one of its forms and what is wrong with it."""
        lead = self._get_lead(g.actor, lead_id)
        history = self._read_history(g.actor, lead_id)
        duplicates = self._find_leads(
            g.actor,
            LeadFilter(duplicate_of=lead_id, duplicates=Duplicates.ONLY),
            limit=_DUPLICATES_SHOWN,
            after=None,
            sort=Sort.CREATED_AT,
        )
        return page(
            "leads/lead.html",
            status,
            lead=lead,
            detail_fields=DETAIL_FIELDS,
            primary=lead.duplicate_of and self._get_lead(g.actor, lead.duplicate_of),
            duplicates=duplicates,
            events=history_view(history),
            planned_note=planned_note(history) if lead.follow_up_at else None,
            transitions=ALLOWED_TRANSITIONS[lead.state],
            now=self._clock.now(),
            form_data=form_data,
            errors=errors or {},
        )

    def handle_form(
        self, lead_id: str, form_data: FormData, act: Callable[[], object], done: str
    ) -> AnyResponse:
        """Do what a form asks for, and go back to the lead's page, which says ``done``."""
        try:
            act()
        except InvalidInput as error:
            errors = {one.field: one.message for one in error.errors}
            return self.show(lead_id, form_data, errors, 422)
        except VersionConflict:
            return self.conflict(lead_id, form_data)
        flash(done, "success")
        return redirect(url_for("lead_pages.show", lead_id=lead_id), 303)

    def conflict(self, lead_id: str, form_data: FormData, **more: Any) -> Response:
        """The page that tells what others did meanwhile, and offers to do it all the same."""
        lead = self._get_lead(g.actor, lead_id)
        newer_entries = [
            one for one in self._read_history(g.actor, lead_id) if one.version > form_data.version
        ]
        return page(
            "leads/conflict.html",
            409,
            lead=lead,
            events=history_view(newer_entries),
            transitions=ALLOWED_TRANSITIONS[lead.state],
            form_data=form_data,
            errors={},
            **more,
        )


def read_form_data(name: str, *fields: str) -> FormData:
    """What was typed into the form that is being sent."""
    return FormData.read(name, request.form, *fields)
