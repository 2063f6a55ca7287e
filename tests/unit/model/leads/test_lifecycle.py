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
    (LeadState(state), LeadState(target), mark)
    for state, *marks in ROWS
    for target, mark in zip(HEADER, marks, strict=True)
]


@pytest.mark.parametrize(("state", "target", "mark"), PAIRS)
def test_transitions_match_the_table(state: LeadState, target: LeadState, mark: str) -> None:
    lead = make_lead(state=state)
    if mark == "-":
        with pytest.raises(IllegalTransition) as raised:
            lead.with_state(target, NOW)
        assert raised.value.allowed == ALLOWED_TRANSITIONS[state]
    else:
        assert lead.with_state(target, NOW).state is target
        assert (lead.with_state(target, NOW) == lead) is (mark == "=")


def test_error_lists_the_allowed_transitions() -> None:
    with pytest.raises(IllegalTransition, match=r"from PENDING to CONVERTED, only to REACHED_OUT or LOST"):
        check_transition(LeadState.PENDING, LeadState.CONVERTED)


def test_every_state_is_reachable_and_leavable() -> None:
    assert set(ALLOWED_TRANSITIONS) == set(LeadState)
    assert {target for transitions in ALLOWED_TRANSITIONS.values() for target in transitions} == set(
        LeadState
    )


def test_first_contact_time_is_kept() -> None:
    lead = make_lead().with_state(LeadState.REACHED_OUT, NOW)
    again = lead.with_state(LeadState.PENDING, NOW + DAY).with_state(LeadState.REACHED_OUT, NOW + 2 * DAY)
    assert lead.contacted_at == again.contacted_at == NOW


def test_immediately_lost_lead_has_no_contact() -> None:
    assert make_lead().with_state(LeadState.LOST, NOW).contacted_at is None
