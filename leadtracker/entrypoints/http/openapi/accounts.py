"""The routes of users and API keys."""

from leadtracker.entrypoints.http.openapi.operations import (
    KNOWN,
    Part,
    header,
    in_path,
    json_answer,
    json_body,
    operation,
    refusals,
)
from leadtracker.entrypoints.http.openapi.types import array_of, ref


def account_paths() -> dict[str, Part]:
    """The paths of users and API keys."""
    return {
        "/users": {"get": _list_users(), "post": _add_user()},
        "/users/{user}": {"get": _show_user(), "patch": _change_user()},
        "/api-keys": {"get": _list_api_keys(), "post": _add_api_key()},
        "/api-keys/{api_key}": {"get": _show_api_key(), "delete": _revoke_api_key()},
    }


def _list_users() -> Part:
    return operation(
        "listUsers",
        "Accounts",
        "List users by name",
        {"200": json_answer("Every user, disabled or not.", array_of("User")), **refusals()},
        **KNOWN,
    )


def _add_user() -> Part:
    return operation(
        "addUser",
        "Accounts",
        "Add a user",
        {
            "201": json_answer("They may sign in.", ref("User"), {"Location": header("The user's URL.")}),
            **refusals(400, 409, 413, 415, 422),
        },
        requestBody=json_body("NewUser"),
        **KNOWN,
    )


def _show_user() -> Part:
    return operation(
        "getUser",
        "Accounts",
        "Show a user",
        {"200": json_answer("The user.", ref("User")), **refusals(404)},
        parameters=[_USER],
        **KNOWN,
    )


def _change_user() -> Part:
    return operation(
        "changeUser",
        "Accounts",
        "Change a user: all the given fields, or none if one is wrong",
        {
            "200": json_answer("The user after the change.", ref("User")),
            **refusals(400, 404, 409, 413, 415, 422),
        },
        description="It takes effect at once. The last enabled admin is neither disabled nor demoted (409).",
        parameters=[_USER],
        requestBody=json_body("UserChange"),
        **KNOWN,
    )


def _list_api_keys() -> Part:
    return operation(
        "listApiKeys",
        "Accounts",
        "List API keys by name",
        {"200": json_answer("Every key, revoked or not.", array_of("ApiKey")), **refusals()},
        **KNOWN,
    )


def _add_api_key() -> Part:
    headers = {"Location": header("The key's URL.")}
    return operation(
        "addApiKey",
        "Accounts",
        "Add an API key and tell it, once",
        {
            "201": json_answer("Keep `key` now; it cannot be shown again.", ref("IssuedApiKey"), headers),
            **refusals(400, 409, 413, 415, 422),
        },
        requestBody=json_body("NewApiKey"),
        **KNOWN,
    )


def _show_api_key() -> Part:
    return operation(
        "getApiKey",
        "Accounts",
        "Show an API key, without the key itself",
        {"200": json_answer("The key.", ref("ApiKey")), **refusals(404)},
        parameters=[_API_KEY],
        **KNOWN,
    )


def _revoke_api_key() -> Part:
    return operation(
        "revokeApiKey",
        "Accounts",
        "Revoke an API key, at once and for good",
        {"204": {"description": "It leads in no more."}, **refusals(404)},
        parameters=[_API_KEY],
        **KNOWN,
    )


_USER = in_path("user", "The user's name; a slash in it is written as %2F.")
_API_KEY = in_path("api_key", "The key's name; a slash in it is written as %2F.")
