"""Capture a lead that somebody sends."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen

from leadtracker.domain.model.access import Actor, Permission
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.lead_draft import LeadDraft
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.phone_parser import PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


class PublicDuplicates(StrEnum):
    """What the public gets for an e-mail address that is known already."""

    LINK = "link"
    REJECT = "reject"


@frozen
class CaptureLead:
    """Store what a prospect or a client sends; whoever gets an answer can rely on it being kept.

    The public is not told whether an address was known (unless the owner chose ``reject``); its lead is
    kept beside the first one. Signed-in callers get a clear refusal instead.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _phones: PhoneParser
    _public_duplicates: PublicDuplicates

    def __call__(self, actor: Actor, raw: Mapping[str, object]) -> Lead:
        """Capture a lead from raw fields.

        Raises:
            PermissionDenied: a signed-in actor may not create leads.
            InvalidInput: naming every bad field.
            DuplicateLead: the address is known, and this actor is told so.
        """
        if not actor.is_public:
            actor.require(Permission.LEAD_CREATE)
        draft = LeadDraft.read(raw, self._phones.to_e164)
        now = self._clock.now()
        lead = draft.to_lead(self._ids.lead_id(now), now)
        links = actor.is_public and self._public_duplicates is PublicDuplicates.LINK
        with self._unit_of_work() as tx:
            if links:
                lead = tx.leads.add_or_link(lead)
            else:
                tx.leads.add(lead)
            tx.commit()
        return lead.as_seen_by_sender() if links else lead
