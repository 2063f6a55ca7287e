"""Undo of state changes: the page after a change offers a button that moves the leads back."""

from collections.abc import Iterable, Iterator

from attrs import frozen
from flask import flash

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.entrypoints.http.requests.conditional_requests import form_version

UNDO, UNDO_MANY = "undo", "undo-many"
"""The categories of the flashed texts that ``dashboard_base.html`` shows as a button."""

LOST = "-lost"
"""Ends the category of moves to Lost, for which the page also asks for the reason."""

MAX_FLASHED = 50
"""The number of changes that fit into the session cookie; the page of the result offers to undo more."""

_SEPARATOR = ","


@frozen
class PreviousState:
    """The value of the button for one lead: the state before a change, and the version after it.

    The version keeps the button from undoing the change of another user.
    """

    lead_id: str
    version: int
    state: str

    def __str__(self) -> str:
        return f"{self.lead_id} {self.version} {self.state}"

    @classmethod
    def parse(cls, text: str) -> "PreviousState":
        """Read what ``str`` returned; a text that a user has made up becomes an unknown lead or state."""
        lead_id, version, state = [*text.split(" "), "", "", ""][:3]
        return cls(lead_id, form_version(version), state)


def previous_states(changes: Iterable[tuple[Lead | None, Lead]]) -> Iterator[PreviousState]:
    """Yield what undoes each change of a state, given the lead before and after it.

    Every transition has one that undoes it.
    """
    for before, after in changes:
        if before is not None and before.state is not after.state:
            yield PreviousState(after.id, after.version, LeadState(before.state).value)


def offer_undo(before: Lead, after: Lead, back: str = "lead") -> None:
    """Offer to move a lead back to the state before a change.

    Args:
        before: the lead before the change.
        after: the lead after the change.
        back: the page to return to, ``lead`` or ``board``.
    """
    # The page of a lead asks for the reason beside the state.
    is_asked = after.state is LeadState.LOST and back != "lead"
    for one in previous_states([(before, after)]):
        flash(f"{one} {back}", UNDO + LOST if is_asked else UNDO)


def offer_undo_of_many(changes: Iterable[PreviousState], *, are_lost: bool = False) -> None:
    """Offer to undo at most ``MAX_FLASHED`` changes with one button, which returns to the list.

    Args:
        changes: the changes.
        are_lost: true if they were moves to Lost.
    """
    flashed = _SEPARATOR.join(map(str, changes))
    if flashed:
        flash(flashed, UNDO_MANY + LOST if are_lost else UNDO_MANY)
