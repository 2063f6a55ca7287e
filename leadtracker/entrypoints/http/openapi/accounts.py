"""The routes of users and API keys."""

from leadtracker.entrypoints.http.openapi.operations import (
    AUTHENTICATED,
    OpenApiObject,
    error_responses,
    header,
    in_path,
    json_body,
    json_response,
    operation,
)
from leadtracker.entrypoints.http.openapi.types import array_of, ref


def account_paths() -> dict[str, OpenApiObject]:
    """The paths of users and API keys."""
    return {
        "/users": {"get": _list_users(), "post": _add_user()},
        "/users/{user}": {"get": _show_user(), "patch": _change_user()},
        "/api-keys": {"get": _list_api_keys(), "post": _add_api_key()},
        "/api-keys/{api_key}": {"get": _show_api_key(), "delete": _revoke_api_key()},
    }


def _list_users() -> OpenApiObject:
    return operation(
        "listUsers",
        "Accounts",
        "List users by name",
        {"200": json_response("Every user, disabled or not.", array_of("User")), **error_responses()},
        **AUTHENTICATED,
    )


def _add_user() -> OpenApiObject:
    return operation(
        "addUser",
        "Accounts",
        "Add a user",
        {
            "201": json_response("They may sign in.", ref("User"), {"Location": header("The user's URL.")}),
            **error_responses(400, 409, 413, 415, 422),
        },
        requestBody=json_body("NewUser"),
        **AUTHENTICATED,
    )


def _show_user() -> OpenApiObject:
    return operation(
        "getUser",
        "Accounts",
        "Show a user",
        {"200": json_response("The user.", ref("User")), **error_responses(404)},
        parameters=[_USER],
        **AUTHENTICATED,
    )


def _change_user() -> OpenApiObject:
    return operation(
        "changeUser",
        "Accounts",
        "Change a user: all the given fields, or none if one is wrong",
        {
            "200": json_response("The user after the change.", ref("User")),
            **error_responses(400, 404, 409, 413, 415, 422),
        },
        description="It takes effect at once. The last enabled admin is neither disabled nor demoted (409).",
        parameters=[_USER],
        requestBody=json_body("UserChange"),
        **AUTHENTICATED,
    )


def _list_api_keys() -> OpenApiObject:
    return operation(
        "listApiKeys",
        "Accounts",
        "List API keys by name",
        {"200": json_response("Every key, revoked or not.", array_of("ApiKey")), **error_responses()},
        **AUTHENTICATED,
    )


def _add_api_key() -> OpenApiObject:
    headers = {"Location": header("The key's URL.")}
    return operation(
        "addApiKey",
        "Accounts",
        "Add an API key and tell it, once",
        {
            "201": json_response("Keep `key` now; it cannot be shown again.", ref("IssuedApiKey"), headers),
            **error_responses(400, 409, 413, 415, 422),
        },
        requestBody=json_body("NewApiKey"),
        **AUTHENTICATED,
    )


def _show_api_key() -> OpenApiObject:
    return operation(
        "getApiKey",
        "Accounts",
        "Show an API key, without the key itself",
        {"200": json_response("The key.", ref("ApiKey")), **error_responses(404)},
        parameters=[_API_KEY],
        **AUTHENTICATED,
    )


def _revoke_api_key() -> OpenApiObject:
    return operation(
        "revokeApiKey",
        "Accounts",
        "Revoke an API key, at once and for good",
        {"204": {"description": "It leads in no more."}, **error_responses(404)},
        parameters=[_API_KEY],
        **AUTHENTICATED,
    )


_USER = in_path("user", "The user's name; a slash in it is written as %2F.")
_API_KEY = in_path("api_key", "The key's name; a slash in it is written as %2F.")
