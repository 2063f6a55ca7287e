"""``/dashboard/keys``: the keys of API clients."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput, NameTaken
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.web.admin.users import roles
from leadtracker.entrypoints.http.web.rendering.dashboard_base import ALL, dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import form_fields, page, redirect_with_message
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_LIFETIMES = (
    ("", mark("Never")),
    ("30", mark("In 30 days")),
    ("90", mark("In 90 days")),
    ("365", mark("In a year")),
)
"""The choices of the form: a number of days, and its text."""


def key_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the API keys page."""
    blueprint = dashboard_blueprint("key_pages", login_sessions, "/keys", sensitive=ALL)
    manage_api_keys = container.manage_api_keys()

    def listing_page(status: int = 200, **more: Any) -> Response:
        return page(
            "admin/keys.html",
            status,
            keys=manage_api_keys.all(g.actor),
            now=container.clock().now(),
            roles=roles(Role),
            lifetimes=[(value, _(text)) for value, text in _LIFETIMES],
            **more,
        )

    @blueprint.get("")
    def listing() -> Response:
        return listing_page()

    @blueprint.post("")
    def add() -> Response:
        given = form_fields()
        try:
            issued = manage_api_keys.create(g.actor, _read_key(given, container.clock().now()))
        except InvalidInput as error:
            return listing_page(422, given=given, errors=field_messages(error))
        except NameTaken:
            return listing_page(
                409, given=given, errors={"name": _("This is or was the name of another key.")}
            )
        # Shown in this response: a redirect would need to store the secret until the next request.
        return listing_page(201, issued=issued)

    @blueprint.post("/<account:api_key>/revoke")
    def revoke(api_key: str) -> AnyResponse:
        revoked = manage_api_keys.revoke(g.actor, api_key)
        return redirect_with_message("key_pages.listing", _("%(name)s was revoked.", name=revoked.name))

    return blueprint


def _read_key(given: Mapping[str, str], now: datetime) -> Mapping[str, object]:
    """Read the fields of a key from a form, which has a lifetime in days instead of a time of expiry."""
    fields: dict[str, object] = dict(given)
    lifetime = str(fields.pop("lifetime", ""))
    if lifetime in {value for value, _text in _LIFETIMES if value}:
        fields["expires_at"] = format_timestamp(now + timedelta(days=int(lifetime)))
    return fields
