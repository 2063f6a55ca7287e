"""``/users`` and ``/api-keys``: who may come in."""

from flask import Blueprint, Response, url_for

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import api_key_json, user_json
from leadtracker.entrypoints.http.api.responses import json_answer, no_content
from leadtracker.entrypoints.http.auth.authentication import Callers
from leadtracker.entrypoints.http.requests.body import read_json


def users_blueprint(container: Container, callers: Callers) -> Blueprint:
    """The routes of users."""
    blueprint = Blueprint("users", __name__, url_prefix="/users")
    manage_users = container.manage_users()

    @blueprint.get("")
    def listing() -> Response:
        return json_answer([user_json(user) for user in manage_users.all(callers.known())])

    @blueprint.post("")
    def add() -> Response:
        user = manage_users.create(callers.known(), read_json())
        location = url_for("users.show", user=user.name, _external=True)
        return json_answer(user_json(user), 201, {"Location": location})

    @blueprint.get("/<account:user>")
    def show(user: str) -> Response:
        return json_answer(user_json(manage_users.one(callers.known(), user)))

    @blueprint.patch("/<account:user>")
    def change(user: str) -> Response:
        return json_answer(user_json(manage_users.change(callers.known(), user, read_json())))

    return blueprint


def api_keys_blueprint(container: Container, callers: Callers) -> Blueprint:
    """The routes of API keys."""
    blueprint = Blueprint("api_keys", __name__, url_prefix="/api-keys")
    manage_api_keys = container.manage_api_keys()

    @blueprint.get("")
    def listing() -> Response:
        return json_answer([api_key_json(key) for key in manage_api_keys.all(callers.known())])

    @blueprint.post("")
    def add() -> Response:
        issued = manage_api_keys.create(callers.known(), read_json())
        location = url_for("api_keys.show", api_key=issued.key.name, _external=True)
        return json_answer(api_key_json(issued.key) | {"key": issued.secret}, 201, {"Location": location})

    @blueprint.get("/<account:api_key>")
    def show(api_key: str) -> Response:
        return json_answer(api_key_json(manage_api_keys.one(callers.known(), api_key)))

    @blueprint.delete("/<account:api_key>")
    def revoke(api_key: str) -> Response:
        manage_api_keys.revoke(callers.known(), api_key)
        return no_content()

    return blueprint
