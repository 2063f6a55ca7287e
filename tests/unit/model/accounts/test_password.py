"""The rules for passwords."""

import pytest

from leadtracker.domain.model.accounts.password import check_new_password, normalise_password
from tests.unit.model.accounts.test_account import rejected_field


@pytest.mark.parametrize(
    "password",
    ["correct horse", "p4ssphrase of mine", "ß🦊ß🦊 and other signs", "a" * 50 + "bcd ef", "  x y z 1 2 3  "],
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
    ],
)
def test_common_password_is_rejected(password: str) -> None:
    assert rejected_field(check_new_password, password) == "password"


def test_spellings_of_a_character_are_the_same_password() -> None:
    composed, decomposed = "Z\u00fcrich am See", "Zu\u0308rich am See"
    assert check_new_password(composed) == check_new_password(decomposed) == normalise_password(decomposed)


@pytest.mark.parametrize("password", ["p", "given", "ß🦊", "p" * 1_000])
def test_any_password_can_be_checked(password: str) -> None:
    assert normalise_password(password) == password


@pytest.mark.parametrize("password", ["", "p" * 1_001, "\ud800", "p\udfffp", "e" + "\u0301" * 40])
def test_password_that_cannot_be_hashed_is_rejected(password: str) -> None:
    assert rejected_field(normalise_password, password) == "password"
