"""How far the staff are with a lead, and how it may go on from there."""

from enum import StrEnum
from types import MappingProxyType

from leadtracker.domain.errors import IllegalTransition


class LeadState(StrEnum):
    """How far the staff are with a lead."""

    PENDING = "PENDING"
    REACHED_OUT = "REACHED_OUT"
    CONVERTED = "CONVERTED"
    LOST = "LOST"

    @property
    def label(self) -> str:
        """The text by which pages and e-mails show the state."""
        return _LABELS[self]

    @classmethod
    def parse(cls, text: str) -> "LeadState":
        """Read a state by its exact name.

        Raises:
            ValueError: with a message for the person who wrote it.
        """
        if text not in cls.__members__:
            message = f"must be one of {', '.join(cls)}"
            raise ValueError(message)
        return cls(text)


_LABELS = MappingProxyType(
    {
        LeadState.PENDING: "New",
        LeadState.REACHED_OUT: "Contacted",
        LeadState.CONVERTED: "Converted",
        LeadState.LOST: "Lost",
    }
)

# The way back from each state is there so that a slip of the mouse can be undone.
ALLOWED_TRANSITIONS = MappingProxyType(
    {
        LeadState.PENDING: (LeadState.REACHED_OUT, LeadState.LOST),
        LeadState.REACHED_OUT: (LeadState.CONVERTED, LeadState.LOST, LeadState.PENDING),
        LeadState.CONVERTED: (LeadState.REACHED_OUT,),
        LeadState.LOST: (LeadState.PENDING, LeadState.REACHED_OUT),
    }
)
"""From each state the states that can follow it; the only place that knows."""


def check_transition(state: LeadState, target: LeadState) -> None:
    """Let a lead move to a state that can follow.

    Raises:
        IllegalTransition: with the states that can follow.
    """
    if target not in ALLOWED_TRANSITIONS[state]:
        raise IllegalTransition(state, target, ALLOWED_TRANSITIONS[state])
