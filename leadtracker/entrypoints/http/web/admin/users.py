"""``/dashboard/users``: who may sign in."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput, LastAdmin, NameTaken
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.use_cases.accounts.manage_users import ManageUsers
from leadtracker.entrypoints.formats.labels import label
from leadtracker.entrypoints.http.auth.sessions import LoginSessions
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.forms import back_to, errors_by_field, form_fields
from leadtracker.entrypoints.http.web.rendering.page import page

_DUTIES = {
    Role.VIEWER: "reads leads and reports",
    Role.AGENT: "also works on leads",
    Role.ADMIN: "also manages everything else",
}
ROLES = [(role, f"{label(role)}: {duty}") for role, duty in _DUTIES.items()]


def user_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """The routes of users' pages."""
    blueprint = dashboard_blueprint("user_pages", login_sessions, "/users")
    manage_users = container.manage_users()

    pages = _Pages(manage_users)

    @blueprint.get("")
    def listing() -> Response:
        return pages.all()

    @blueprint.post("")
    def add() -> AnyResponse:
        given = form_fields()
        try:
            user = manage_users.create(g.actor, given | {"email": given.get("email") or None})
        except InvalidInput as error:
            return pages.all(422, given=given, errors=errors_by_field(error))
        except NameTaken:
            return pages.all(409, given=given, errors={"name": "is taken"})
        return back_to("user_pages.listing", f"{user.name} can sign in now.")

    @blueprint.get("/<account:user>")
    def show(user: str) -> Response:
        return pages.one(user)

    @blueprint.post("/<account:user>")
    def change(user: str) -> AnyResponse:
        given = form_fields()
        try:
            changed = manage_users.change(g.actor, user, _read_changes(given))
        except InvalidInput as error:
            return pages.one(user, 422, given=given, errors=errors_by_field(error))
        except LastAdmin:
            message = "The last admin cannot be disabled or made less: nobody could let others in."
            return back_to("user_pages.show", message, "error", user=user)
        return back_to("user_pages.show", f"{changed.name} was changed.", user=changed.name)

    return blueprint


@frozen
class _Pages:
    """The pages as they are shown, also again with what was wrong in a form."""

    _users: ManageUsers

    def all(self, status: int = 200, **more: Any) -> Response:
        return page("users.html", status, users=self._users.all(g.actor), roles=ROLES, **more)

    def one(self, name: str, status: int = 200, **more: Any) -> Response:
        return page("user.html", status, user=self._users.one(g.actor, name), roles=ROLES, **more)


def _read_changes(given: Mapping[str, str]) -> Mapping[str, object]:
    """What is to be changed; each of the page's forms sends fields of its own."""
    changes: dict[str, object] = {name: given[name] for name in ("role", "password") if name in given}
    if "email" in given:
        changes["email"] = given["email"].strip() or None
    if "disabled" in given:
        changes["disabled"] = request.form["disabled"] == "yes"
    return changes
