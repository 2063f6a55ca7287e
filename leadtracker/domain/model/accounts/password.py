"""Rules for passwords."""

import re

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.text import normalise

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 1_000

_MIN_DIFFERENT_CHARACTERS = 5
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # has no UTF-8 form, so it cannot be hashed
_OTHER_THAN_LETTERS = re.compile(r"[\W\d_]+")
_OTHER_AT_END = re.compile(r"[\W\d_]+$")
_COMMON_WORDS = (
    *("abc", "admin", "administrator", "baseball", "changeme", "changeit", "computer", "default", "dragon"),
    *("football", "hello", "iloveyou", "leadtracker", "letmein", "liverpool", "login", "master", "michael"),
    *("monkey", "passphrase", "passwd", "passwort", "password", "princess", "qwerty", "qwertyuiop", "qwertz"),
    *("root", "secret", "shadow", "superman", "sunshine", "superuser", "test", "user", "welcome", "whatever"),
    *("asdfghjkl", "asdf", "yxcvbnm", "zxcvbnm", "motdepasse", "azerty", "contrasena", "geheim", "hallo"),
    *("the", "is", "my", "your", "this", "new", "please", "me", "in", "let", "change"),
)
_COMMON = re.compile(f"(?:{'|'.join(sorted(_COMMON_WORDS, key=len, reverse=True))})+")
_SEQUENCES = ("0123456789" * 3, "9876543210" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_LEET = str.maketrans("@4301!$57", "aaeoiisst")


def normalise_password(password: str) -> str:
    """Return the form in which a password is hashed: NFKC, so that every keyboard produces the same.

    Raises:
        InvalidInput: it is empty or too long, or contains a lone surrogate or too many combining marks in
            a row.
    """
    if not 1 <= len(password) <= MAX_PASSWORD_LENGTH:
        raise _invalid("password-length", min=1, max=MAX_PASSWORD_LENGTH)
    if _LONE_SURROGATE.search(password):
        raise _invalid("lone-surrogates")
    try:
        return normalise(password, "NFKC")
    except ValueError as error:
        raise InvalidInput([field_error("password", error)]) from None


def check_new_password(password: str) -> str:
    """Return the normalised form of a password that a user may choose.

    Raises:
        InvalidInput: it is too short or too long, one of those that attackers try first, or contains a lone
            surrogate.
    """
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise _invalid("password-length", min=MIN_PASSWORD_LENGTH, max=MAX_PASSWORD_LENGTH)
    normalised = normalise_password(password)
    if _is_common(normalised):
        raise _invalid("common-password")
    return normalised


def _is_common(password: str) -> bool:
    lower = password.casefold()
    if len(set(lower)) < _MIN_DIFFERENT_CHARACTERS or any(lower in sequence for sequence in _SEQUENCES):
        return True
    spellings = (lower, _OTHER_AT_END.sub("", lower).translate(_LEET))
    letters = [_OTHER_THAN_LETTERS.sub("", spelling) for spelling in spellings]
    return any(not text or _COMMON.fullmatch(text) for text in letters)


def _invalid(code: str, **data: object) -> InvalidInput:
    return InvalidInput([field_error("password", InvalidValue(code, **data))])
