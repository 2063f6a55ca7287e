"""``/dashboard/keys``: the keys of API clients."""

from typing import Any

from flask import Blueprint, Response, g
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput, NameTaken
from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.auth.authentication import LoginSessions
from leadtracker.entrypoints.http.web.admin.users import roles
from leadtracker.entrypoints.http.web.rendering.dashboard_base import ALL, dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import form_fields, page, redirect_with_message
from leadtracker.i18n.texts import gettext as _


def key_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the API keys page."""
    blueprint = dashboard_blueprint("key_pages", login_sessions, "/keys", sensitive=ALL)
    manage_api_keys = container.manage_api_keys()

    def listing_page(status: int = 200, **more: Any) -> Response:
        return page("admin/keys.html", status, keys=manage_api_keys.all(g.actor), roles=roles(Role), **more)

    @blueprint.get("")
    def listing() -> Response:
        return listing_page()

    @blueprint.post("")
    def add() -> Response:
        given = form_fields()
        try:
            issued = manage_api_keys.create(g.actor, given)
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
