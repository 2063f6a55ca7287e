"""Versions of leads: ``ETag`` tells them, ``If-Match`` and the forms of pages ask for them."""

import re

from flask import request

from leadtracker.domain.model.leads.lead import Lead

_VERSION = re.compile(r"[1-9][0-9]{0,17}")


def if_match_versions() -> set[int] | None:
    """The versions that ``If-Match`` lets be changed; None if any (RFC 9110, section 13.1.1)."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    # Werkzeug reads an empty tag as None.
    return {int(tag) for tag in request.if_match.as_set() if tag and _VERSION.fullmatch(tag)}


def form_version(text: str | None) -> int:
    """The version that a form says it was made for; one that no lead has if it does not say."""
    return int(text) if text and _VERSION.fullmatch(text) else 0


def etag(lead: Lead) -> dict[str, str]:
    """The header that tells the version of a lead."""
    return {"ETag": f'"{lead.version}"'}
