"""The states of a lead, and the allowed transitions between them."""

from enum import StrEnum
from types import MappingProxyType

from leadtracker.domain.errors import IllegalTransition
from leadtracker.domain.model.values.field_errors import InvalidValue


class LeadState(StrEnum):
    """How far work on a lead has come."""

    PENDING = "PENDING"
    """The lead was received; the prospect was not contacted yet."""
    REACHED_OUT = "REACHED_OUT"
    """The prospect was contacted."""
    CONVERTED = "CONVERTED"
    """The prospect has become a client."""
    LOST = "LOST"
    """Nothing came of it."""

    @property
    def label(self) -> str:
        """The text by which pages and e-mails show the state."""
        return _LABELS[self]

    @classmethod
    def parse(cls, text: str) -> "LeadState":
        """Parse a state by its name, or by the word that pages show, in any case.

        Raises:
            ValueError: the text is no state; the message is for its author.
        """
        state = _STATES.get(text.upper())
        if state is None:
            raise InvalidValue("invalid-state", states=", ".join(cls))
        return state


_LABELS = MappingProxyType(
    {
        LeadState.PENDING: "New",
        LeadState.REACHED_OUT: "Contacted",
        LeadState.CONVERTED: "Converted",
        LeadState.LOST: "Lost",
    }
)

_STATES = MappingProxyType(
    {text.upper(): state for state, label in _LABELS.items() for text in (state.value, label)}
)

# Each transition can be undone, in case of a mistake.
ALLOWED_TRANSITIONS = MappingProxyType(
    {
        LeadState.PENDING: (LeadState.REACHED_OUT, LeadState.LOST),
        LeadState.REACHED_OUT: (LeadState.CONVERTED, LeadState.LOST, LeadState.PENDING),
        LeadState.CONVERTED: (LeadState.REACHED_OUT,),
        LeadState.LOST: (LeadState.PENDING, LeadState.REACHED_OUT),
    }
)
"""The states that can follow each state."""


OPEN_STATES = frozenset({LeadState.PENDING, LeadState.REACHED_OUT})
"""The states in which a lead needs more work."""


def check_transition(state: LeadState, target: LeadState) -> None:
    """Check that ``target`` can follow ``state``.

    Raises:
        IllegalTransition: it cannot; the error has the states that can.
    """
    if target not in ALLOWED_TRANSITIONS[state]:
        raise IllegalTransition(state, target, ALLOWED_TRANSITIONS[state])
