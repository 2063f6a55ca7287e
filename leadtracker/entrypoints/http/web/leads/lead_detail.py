"""The lead page and its forms: run the action, then redirect with a message or show the input again."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from attrs import field, frozen
from flask import Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import InvalidInput, VersionConflict
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.fields import DETAIL_FIELDS, FIELDS_BY_NAME, LeadField, Touch
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import ALLOWED_TRANSITIONS
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.values.paging import Page
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.use_cases.leads.find_leads import FindLeads, GetLead
from leadtracker.domain.use_cases.leads.read_consent import ReadConsent
from leadtracker.domain.use_cases.leads.read_history import ReadHistory
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.requests.conditional_requests import form_version
from leadtracker.entrypoints.http.web.leads.history_view import history_view, scheduled_note
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _

_DUPLICATES_SHOWN = 20


@frozen
class FormData:
    """The submitted values of a form on a lead's page.

    Attributes:
        name: the name of the form, which the template ``leads/forms/{name}.html`` renders.
        values: the input by field.
        version: the version of the lead that the form's page showed.
    """

    name: str
    values: Mapping[str, str] = field(factory=dict)
    version: int = 0

    @classmethod
    def read(cls, name: str, given: Mapping[str, object], *fields: str) -> "FormData":
        """Read the fields of a submitted form; line breaks, which browsers send as CR LF, become LF."""
        texts = {one: str(given.get(one) or "").replace("\r\n", "\n") for one in fields}
        return cls(name, texts, form_version(str(given.get("version") or "")))

    @property
    def expected_versions(self) -> Collection[int]:
        """The versions of the lead that the action may change."""
        return {self.version}


EMPTY_FORM = FormData("")


@frozen
class LeadDetailPage:
    """The page of a lead: renders it, and runs the actions of its forms."""

    _clock: Clock
    _get_lead: GetLead
    _find_leads: FindLeads
    _read_history: ReadHistory
    _read_consent: ReadConsent

    def show(
        self,
        lead_id: str,
        form_data: FormData = EMPTY_FORM,
        errors: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        """Render the page of a lead.

        Args:
            lead_id: the lead's id.
            form_data: the input of a rejected form, to be shown again.
            errors: the messages of that form's field errors by field.
            status: the HTTP status.
        """
        lead = self._get_lead(g.actor, lead_id)
        history = self._read_history(g.actor, lead_id)
        return page(
            "leads/lead.html",
            status,
            lead=lead,
            detail_fields=[field for field in DETAIL_FIELDS if not field.is_touch],
            touches=self._touches(lead),
            primary=lead.duplicate_of and self._get_lead(g.actor, lead.duplicate_of),
            duplicates=self._duplicates(lead_id),
            events=history_view(history, g.actor.name if g.actor.may(Permission.LEAD_EDIT) else None),
            consent=self._read_consent(g.actor, lead_id),
            scheduled_note=scheduled_note(history) if lead.follow_up_at else None,
            transitions=ALLOWED_TRANSITIONS[lead.state],
            address=url_for("lead_pages.show", lead_id=lead_id),
            now=self._clock.now(),
            form_data=form_data,
            errors=errors or {},
        )

    def _touches(self, lead: Lead) -> list[tuple[str, list[tuple[LeadField, str]]]]:
        """Return the touches of an enquiry or a person with their titles, without empty ones."""
        if lead.duplicate_of:
            touches = [(_("Touch"), _texts(lead.touch))]
        else:
            touches = [
                (_("First touch"), _texts(lead.touch)),
                (_("Last touch"), _texts(lead.last_touch or {})),
            ]
        return [(title, texts) for title, texts in touches if texts]

    def _duplicates(self, lead_id: str) -> Page[Lead]:
        lead_filter = LeadFilter(duplicate_of=lead_id, duplicates=Duplicates.ONLY)
        limit = _DUPLICATES_SHOWN
        return self._find_leads(g.actor, lead_filter, limit=limit, after=None, sort=Sort.CREATED_AT)

    def handle_form(
        self, lead_id: str, form_data: FormData, act: Callable[[], object], done: str
    ) -> AnyResponse:
        """Run the action of a form and redirect to the lead's page.

        Args:
            lead_id: the lead's id.
            form_data: the submitted form.
            act: runs the action.
            done: the message that the page shows after success, a whole sentence.

        Returns:
            The redirect; the lead's page with field errors; or the conflict page if another user has
            changed the lead since the form was loaded.
        """
        try:
            act()
        except InvalidInput as error:
            return self.show(lead_id, form_data, field_messages(error), 422)
        except VersionConflict:
            return self.conflict(lead_id, form_data)
        flash(done, "success")
        return redirect(url_for("lead_pages.show", lead_id=lead_id), 303)

    def conflict(self, lead_id: str, form_data: FormData, **more: Any) -> Response:
        """Render the page that shows what other users have changed since, and offers the form again."""
        lead = self._get_lead(g.actor, lead_id)
        newer_entries = [
            one for one in self._read_history(g.actor, lead_id) if one.version > form_data.version
        ]
        return page(
            "leads/conflict.html",
            409,
            lead=lead,
            events=history_view(newer_entries),
            address=url_for("lead_pages.show", lead_id=lead_id),
            transitions=ALLOWED_TRANSITIONS[lead.state],
            form_data=form_data,
            errors={},
            **more,
        )


def _texts(touch: Touch) -> list[tuple[LeadField, str]]:
    return [(FIELDS_BY_NAME[name], text) for name, text in touch.items() if text]


def read_form_data(name: str, *fields: str) -> FormData:
    """Read the fields of the form in the current request."""
    return FormData.read(name, request.form, *fields)
