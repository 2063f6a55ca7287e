"""What somebody at the public form does."""

from collections.abc import Mapping
from typing import Any

from tests.support.builders import make_fields
from tests.support.html_client import HtmlClient, HtmlPage
from tests.support.http import Client

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FILL_IN_SECONDS = 2
"""Seconds in which a form can be filled in."""


def submit_lead_form(
    html_client: HtmlClient, page: HtmlPage, data: Mapping[str, Any] | None = None, **more: Any
) -> HtmlPage:
    """Fill in the form of a page, and send it as a browser does."""
    headers = BROWSER | more.pop("headers", {})
    fields = {**make_fields(), **(data or {})}
    return html_client.submit(
        page.form("/leads"), fields, headers=headers, content_type="multipart/form-data", **more
    )


def submit_form_from_other_site(html_client: HtmlClient, data: Mapping[str, Any], **headers: str) -> HtmlPage:
    """Send a form of another site, as a browser does."""
    return html_client.post("/leads", data, headers=BROWSER | headers)


def get_only_lead(viewer: Client) -> dict[str, Any]:
    """The one lead that there is."""
    [lead] = viewer.get("/leads", duplicates="include").body
    return dict(lead)
