"""Two people edit one lead: what each of them made of it, side by side."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, LeadField
from leadtracker.domain.model.leads.history import HistoryEntry
from leadtracker.domain.model.leads.lead import Lead


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
        """Whether the second of them has changed it."""
        return self.mine != self.before

    @property
    def is_disputed(self) -> bool:
        """Whether both have changed it, in different ways."""
        return self.is_mine and self.theirs not in {self.before, self.mine}

    @property
    def proposed(self) -> str:
        """What to store so that nothing is lost: what one of them changed; of both, what the second typed."""
        return self.mine if self.is_mine else self.theirs


def texts_of(lead: Lead) -> dict[str, str]:
    """The texts of a lead that can be edited, as a form shows them."""
    return {name: _text(text) for name, text in lead.texts.items()}


def differences(
    lead: Lead, newer_entries: Iterable[HistoryEntry], mine: Mapping[str, str]
) -> list[Difference]:
    """Where a stored lead, what it was before ``meanwhile``, and what was typed are not the same."""
    theirs = texts_of(lead)
    before = theirs | _before(newer_entries)
    found = (
        Difference(field, before[name], theirs[name], mine[name]) for name, field in FIELDS_BY_NAME.items()
    )
    return [one for one in found if not one.before == one.theirs == one.mine]


def _before(newer_entries: Iterable[HistoryEntry]) -> dict[str, str]:
    """What each field held before it was changed for the first time."""
    before: dict[str, str] = {}
    for change in (change for entry in newer_entries for change in entry.changes):
        if change.field in FIELDS_BY_NAME:
            before.setdefault(change.field, _text(change.before))
    return before


def _text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n")
