"""``/users`` and ``/api-keys``: who may come in."""

from flask import Blueprint, Response, url_for

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import api_key_json, user_json
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.body import read_json
from leadtracker.entrypoints.http.responses import json_response, no_content


def users_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of users."""
    blueprint = Blueprint("users", __name__, url_prefix="/users")
    manage_users = container.manage_users()

    @blueprint.get("")
    def listing() -> Response:
        return json_response([user_json(user) for user in manage_users.all(authenticator.require_actor())])

    @blueprint.post("")
    def add() -> Response:
        user = manage_users.create(authenticator.require_actor(), read_json())
        location = url_for("users.show", user=user.name, _external=True)
        return json_response(user_json(user), 201, {"Location": location})

    @blueprint.get("/<account:user>")
    def show(user: str) -> Response:
        return json_response(user_json(manage_users.one(authenticator.require_actor(), user)))

    @blueprint.patch("/<account:user>")
    def change(user: str) -> Response:
        return json_response(user_json(manage_users.change(authenticator.require_actor(), user, read_json())))

    return blueprint


def api_keys_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of API keys."""
    blueprint = Blueprint("api_keys", __name__, url_prefix="/api-keys")
    manage_api_keys = container.manage_api_keys()

    @blueprint.get("")
    def listing() -> Response:
        return json_response(
            [api_key_json(key) for key in manage_api_keys.all(authenticator.require_actor())]
        )

    @blueprint.post("")
    def add() -> Response:
        issued = manage_api_keys.create(authenticator.require_actor(), read_json())
        location = url_for("api_keys.show", api_key=issued.key.name, _external=True)
        return json_response(api_key_json(issued.key) | {"key": issued.secret}, 201, {"Location": location})

    @blueprint.get("/<account:api_key>")
    def show(api_key: str) -> Response:
        return json_response(api_key_json(manage_api_keys.one(authenticator.require_actor(), api_key)))

    @blueprint.delete("/<account:api_key>")
    def revoke(api_key: str) -> Response:
        manage_api_keys.revoke(authenticator.require_actor(), api_key)
        return no_content()

    return blueprint
