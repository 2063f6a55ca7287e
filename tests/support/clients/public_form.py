"""Fill in and send forms as anonymous clients do."""

from collections.abc import Mapping
from typing import Any

from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.http import Client

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FILL_IN_SECONDS = 2
"""The shortest time between loading and sending a form that does not look like spam."""


def submit_lead_form(
    html_client: HtmlClient, page: HtmlPage, data: Mapping[str, Any] | None = None, **more: Any
) -> HtmlPage:
    """Fill in the form of a page and send it with the headers of a browser."""
    headers = BROWSER | more.pop("headers", {})
    fields = {**make_fields(), **(data or {})}
    return html_client.submit(
        page.form("/leads"), fields, headers=headers, content_type="multipart/form-data", **more
    )


def submit_form_from_other_site(html_client: HtmlClient, data: Mapping[str, Any], **headers: str) -> HtmlPage:
    """Send a form of another site with the headers of a browser."""
    return html_client.post("/leads", data, headers=BROWSER | headers)


def get_only_lead(viewer: Client) -> dict[str, Any]:
    """Return the only stored lead."""
    [lead] = viewer.get("/leads", duplicates="include").body
    return dict(lead)
