"""Consents: to which text a person agreed, when, and on which form."""

import hashlib
from datetime import datetime
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.model.values.timestamps import check_utc

_TOKEN_DIGITS = 16
_REFUSALS = frozenset(["", "0", "f", "false", "n", "nein", "no", "non", "none", "null", "off", "undefined"])
"""The values that forms send for a box that is not ticked, in lower case."""


class ConsentForm(StrEnum):
    """The form on which a person consented."""

    PAGE = "page"
    """The public form on its own page."""
    EMBEDDED = "embedded"
    """The public form within a page of another site."""


@frozen(kw_only=True)
class Consent:
    """One consent.

    Attributes:
        text: exactly as the form showed it.
        version: which of the installation's texts it is, counted from 1 in the order of their first use; None
            before it is stored.
        at: when the form was received.
        language: the language in which the form was shown, as an ISO 639-1 code; None if unknown.
    """

    text: str
    version: int | None = field(default=None, eq=False)
    at: datetime = field(validator=check_utc)
    form: ConsentForm
    language: str | None = None


def means_consent(value: object) -> bool:
    """Return True for a value of the input of the consent with which the sender agrees.

    Args:
        value: a text or any JSON value; of several values, such as those of a hidden input and a box behind
            it, one is enough.
    """
    if isinstance(value, list | tuple):
        return any(map(means_consent, value))
    return value.strip().lower() not in _REFUSALS if isinstance(value, str) else bool(value)


def text_digest(text: str) -> str:
    """Return the digest by which a text is stored once."""
    return hashlib.sha256(text.encode()).hexdigest()


def text_mark(text: str | None) -> str:
    """Return a short mark of the text that a form shows, by which a change is recognised; empty for none."""
    return "" if text is None else text_digest(text)[:_TOKEN_DIGITS]
