"""The rules for passwords."""

from random import Random

import pytest

from leadtracker.domain.model.accounts.common_passwords import is_common
from leadtracker.domain.model.accounts.password import check_new_password, normalise_password
from tests.unit.model.accounts.test_account import rejected_field


@pytest.mark.parametrize(
    "password",
    [
        "correct horse",
        "p4ssphrase of mine",
        "ß🦊ß🦊 and other signs",
        "a" * 50 + "bed time",
        "  tea for two, x1  ",
    ],
)
def test_uncommon_password_of_12_characters_is_accepted(password: str) -> None:
    assert check_new_password(password) == password


@pytest.mark.parametrize("password", ["", "p", "x" * 11, "Correct-H0r", "a1" * 501, "p" * 12 + "\ud800"])
def test_password_of_a_wrong_length_is_rejected(password: str) -> None:
    assert rejected_field(check_new_password, password) == "password"


@pytest.mark.parametrize(
    "password",
    [
        *(
            "password1234",
            "Password123!",
            "P@ssw0rd2026",
            "passwordpassword",
            "leadtracker2026",
            "Welcome12345",
        ),
        *("123456789012", "098765432109", "qwertyuiopas", "aaaaaaaaaaaa", "abababababab", "............"),
        *(
            "admin-admin-1",
            "letmein!letmein",
            "iloveyou2026",
            "changeme1234",
            "2026-11-29-1234",
            "passwort12345",
        ),
        *("1qaz2wsx3edc", "q1w2e3r4t5y6", "123qweasdzxc", "a1b2c3d4e5f6", "qwertz123456", "azertyuiop12"),
        *(
            "Summer2026!!",
            "sommer2026sommer",
            "Jennifer2026",
            "michael&jessica",
            "manchesterunited",
            "monkey123456",
        ),
    ],
)
def test_common_password_is_rejected(password: str) -> None:
    assert rejected_field(check_new_password, password) == "password"


def test_name_of_account_is_no_password() -> None:
    assert (
        rejected_field(lambda given: check_new_password(given, "annikasmith"), "AnnikaSmith1!") == "password"
    )
    assert check_new_password("annikasmith & seven cats", "annikasmith")


def test_random_passwords_are_accepted() -> None:
    random = Random(1)  # noqa: S311 - a fixed sequence
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    made = ("".join(random.choices(alphabet, k=12)) for _ in range(2_000))
    assert sum(is_common(password) for password in made) <= 1


def test_spellings_of_a_character_are_the_same_password() -> None:
    composed, decomposed = "Z\u00fcrich am See", "Zu\u0308rich am See"
    assert check_new_password(composed) == check_new_password(decomposed) == normalise_password(decomposed)


@pytest.mark.parametrize("password", ["p", "given", "ß🦊", "p" * 1_000])
def test_any_password_can_be_checked(password: str) -> None:
    assert normalise_password(password) == password


@pytest.mark.parametrize("password", ["", "p" * 1_001, "\ud800", "p\udfffp", "e" + "\u0301" * 40])
def test_password_that_cannot_be_hashed_is_rejected(password: str) -> None:
    assert rejected_field(normalise_password, password) == "password"
