"""The filters of the list and the board that a user saw last, to which links and redirects return."""

from flask import session, url_for

LIST, BOARD = "lead_pages.listing", "board.columns"
EVERYONE = "owner="
"""The query that shows the leads of every owner; without a query, agents see their own."""

_MAX_LENGTH = 1_000  # the session is a cookie, of which browsers keep 4 kB


def remember(endpoint: str, query: str) -> None:
    """Remember the query string of a page; a very long one is not worth its cookie."""
    if session.get(endpoint, "") != query and len(query) <= _MAX_LENGTH:
        session[endpoint] = query


def last_list(endpoint: str = LIST) -> str:
    """Return the URL of the list, or of the board, as the user saw it last; without filters at first."""
    path, query = url_for(endpoint), session.get(endpoint, "")
    return f"{path}?{query}" if query else path
