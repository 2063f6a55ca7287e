"""The languages of the product, and the choice of one by the wishes of a client."""

import re
from functools import lru_cache
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "de", "fr", "es"]

LANGUAGES: tuple[Language, ...] = ("en", "de", "fr", "es")
"""The languages of public pages and of e-mails to prospects, by their ISO 639-1 codes."""

DASHBOARD_LANGUAGES: tuple[Language, ...] = ("en", "de")
"""The languages of the dashboard and of e-mails to users."""

SOURCE_LANGUAGE: Language = "en"
"""The language in which the texts are written in code and templates."""

_MAX_HEADER_LENGTH = 300
_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def supported_language(tag: str | None, languages: tuple[Language, ...] = LANGUAGES) -> Language | None:
    """Return the language of a tag such as ``de`` or ``de-AT``; None if it is none of ``languages``."""
    primary = (tag or "")[:_MAX_HEADER_LENGTH].replace("_", "-").partition("-")[0].strip().lower()
    return next((language for language in languages if language == primary), None)


@lru_cache(maxsize=1024)
def preferred_language(accept_language: str, languages: tuple[Language, ...] = LANGUAGES) -> Language | None:
    """Return the language that a client prefers, of those that are supported.

    Args:
        accept_language: the header ``Accept-Language`` (RFC 9110, section 12.5.4); malformed parts of it are
            ignored, and so is the wildcard.
        languages: the supported languages.

    Returns:
        The language with the highest quality, the first of equal ones; None if the client accepts none.
    """
    found: Language | None = None
    best = 0.0
    for part in accept_language[:_MAX_HEADER_LENGTH].split(","):
        matched = _RANGE.fullmatch(part)
        language = supported_language(matched[1], languages) if matched else None
        quality = float(matched[2] or 1) if matched else 0.0
        if language and quality > best:
            found, best = language, quality
    return found
