"""Port: what a list of leads in the order of a text is made of."""

from collections.abc import Sequence
from typing import Protocol

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.text_order import LeadText, TextSort


class LeadsByText(Protocol):
    """Reads the texts that sort a list, and the leads of one page; the domain sorts."""

    def texts(self, lead_filter: LeadFilter, sort: TextSort, *, limit: int) -> list[LeadText]:
        """Return the text that ``sort`` compares of each lead that matches the filter, in any order.

        If more than ``limit`` leads match, it returns ``limit`` of them.
        """
        ...

    def leads(self, lead_ids: Sequence[str]) -> list[Lead]:
        """Return the leads with these ids, at most ``MAX_PAGE_SIZE``, in that order; without erased ones."""
        ...

    def payload(self, lead_ids: Sequence[str]) -> list[LeadPayload]:
        """Return the payloads of the leads that ``leads`` returns."""
        ...
