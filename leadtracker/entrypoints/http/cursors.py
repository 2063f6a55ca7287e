"""Cursors: places in a listing, as text that is safe in a URL and means nothing to its reader."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from attrs import frozen
from flask import request

from leadtracker.domain.model.instant import format_instant, parse_instant

_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")


@frozen
class Place:
    """Behind the thing ``id``, whose time to sort by is ``at``."""

    at: datetime
    id: str


def read_cursor(listing: str) -> Callable[[str], Place]:
    """Reads a cursor of the listing with that name; its ValueError is for the person who sent it."""

    def read(text: str) -> Place:
        try:
            plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
            name, instant, thing_id = plain.split(" ")
            if name != listing or not _ID.fullmatch(thing_id):
                raise ValueError
            return Place(parse_instant(instant), thing_id)
        except ValueError:
            message = "must be the cursor of this listing's next link"
            raise ValueError(message) from None

    return read


def cursor_of(listing: str, at: datetime, thing_id: str) -> str:
    """The cursor of what follows a thing in a listing, as ``read_cursor`` understands it."""
    plain = f"{listing} {format_instant(at)} {thing_id}"
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def next_link(listing: str, at: datetime, thing_id: str) -> dict[str, str]:
    """The header that leads to the next page of the listing that is being answered."""
    query = request.args.to_dict(flat=False) | {"cursor": [cursor_of(listing, at, thing_id)]}
    return {"Link": f'<{request.base_url}?{urlencode(query, doseq=True)}>; rel="next"'}
