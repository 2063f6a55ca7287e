"""``/users`` and ``/api-keys``: manage users and API keys."""

from flask import Blueprint, Response, url_for

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.formats.json_models.accounts import ApiKeyJson, IssuedApiKeyJson, UserJson
from leadtracker.entrypoints.http.api.account_schemas import (
    account_name_schema,
    assignable_schema,
    email_schema,
    password_schema,
    user_role_schema,
)
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import (
    OpenApiObject,
    Paths,
    error_responses,
    in_path,
    json_body,
    operation,
)
from leadtracker.entrypoints.http.openapi.schemas import (
    array_of,
    object_of,
    or_null,
    timestamp,
)
from leadtracker.entrypoints.http.requests.body import read_json
from leadtracker.entrypoints.http.responses import json_response, no_content

_TAG = "Accounts"


def users_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of users."""
    blueprint = Blueprint("users", __name__, url_prefix="/users")
    manage_users = container.manage_users()

    @blueprint.get("")
    def listing() -> Response:
        actor = authenticator.require_actor()
        linked = manage_users.identities(actor)
        return json_response(
            [UserJson.of_user(user, linked.get(user.name, [])) for user in manage_users.all(actor)]
        )

    @blueprint.post("")
    def add() -> Response:
        user = manage_users.create(authenticator.require_actor(), read_json())
        location = url_for("users.show", user=user.name, _external=True)
        return json_response(UserJson.of_user(user), 201, {"Location": location})

    @blueprint.get("/<account:user>")
    def show(user: str) -> Response:
        actor = authenticator.require_actor()
        found = manage_users.one(actor, user)
        return json_response(UserJson.of_user(found, manage_users.identities(actor).get(found.name, [])))

    @blueprint.patch("/<account:user>")
    def change(user: str) -> Response:
        actor = authenticator.require_actor()
        changed = manage_users.change(actor, user, read_json())
        return json_response(UserJson.of_user(changed, manage_users.identities(actor).get(changed.name, [])))

    return blueprint


_USER = in_path("user", "The name of the user; write a slash in it as %2F.", "ann")


def user_operations() -> Paths:
    """The operations of users."""
    return {
        "/users": {
            "get": operation(
                "listUsers",
                _TAG,
                "List users by name",
                openapi.json_response(200, "All users, disabled ones included.", array_of(UserJson))
                | error_responses(),
            ),
            "post": operation(
                "addUser",
                _TAG,
                "Add a user",
                openapi.json_response(201, "The user may sign in.", UserJson, openapi.LOCATION)
                | error_responses(400, 409, 413, 415, 422),
                requestBody=json_body(_new_user(), _NEW_USER_EXAMPLE),
            ),
        },
        "/users/{user}": {
            "get": operation(
                "getUser",
                _TAG,
                "Show a user",
                openapi.json_response(200, "The user.", UserJson) | error_responses(404),
                parameters=[_USER],
            ),
            "patch": _change_user(),
        },
    }


def _change_user() -> OpenApiObject:
    return operation(
        "changeUser",
        _TAG,
        "Change a user: all given fields, or none if one is invalid",
        openapi.json_response(200, "The user after the change.", UserJson)
        | error_responses(400, 404, 409, 413, 415, 422),
        description="The last enabled admin can be neither disabled nor demoted (409).",
        parameters=[_USER],
        requestBody=json_body(_user_change(), {"role": "viewer"}),
    )


def api_keys_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of API keys."""
    blueprint = Blueprint("api_keys", __name__, url_prefix="/api-keys")
    manage_api_keys = container.manage_api_keys()

    @blueprint.get("")
    def listing() -> Response:
        keys = manage_api_keys.all(authenticator.require_actor())
        return json_response([ApiKeyJson.of(key) for key in keys])

    @blueprint.post("")
    def add() -> Response:
        issued = manage_api_keys.create(authenticator.require_actor(), read_json())
        location = url_for("api_keys.show", api_key=issued.key.name, _external=True)
        body = IssuedApiKeyJson.of(ApiKeyJson.of(issued.key).as_json() | {"key": issued.secret})
        return json_response(body, 201, {"Location": location})

    @blueprint.get("/<account:api_key>")
    def show(api_key: str) -> Response:
        return json_response(ApiKeyJson.of(manage_api_keys.one(authenticator.require_actor(), api_key)))

    @blueprint.delete("/<account:api_key>")
    def revoke(api_key: str) -> Response:
        manage_api_keys.revoke(authenticator.require_actor(), api_key)
        return no_content()

    return blueprint


_KEY = in_path("api_key", "The name of the key; write a slash in it as %2F.", "website")


def api_key_operations() -> Paths:
    """The operations of API keys."""
    return {
        "/api-keys": {
            "get": operation(
                "listApiKeys",
                _TAG,
                "List API keys by name",
                openapi.json_response(200, "All keys, revoked ones included.", array_of(ApiKeyJson))
                | error_responses(),
            ),
            "post": _add_api_key(),
        },
        "/api-keys/{api_key}": {
            "get": operation(
                "getApiKey",
                _TAG,
                "Show an API key without its secret",
                openapi.json_response(200, "The key.", ApiKeyJson) | error_responses(404),
                parameters=[_KEY],
            ),
            "delete": operation(
                "revokeApiKey",
                _TAG,
                "Revoke an API key permanently",
                openapi.response(204, "The key is rejected from now on.") | error_responses(404),
                parameters=[_KEY],
            ),
        },
    }


def _add_api_key() -> OpenApiObject:
    new_key = Component(
        "NewApiKey",
        object_of(
            ("name", "role"),
            name=account_name_schema("website"),
            role=Role,
            expires_at=or_null(timestamp("From when on the key is rejected; it must lie in the future.")),
        ),
    )
    return operation(
        "addApiKey",
        _TAG,
        "Add an API key",
        openapi.json_response(
            201, "Keep `key` now; it cannot be shown again.", IssuedApiKeyJson, openapi.LOCATION
        )
        | error_responses(400, 409, 413, 415, 422),
        requestBody=json_body(new_key, {"name": "website", "role": "sender"}),
    )


_NEW_USER_EXAMPLE = {
    "name": "ann",
    "role": "agent",
    "password": "seven herons at dawn",
    "email": "ann@example.com",
}


def _new_user() -> Component:
    required = ("name", "role", "password")
    return Component(
        "NewUser",
        object_of(
            required,
            name=account_name_schema("ann"),
            role=user_role_schema(),
            password=password_schema(),
            email=email_schema(),
            assignable=assignable_schema(),
        ),
    )


def _user_change() -> Component:
    disabled = {
        "type": "boolean",
        "description": "`true` also makes the user's open leads unowned; `false` lets the user sign in.",
        "examples": [False],
    }
    schema = object_of(
        (),
        role=user_role_schema(),
        email=email_schema(),
        password=password_schema(),
        disabled=disabled,
        assignable=assignable_schema(),
    )
    return Component(
        "UserChange", schema | {"description": "Fields that are not given stay as they are; null clears one."}
    )
