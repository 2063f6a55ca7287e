"""What somebody at the public form does."""

from collections.abc import Mapping
from typing import Any

from tests.support.builders import make_fields
from tests.support.html_client import Seen, Visitor
from tests.support.http import Client

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LONG_ENOUGH = 2
"""Seconds in which a form can be filled in."""


def send_form(visitor: Visitor, page: Seen, data: Mapping[str, Any] | None = None, **more: Any) -> Seen:
    """Fill in the form of a page, and send it as a browser does."""
    headers = BROWSER | more.pop("headers", {})
    fields = {**make_fields(), **(data or {})}
    return visitor.submit(
        page.form("/leads"), fields, headers=headers, content_type="multipart/form-data", **more
    )


def send_foreign_form(visitor: Visitor, data: Mapping[str, Any], **headers: str) -> Seen:
    """Send a form of another site, as a browser does."""
    return visitor.post("/leads", data, headers=BROWSER | headers)


def only_lead(viewer: Client) -> dict[str, Any]:
    """The one lead that there is."""
    [lead] = viewer.get("/leads", duplicates="include").body
    return dict(lead)
