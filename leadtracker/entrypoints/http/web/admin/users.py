"""``/dashboard/users``: the users, their roles, e-mail addresses and passwords."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput, LastAdmin, NameTaken, NotInvited
from leadtracker.domain.model.accounts.access import USER_ROLES, Role
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.use_cases.accounts.credentials.account_links import InviteUser
from leadtracker.domain.use_cases.accounts.manage_users import ManageUsers
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.web.rendering.dashboard_base import ALL, dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import form_fields, page, redirect_with_message
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_DUTIES = {
    Role.SENDER: mark("Sender: sends leads of a website, nothing else"),
    Role.VIEWER: mark("Viewer: reads leads and reports"),
    Role.AGENT: mark("Agent: also works on leads"),
    Role.ADMIN: mark("Admin: also manages everything else"),
}
_LAST_ADMIN = mark("The last admin cannot be disabled or given another role: no user could undo that.")


def roles(choices: Iterable[Role] = USER_ROLES) -> list[tuple[Role, str]]:
    """Return the roles of users, or other ``choices``, each with what it may do."""
    return [(role, _(_DUTIES[role])) for role in choices]


def user_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the users page and of each user's page."""
    blueprint = dashboard_blueprint("user_pages", login_sessions, "/users", sensitive=ALL)
    manage_users = container.manage_users()
    invite_user = container.invite_user()
    pages = _UserPages(manage_users)

    @blueprint.get("")
    def listing() -> Response:
        return pages.all()

    @blueprint.post("")
    def add() -> AnyResponse:
        given = form_fields()
        try:
            message = _add(manage_users, invite_user, given)
        except InvalidInput as error:
            return pages.all(422, given=given, errors=field_messages(error))
        except NameTaken:
            return pages.all(409, given=given, errors={"name": _("This name is taken.")})
        return redirect_with_message("user_pages.listing", message)

    _add_user_routes(blueprint, manage_users, pages)
    _add_credential_routes(blueprint, container)
    return blueprint


def _add_user_routes(blueprint: Blueprint, manage_users: ManageUsers, pages: "_UserPages") -> None:
    """Add the routes of each user's page."""

    @blueprint.get("/<account:user>")
    def show(user: str) -> Response:
        return pages.one(user)

    @blueprint.post("/<account:user>")
    def change(user: str) -> AnyResponse:
        given = form_fields()
        try:
            changed = manage_users.change(g.actor, user, _read_changes(given))
        except InvalidInput as error:
            return pages.one(user, 422, given=given, errors=field_messages(error))
        except LastAdmin:
            return redirect_with_message("user_pages.show", _(_LAST_ADMIN), "error", user=user)
        return redirect_with_message("user_pages.show", _done(changed, given), user=changed.name)


def _add_credential_routes(blueprint: Blueprint, container: Container) -> None:
    """Add the routes of credentials: invitations, second factors and links to the provider."""
    invite_user, manage_second_factor = container.invite_user(), container.manage_second_factor()
    manage_users = container.manage_users()

    @blueprint.post("/<account:user>/invite")
    def invite(user: str) -> AnyResponse:
        try:
            invite_user.again(g.actor, user)
        except NotInvited:
            message = _("%(name)s needs no invitation, or has no e-mail address.", name=user)
            return redirect_with_message("user_pages.show", message, "error", user=user)
        message = _("%(name)s is invited by e-mail.", name=user)
        return redirect_with_message("user_pages.show", message, user=user)

    @blueprint.post("/<account:user>/remove-second-factor")
    def remove_second_factor(user: str) -> AnyResponse:
        manage_second_factor.remove(g.actor, user)
        message = _("The second factor of %(name)s was removed.", name=user)
        return redirect_with_message("user_pages.show", message, user=user)

    @blueprint.post("/<account:user>/unlink")
    def unlink(user: str) -> AnyResponse:
        manage_users.unlink(g.actor, user)
        message = _("%(name)s is not linked to the provider any more.", name=user)
        return redirect_with_message("user_pages.show", message, user=user)


def _done(changed: User, given: Mapping[str, str]) -> str:
    """Return what was done to a user."""
    if "disabled" not in given:
        return _("%(name)s was changed.", name=changed.name)
    if changed.disabled_at is None:
        return _("%(name)s can sign in again.", name=changed.name)
    return _("%(name)s was disabled. Open leads of this user have no owner now.", name=changed.name)


@frozen
class _UserPages:
    """Renders the pages of users, with the input and the field errors of a rejected form."""

    _users: ManageUsers

    def all(self, status: int = 200, **more: Any) -> Response:
        users, linked = self._users.all(g.actor), self._users.identities(g.actor)
        return page("admin/users.html", status, users=users, identities=linked, roles=roles(), **more)

    def one(self, name: str, status: int = 200, **more: Any) -> Response:
        user = self._users.one(g.actor, name)
        linked = self._users.identities(g.actor).get(user.name, [])
        return page("admin/user.html", status, user=user, identities=linked, roles=roles(), **more)


def _add(manage_users: ManageUsers, invite_user: InviteUser, given: dict[str, str]) -> str:
    """Add a user with the password of a form, or invite the user if it has none; return what was done."""
    fields: dict[str, object] = given | {
        "email": given.get("email") or None,
        "assignable": "assignable" in given,
    }
    if fields.pop("password", ""):
        user = manage_users.create(g.actor, fields | {"password": given["password"]})
        return _("%(name)s can sign in now.", name=user.name)
    invited = {name: value for name, value in fields.items() if value is not None}
    return _("%(name)s is invited by e-mail.", name=invite_user(g.actor, invited).name)


def _read_changes(given: Mapping[str, str]) -> Mapping[str, object]:
    """Read the changes from a form; each form of the page sends other fields."""
    changes: dict[str, object] = {name: given[name] for name in ("role", "password") if name in given}
    if (
        "email" in given
    ):  # the form that has the check box, of which browsers send nothing unless it is ticked
        changes["email"] = given["email"].strip() or None
        changes["assignable"] = "assignable" in given
    if "disabled" in given:
        changes["disabled"] = request.form["disabled"] == "yes"
    return changes
