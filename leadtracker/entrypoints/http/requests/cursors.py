"""Cursors: places in a listing, as text that is safe in a URL and means nothing to its reader."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlencode

from attrs import frozen
from flask import request

from leadtracker.domain.model.timestamps import format_timestamp, parse_timestamp

_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")


@frozen
class Place:
    """Behind the thing ``id``, whose time to sort by is ``at``."""

    at: datetime
    id: str


def read_cursor(list_name: str) -> Callable[[str], Place]:
    """Reads a cursor of the listing with that name; its ValueError is for the person who sent it."""

    def read(text: str) -> Place:
        try:
            plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
            name, timestamp, thing_id = plain.split(" ")
            if name != list_name or not _ID.fullmatch(thing_id):
                raise ValueError
            return Place(parse_timestamp(timestamp), thing_id)
        except ValueError:
            message = "must be the cursor of this listing's next link"
            raise ValueError(message) from None

    return read


def write_cursor(list_name: str, at: datetime, thing_id: str) -> str:
    """The cursor of that place in the listing with that name."""
    plain = f"{list_name} {format_timestamp(at)} {thing_id}"
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def next_link(list_name: str, at: datetime, thing_id: str) -> dict[str, str]:
    """The header that leads to the next page of the listing that is being answered."""
    query = request.args.to_dict(flat=False) | {"cursor": [write_cursor(list_name, at, thing_id)]}
    # Werkzeug's own URLs are for people: of a host's A-labels they make letters that no header may have.
    path = quote(request.script_root + request.path)
    return {"Link": f'<{request.scheme}://{request.host}{path}?{urlencode(query, doseq=True)}>; rel="next"'}
