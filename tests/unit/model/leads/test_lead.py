"""Leads, their states, their phone numbers and the pages they come in."""

import pytest
from hypothesis import given

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Sort
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.model.values.phone import normalise_phone
from tests.support.builders import make_lead
from tests.support.clock import NOW
from tests.support.examples.strategies import wild_text
from tests.support.instruments.expected_errors import result_or_error
from tests.support.memory.leads.phone_parser import MemoryPhoneParser


@pytest.mark.parametrize("state", LeadState)
def test_state_is_parsed_by_exact_name(state: LeadState) -> None:
    assert LeadState.parse(state.value) is state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("new", LeadState.PENDING),
        ("Contacted", LeadState.REACHED_OUT),
        ("CONVERTED", LeadState.CONVERTED),
        ("lost", LeadState.LOST),
        ("reached_out", LeadState.REACHED_OUT),
    ],
)
def test_labels_are_understood_in_any_case(text: str, state: LeadState) -> None:
    assert LeadState.parse(text) is state


@pytest.mark.parametrize("text", ["", " PENDING", "OPEN", "LeadState.LOST", "__members__"])
def test_another_name_is_rejected_with_those_that_exist(text: str) -> None:
    with pytest.raises(ValueError, match="one of PENDING, REACHED_OUT, CONVERTED, LOST"):
        LeadState.parse(text)


@pytest.mark.parametrize("state", LeadState)
def test_same_state_is_no_change(state: LeadState) -> None:
    lead = make_lead(state=state)  # as after an import: the time of the contact is unknown
    assert lead.with_state(state, NOW) == lead


@given(wild_text)
def test_a_phone_number_is_recognised_or_kept_or_rejected(text: str) -> None:
    to_e164 = MemoryPhoneParser().to_e164
    outcome = result_or_error(lambda: normalise_phone(text, to_e164), ValueError)
    if isinstance(outcome, ValueError):
        assert "4 to 15 digits" in str(outcome) or "scientific notation" in str(outcome)
    else:
        assert outcome in {text, to_e164(text)}
        assert 4 <= sum(char.isdecimal() for char in outcome) <= 15


@pytest.mark.parametrize("count", range(5))
def test_page_is_cut_and_has_a_cursor(count: int) -> None:
    leads = [make_lead(str(number), created_at=NOW) for number in range(count)]
    page = Page.cut(leads, 3, Sort.LATEST_CREATED.cursor)
    assert list(page.items) == leads[:3]
    assert page.next == (Cursor(NOW, "2") if count > 3 else None)
