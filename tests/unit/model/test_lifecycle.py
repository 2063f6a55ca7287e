"""The lifecycle: every pair of states in one table."""

import pytest

from leadtracker.domain.errors import IllegalTransition
from leadtracker.domain.model.leads.lifecycle import ALLOWED_TRANSITIONS, LeadState, check_transition
from tests.support.builders import make_lead
from tests.support.clock import DAY, NOW

TABLE = """
                 PENDING  REACHED_OUT  CONVERTED  LOST
    PENDING         =          x           -        x
    REACHED_OUT     x          =           x        x
    CONVERTED       -          x           =        -
    LOST            x          x           -        =
"""
HEADER, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
PAIRS = [
    (LeadState(state), LeadState(wanted), mark)
    for state, *marks in ROWS
    for wanted, mark in zip(HEADER, marks, strict=True)
]


@pytest.mark.parametrize(("state", "wanted", "mark"), PAIRS)
def test_a_lead_moves_as_the_table_says(state: LeadState, wanted: LeadState, mark: str) -> None:
    lead = make_lead(state=state)
    if mark == "-":
        with pytest.raises(IllegalTransition) as refusal:
            lead.with_state(wanted, NOW)
        assert refusal.value.allowed == ALLOWED_TRANSITIONS[state]
    else:
        assert lead.with_state(wanted, NOW).state is wanted
        assert (lead.with_state(wanted, NOW) == lead) is (mark == "=")


def test_a_refusal_tells_where_the_lead_can_go() -> None:
    with pytest.raises(IllegalTransition, match=r"from PENDING to CONVERTED, only to REACHED_OUT or LOST"):
        check_transition(LeadState.PENDING, LeadState.CONVERTED)


def test_every_state_can_be_left_and_reached() -> None:
    assert set(ALLOWED_TRANSITIONS) == set(LeadState)
    assert {wanted for transitions in ALLOWED_TRANSITIONS.values() for wanted in transitions} == set(
        LeadState
    )


def test_the_first_contact_is_kept_whatever_happens_afterwards() -> None:
    lead = make_lead().with_state(LeadState.REACHED_OUT, NOW)
    again = lead.with_state(LeadState.PENDING, NOW + DAY).with_state(LeadState.REACHED_OUT, NOW + 2 * DAY)
    assert lead.contacted_at == again.contacted_at == NOW


def test_a_lead_that_is_lost_at_once_was_never_contacted() -> None:
    assert make_lead().with_state(LeadState.LOST, NOW).contacted_at is None
