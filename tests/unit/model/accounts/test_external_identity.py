"""The role and the name of a person at the provider."""

import pytest

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH
from leadtracker.domain.model.accounts.external_identity import account_names, highest_role

ROLES = {"partners": Role.ADMIN, "staff": Role.AGENT, "interns": Role.VIEWER}


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["interns", "partners", "staff"], Role.ADMIN),
        (["interns", "staff"], Role.AGENT),
        (["interns", "unknown"], Role.VIEWER),
        (["Partners", " staff", "unknown"], None),
        ([], None),
    ],
)
def test_highest_role_of_groups_wins(groups: list[str], role: Role | None) -> None:
    assert highest_role(groups, ROLES) is role


@pytest.mark.parametrize(
    ("suggestions", "first"),
    [
        (["ann", "ann@firm.example", "Ann Lee", "ann"], ["ann", "ann@firm.example", "Ann Lee", "ann-2"]),
        (["a:b", "", "me", "..", "an\x1bn", "Zoë"], ["Zoë", "Zoë-2", "Zoë-3"]),
        (["x" * 101, "none"], ["user", "user-2"]),
        ([], ["user", "user-2"]),
        (["x" * 100], ["x" * 100, f"{'x' * 97}-2"]),
    ],
)
def test_names_are_valid_and_numbered(suggestions: list[str], first: list[str]) -> None:
    names = list(account_names(suggestions))
    assert names[: len(first)] == first
    assert len(names) == len(set(names)) > 90
    assert all(len(name) <= MAX_ACCOUNT_NAME_LENGTH for name in names)
