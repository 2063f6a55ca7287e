"""The bound of the members of a body: small bodies stay as they are, and of large ones nothing is added."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.leads.inputs.first_members import MAX_MEMBERS, first_members

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=30,
)
bodies = st.dictionaries(st.text(max_size=5), json_values, max_size=5)


def number_of_members(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 0
    inner = list(value.values()) if isinstance(value, dict) else value
    return len(inner) + sum(map(number_of_members, inner))


@given(bodies)
def test_small_bodies_stay_as_they_are(raw: dict[str, object]) -> None:
    assert first_members(raw) == (raw, 0)


@given(bodies, st.integers(1, 40))
def test_members_are_kept_or_counted(raw: dict[str, object], times: int) -> None:
    large = {f"{index} {name}": value for index in range(100 * times) for name, value in raw.items()}
    kept, left_out = first_members(large)
    assert number_of_members(kept) <= MAX_MEMBERS
    assert (left_out == 0) == (kept == large)
    assert list(kept) == list(large)[: len(kept)]


def test_deep_objects_are_left_out() -> None:
    deep: dict[str, object] = json.loads('{"a":' * 900 + "1" + "}" * 900)
    kept, left_out = first_members(deep)
    assert left_out == 1
    assert 10 < number_of_members(kept) < 100
