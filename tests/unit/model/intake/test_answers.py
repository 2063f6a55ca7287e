"""Answers: within their bounds, and the same whether inputs are read together or one by one."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.inputs.answers import (
    MAX_ANSWER_LENGTH,
    MAX_ANSWERS,
    MAX_ANSWERS_BYTES,
    AnswerCollector,
    PlainNames,
    dump_answers,
    load_answers,
)
from leadtracker.domain.model.leads.inputs.inputs import Inputs
from tests.support.examples.strategies import anything, wild_text


def test_inputs_beyond_the_bounds_are_counted() -> None:
    inputs = Inputs.of({f"q{number}": "x" for number in range(MAX_ANSWERS + 51)})
    assert (len(inputs.answers), inputs.left_out) == (MAX_ANSWERS, 51)
    inputs = Inputs.of({"long": "ä" * 5_000, "n" * 300: "x"})
    assert (len(inputs.answers["long"]), inputs.left_out) == (MAX_ANSWER_LENGTH, 2)
    assert "n" * 100 in inputs.answers
    inputs = Inputs.of({f"q{number}": "x" * 2_000 for number in range(20)})
    assert (len(inputs.answers), inputs.left_out) == (8, 12)


@given(st.dictionaries(wild_text, anything | wild_text, max_size=9))
def test_answers_of_anything_are_within_the_bounds_and_round_trip(raw: dict[str, Any]) -> None:
    answers = Inputs.of(raw).answers
    assert len(answers) <= MAX_ANSWERS
    assert sum(len(f"{name}{answer}".encode()) for name, answer in answers.items()) <= 2 * MAX_ANSWERS_BYTES
    assert load_answers(dump_answers(answers)) == answers
    assert Inputs.of({"answers": json.dumps(answers)}, from_import=True).answers == answers


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["city", " city", "plan", "_note", "password", "é" * 40, "n" * 101, ""]),
            st.sampled_from(["London", " a ", "", "x" * 1_990, "é", "a\x07", "a\nb", 7, None, {"a": 1}]),
        ),
        max_size=55,
    )
)
def test_plain_inputs_become_the_same_answers_together_as_one_by_one(pairs: list[tuple[str, object]]) -> None:
    together, one_by_one = AnswerCollector(), AnswerCollector()
    for name, value in pairs:
        one_by_one.add(name, value)
    kept = PlainNames.of([name for name, _ in pairs])
    if kept is not None and together.add_plain(kept, [value for _, value in pairs]):
        assert together == one_by_one
    else:
        assert together == AnswerCollector()


def test_usual_form_has_plain_inputs() -> None:
    kept = PlainNames.of(["city", "utm_source", "_wpnonce"])
    assert kept is not None
    assert AnswerCollector().add_plain(kept, [" London ", "a-b", "1"])
