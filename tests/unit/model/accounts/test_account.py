"""Accounts: names, passwords, keys, and that none of them shows its secret."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given

from leadtracker.domain.errors import AccountNotFound, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Role
from leadtracker.domain.model.accounts.account import (
    check_account_name,
    digest_of,
    name_to_find,
)
from tests.support.builders import make_api_key, make_user
from tests.support.examples.strategies import wild_text
from tests.support.instruments.expected_errors import result_or_error


def rejected_field(check: Callable[[str], str], value: str) -> str:
    with pytest.raises(InvalidInput) as raised:
        check(value)
    (error,) = raised.value.errors
    return error.field


@pytest.mark.parametrize("name", ["ann", "Zoë 🦊", "a" * 100, "ann@example.com", "'; --", "...", "/.."])
def test_name_is_trimmed_only(name: str) -> None:
    assert check_account_name(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", " \t ", "a:b", ":", "a" * 101, "a\nb", "a\0b", "\ud800", ".", " .."])
def test_a_name_that_basic_authentication_or_a_url_cannot_carry_is_rejected(name: str) -> None:
    assert rejected_field(check_account_name, name) == "name"


@given(wild_text)
def test_any_text_is_a_name_or_is_rejected(text: str) -> None:
    outcome = result_or_error(lambda: check_account_name(text), InvalidInput)
    if isinstance(outcome, InvalidInput):
        assert [error.field for error in outcome.errors] == ["name"]
    else:
        assert check_account_name(outcome) == outcome


def test_lookup_key_equals_stored_name() -> None:
    assert name_to_find(" Zoe\u0308 ") == check_account_name("Zo\u00eb")
    for impossible in ("", "a:b", "\ud800"):
        with pytest.raises(AccountNotFound) as raised:
            name_to_find(impossible)
        assert raised.value.name == impossible


def test_digest_is_sha_256_of_secret() -> None:
    assert digest_of("lt_secret") == hashlib.sha256(b"lt_secret").hexdigest()


def test_account_is_an_actor_with_its_role() -> None:
    assert make_user("ann", Role.VIEWER).actor == Actor("user:ann", Role.VIEWER)
    assert make_api_key("website", Role.AGENT).actor == Actor("api-key:website", Role.AGENT)


def test_repr_hides_the_secret() -> None:
    user, key = make_user(password_hash="canary"), make_api_key(digest="canary")
    assert "canary" not in f"{user!r} {user} {key!r} {key}"
