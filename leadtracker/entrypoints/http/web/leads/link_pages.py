"""``/dashboard/leads/{id}/link`` and ``/unlink``: whose duplicate a lead is."""

from flask import Blueprint, g
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import DuplicateLead, InvalidInput
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.leads.lead_query import LeadFilter
from leadtracker.domain.use_cases.leads.find_leads import FindLeads
from leadtracker.entrypoints.http.web.leads.lead_detail import LeadDetailPage, read_form_data

_NOBODY = "is neither the e-mail address of a lead nor the address of its page"
_SAME_ADDRESS = "has the e-mail address of another lead; to stand by itself it needs an address of its own"


def add_link_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add linking a lead as the duplicate of another, and undoing that."""
    find_leads = container.find_leads()
    update_lead = container.update_lead()

    @blueprint.post("/<lead_id:lead_id>/link")
    def link(lead_id: str) -> AnyResponse:
        form_data = read_form_data("link", "duplicate_of")

        def act() -> None:
            primary = _primary(g.actor, form_data.values["duplicate_of"], find_leads)
            update_lead(g.actor, lead_id, {"duplicate_of": primary}, form_data.expected_versions)

        return detail_page.handle_form(lead_id, form_data, act, "The lead is a duplicate now.")

    @blueprint.post("/<lead_id:lead_id>/unlink")
    def unlink(lead_id: str) -> AnyResponse:
        form_data = read_form_data("unlink")

        def act() -> None:
            try:
                update_lead(g.actor, lead_id, {"duplicate_of": None}, form_data.expected_versions)
            except DuplicateLead:
                raise InvalidInput.of("duplicate_of", _SAME_ADDRESS) from None

        return detail_page.handle_form(lead_id, form_data, act, "The lead stands by itself now.")


def _primary(actor: Actor, text: str, find_leads: FindLeads) -> str:
    """The id of the lead that somebody means by its e-mail address, the address of its page, or its id.

    Raises:
        InvalidInput: they mean none.
    """
    reference = text.strip()
    if not reference:
        raise InvalidInput.of("duplicate_of", "is required")
    if "@" not in reference:
        return reference.rstrip("/").rpartition("/")[2]
    try:
        key = EmailAddress.parse(reference).key
    except ValueError:
        raise InvalidInput.of("duplicate_of", _NOBODY) from None
    found = find_leads(actor, LeadFilter(email_key=key), limit=1, after=None).leads
    if not found:
        raise InvalidInput.of("duplicate_of", _NOBODY)
    return found[0].id
