"""Cursors: positions in a list, encoded as opaque text that is safe in a URL."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from urllib.parse import quote, urlencode

from flask import request

from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.timestamps import format_timestamp, parse_timestamp

_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")


def read_cursor(list_name: str, text: str) -> tuple[datetime, str]:
    """Return the sort timestamp and the id of the item after which a page begins.

    Args:
        list_name: the list that is asked for; a cursor of another list is an error.
        text: a cursor made by ``write_cursor``.

    Raises:
        InvalidValue: ``text`` is no cursor of this list.
    """
    at, item_id, sort_text = read_text_cursor(list_name, text)
    if sort_text is not None:
        raise InvalidValue("invalid-cursor")
    return at, item_id


def read_text_cursor(list_name: str, text: str) -> tuple[datetime, str, str | None]:
    """Return the same as ``read_cursor``, and the text that sorts the item; None if it has none.

    Raises:
        InvalidValue: ``text`` is no cursor of this list.
    """
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        name, timestamp, item_id, *sort_text = plain.split(" ", 3)
        if name != list_name or not _ID.fullmatch(item_id):
            raise ValueError
        return parse_timestamp(timestamp), item_id, sort_text[0] if sort_text else None
    except ValueError:
        raise InvalidValue("invalid-cursor") from None


def write_cursor(list_name: str, at: datetime, item_id: str, text: str | None = None) -> str:
    """Encode the position after the item ``item_id``, which is sorted by the timestamp ``at``.

    Args:
        list_name: the list, with its order.
        at: the timestamp.
        item_id: the id.
        text: what sorts the item before its timestamp, in a list in the order of a text.
    """
    plain = f"{list_name} {format_timestamp(at)} {item_id}" + ("" if text is None else f" {text}")
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def next_link(list_name: str, at: datetime, item_id: str, text: str | None = None) -> dict[str, str]:
    """Return the ``Link`` header with the URL of the next page of the requested list (RFC 8288)."""
    cursor = write_cursor(list_name, at, item_id, text)
    query = request.args.to_dict(flat=False) | {"cursor": [cursor]}
    # Werkzeug's own URLs are for display: of a host's A-labels they make letters that no header may hold.
    path = quote(request.script_root + request.path)
    return {"Link": f'<{request.scheme}://{request.host}{path}?{urlencode(query, doseq=True)}>; rel="next"'}
