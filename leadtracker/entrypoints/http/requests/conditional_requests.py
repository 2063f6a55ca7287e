"""Versions of leads in requests: the header ``If-Match`` of API clients, and a field of the pages' forms."""

import re

from flask import request

_VERSION = re.compile(r"[1-9][0-9]{0,17}")


def if_match_versions() -> set[int] | None:
    """Return the versions that the request may change (RFC 9110, section 13.1.1); None if any.

    A tag that is no version is left out, so that ``If-Match: "abc"`` matches no lead.
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    # Werkzeug reads an empty tag as None.
    return {int(tag) for tag in request.if_match.as_set() if tag and _VERSION.fullmatch(tag)}


def form_version(text: str | None) -> int:
    """Return the version in a form's field; 0, which no lead has, if the field is missing or invalid."""
    return int(text) if text and _VERSION.fullmatch(text) else 0
