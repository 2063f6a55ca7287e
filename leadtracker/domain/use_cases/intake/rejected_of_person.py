"""Find the rejected submissions of a person."""

from collections.abc import Iterable

from leadtracker.domain.model.intake.rejected_submission import MAX_REJECTED, RejectedSubmission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.unit_of_work import UnitOfWork


def rejected_of_person(tx: UnitOfWork, leads: Iterable[Lead]) -> list[RejectedSubmission]:
    """Return the rejected submissions that hold an e-mail address or phone number of the leads.

    Their inputs are as they came, so every one of them is read; there are at most ``MAX_REJECTED``.
    """
    persons = list(leads)
    addresses = {text.lower() for lead in persons if (text := lead.texts["email"])}
    addresses |= {lead.email.key for lead in persons if lead.email}
    phones = {lead.phone for lead in persons if lead.phone}
    rejected = tx.rejected_submissions.page(limit=MAX_REJECTED)
    return [one for one in rejected if one.concerns(addresses, phones)]
