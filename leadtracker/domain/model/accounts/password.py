"""Rules for passwords."""

import re

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.common_passwords import is_common
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.text import normalise

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 1_000

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # has no UTF-8 form, so it cannot be hashed


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


def check_new_password(password: str, name: str = "") -> str:
    """Return the normalised form of a password that a user may choose.

    Args:
        password: what the user typed.
        name: the name of the account, which must not be most of the password.

    Raises:
        InvalidInput: it is too short or too long, one of those that attackers try first, or contains a lone
            surrogate.
    """
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise _invalid("password-length", min=MIN_PASSWORD_LENGTH, max=MAX_PASSWORD_LENGTH)
    normalised = normalise_password(password)
    if is_common(normalised, name):
        raise _invalid("common-password")
    return normalised


def _invalid(code: str, **data: object) -> InvalidInput:
    return InvalidInput([field_error("password", InvalidValue(code, **data))])
