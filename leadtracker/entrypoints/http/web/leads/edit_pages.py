"""``/dashboard/leads/{id}/edit``: the edit form, and the differences that its conflict page shows."""

from collections.abc import Iterable, Mapping

from attrs import frozen
from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import DuplicateLead, InvalidInput, VersionConflict
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.fields import EDITED_FIELDS, FIELDS_BY_NAME, NAME_FIELDS, LeadField
from leadtracker.domain.model.leads.history import HistoryEntry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.web.leads.lead_detail import FormData, LeadDetailPage, read_form_data
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _

_NAMES = tuple(field.name for field in EDITED_FIELDS)


def add_edit_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add the edit form of a lead."""
    get_lead = container.get_lead()
    update_lead = container.update_lead()
    read_history = container.read_history()

    @blueprint.get("/<lead_id:lead_id>/edit")
    def edit(lead_id: str) -> Response:
        g.actor.require(Permission.LEAD_EDIT)
        lead = get_lead(g.actor, lead_id)
        return _form(lead_id, FormData("edit", texts_of(lead), lead.version))

    @blueprint.post("/<lead_id:lead_id>/edit")
    def save(lead_id: str) -> AnyResponse:
        form_data = read_form_data("edit", *_NAMES)
        lead = get_lead(g.actor, lead_id)
        shown = texts_of(lead)
        changed = {name: text for name, text in form_data.values.items() if text != shown[name]}
        try:
            update_lead(g.actor, lead_id, changed, form_data.expected_versions)
        except InvalidInput as error:
            return _form(lead_id, form_data, field_messages(error), 422)
        except DuplicateLead as error:
            errors = {
                "email" if form_data.values["email"].strip() else "phone": _("This belongs to another lead.")
            }
            return _form(lead_id, form_data, errors, 409, owner=error.lead_id)
        except VersionConflict:
            lead = get_lead(g.actor, lead_id)
            newer_entries = [one for one in read_history(g.actor, lead_id) if one.version > form_data.version]
            return detail_page.conflict(
                lead_id,
                form_data,
                rows=differences(lead, newer_entries, form_data.values),
                texts=texts_of(lead),
            )
        flash(_("The changes were saved.") if changed else _("Nothing has changed."), "success")
        return redirect(url_for("lead_pages.show", lead_id=lead_id), 303)


def _form(
    lead_id: str,
    form_data: FormData,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    owner: str | None = None,
) -> Response:
    return page(
        "leads/edit.html",
        status,
        lead_id=lead_id,
        form_data=form_data,
        errors=errors or {},
        owner=owner,
        name_fields=NAME_FIELDS,
        other_fields=EDITED_FIELDS[len(NAME_FIELDS) :],
    )


@frozen
class Difference:
    """A field whose three texts are not all the same.

    Attributes:
        before: the text that both users saw.
        theirs: the text that the first user stored.
        mine: the text that the second user entered.
    """

    field: LeadField
    before: str
    theirs: str
    mine: str

    @property
    def is_mine(self) -> bool:
        """True if the second user has changed the field."""
        return self.mine != self.before

    @property
    def is_disputed(self) -> bool:
        """True if both users have changed the field to different texts."""
        return self.is_mine and self.theirs not in {self.before, self.mine}

    @property
    def proposed(self) -> str:
        """The text to store: that of the user who changed the field, of the second user if both did."""
        return self.mine if self.is_mine else self.theirs


def texts_of(lead: Lead) -> dict[str, str]:
    """Return the text of each field of a lead as the edit form shows it."""
    return {name: _text(text) for name, text in lead.texts.items()}


def differences(
    lead: Lead, newer_entries: Iterable[HistoryEntry], mine: Mapping[str, str]
) -> list[Difference]:
    """Compare the texts before the conflict, the stored texts and the input of the second user.

    Args:
        lead: the lead as it is stored.
        newer_entries: the history entries since the second user loaded the form, oldest first.
        mine: the input of the second user by field.

    Returns:
        The fields whose three texts are not all the same.
    """
    theirs = texts_of(lead)
    before = theirs | _before(newer_entries)
    found = (
        Difference(field, before[name], theirs[name], mine[name])
        for name, field in FIELDS_BY_NAME.items()
        if name in mine
    )
    return [one for one in found if not one.before == one.theirs == one.mine]


def _before(newer_entries: Iterable[HistoryEntry]) -> dict[str, str]:
    """Return the text of each changed field before its first change."""
    before: dict[str, str] = {}
    for change in (change for entry in newer_entries for change in entry.changes):
        if change.field in FIELDS_BY_NAME:
            before.setdefault(change.field, _text(change.before))
    return before


def _text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n")
