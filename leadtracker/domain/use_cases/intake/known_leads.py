"""Find the leads that an e-mail address or a phone number belongs to, for users who enter a lead."""

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_parser import clean_text
from leadtracker.domain.model.values.phone import MAX_PHONE_LENGTH, normalise_phone, phone_key
from leadtracker.domain.ports.system import PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

MAX_KNOWN = 5
"""The maximum number of leads that are found by an address, and by a number."""

_MAX_SEARCHED = 50  # the search also finds numbers that merely begin or end alike


@frozen(kw_only=True)
class FindKnownLeads:
    """Return the leads with an e-mail address or a phone number, while a user types it."""

    _unit_of_work: UnitOfWorkFactory
    _phones: PhoneParser

    def __call__(self, actor: Actor, email: str, phone: str) -> list[Lead]:
        """Return the leads that have this address or this number; text that is neither finds none.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            return find_by_contact(tx, _address(email), self._number(phone))

    def _number(self, text: str) -> str | None:
        try:
            return normalise_phone(clean_text(text, limit=MAX_PHONE_LENGTH), self._phones.to_e164)
        except ValueError:
            return None


def find_by_contact(tx: UnitOfWork, email: EmailAddress | None, phone: str | None) -> list[Lead]:
    """Return the leads that have an address or a number, each once, duplicates among them."""
    found = [*_with_address(tx, email), *_with_number(tx, phone)]
    return list({lead.id: lead for lead in found}.values())


def _with_address(tx: UnitOfWork, email: EmailAddress | None) -> list[Lead]:
    if email is None:
        return []
    with_address = LeadFilter(email_key=email.key, duplicates=Duplicates.INCLUDE)
    return list(tx.leads.page(with_address, limit=MAX_KNOWN).items)


def _with_number(tx: UnitOfWork, phone: str | None) -> list[Lead]:
    if not phone:
        return []
    alike = LeadFilter(search=Search.parse(phone), duplicates=Duplicates.INCLUDE)
    candidates = tx.leads.page(alike, limit=_MAX_SEARCHED).items
    same = (lead for lead in candidates if phone_key(lead.phone or "") == phone_key(phone))
    return list(same)[:MAX_KNOWN]


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text.strip())
    except ValueError:
        return None
