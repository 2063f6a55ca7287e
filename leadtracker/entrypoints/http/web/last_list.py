"""The list of leads that a user saw last, to which the breadcrumb of a lead returns, with its filters."""

from flask import session, url_for

_KEY = "list"
_MAX_LENGTH = 1_000  # the session is a cookie, of which browsers keep 4 kB


def remember_list(query: str) -> None:
    """Remember the query string of the list; a very long one is not worth its cookie."""
    if session.get(_KEY, "") != query and len(query) <= _MAX_LENGTH:
        session[_KEY] = query


def last_list() -> str:
    """Return the URL of the list that the user saw last, without filters if there was none."""
    path, query = url_for("lead_pages.listing"), session.get(_KEY, "")
    return f"{path}?{query}" if query else path
