"""``/invitations``, ``/second-factors`` and ``/identities``: credentials of users.

The name of a user may have a slash, so that it stands at the end of each path.
"""

from flask import Blueprint, Response, url_for

from leadtracker.container import Container
from leadtracker.domain.model.values.email_address import MAX_EMAIL_LENGTH
from leadtracker.entrypoints.formats.json_models.accounts import UserJson
from leadtracker.entrypoints.http.api.account_schemas import (
    account_name_schema,
    assignable_schema,
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
from leadtracker.entrypoints.http.openapi.schemas import email, object_of
from leadtracker.entrypoints.http.requests.body import read_json
from leadtracker.entrypoints.http.responses import json_response, no_content

_TAG = "Accounts"
_USER = in_path("user", "The name of the user; write a slash in it as %2F.", "ann")


def credentials_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of credentials."""
    blueprint = Blueprint("credentials", __name__)
    invite_user, manage_users = container.invite_user(), container.manage_users()
    manage_second_factor = container.manage_second_factor()

    @blueprint.post("/invitations")
    def invite() -> Response:
        user = invite_user(authenticator.require_actor(), read_json())
        location = url_for("users.show", user=user.name, _external=True)
        return json_response(UserJson.of_user(user), 201, {"Location": location})

    @blueprint.post("/invitations/<account:user>")
    def invite_again(user: str) -> Response:
        return json_response(UserJson.of_user(invite_user.again(authenticator.require_actor(), user)), 202)

    @blueprint.delete("/second-factors/<account:user>")
    def remove_second_factor(user: str) -> Response:
        manage_second_factor.remove(authenticator.require_actor(), user)
        return no_content()

    @blueprint.delete("/identities/<account:user>")
    def unlink(user: str) -> Response:
        manage_users.unlink(authenticator.require_actor(), user)
        return no_content()

    return blueprint


def credential_operations() -> Paths:
    """The operations of credentials."""
    return {
        "/invitations": {"post": _invite()},
        "/invitations/{user}": {
            "post": operation(
                "inviteUserAgain",
                _TAG,
                "Send the invitation of a user again",
                openapi.json_response(202, "A scheduler sends the e-mail.", UserJson)
                | error_responses(404, 409),
                description="Earlier links stop working. 409 if the user has chosen a password already.",
                parameters=[_USER],
            )
        },
        "/second-factors/{user}": {
            "delete": operation(
                "removeSecondFactor",
                _TAG,
                "Remove the second factor of a user who has lost it",
                openapi.response(204, "The user has none, and is signed out.") | error_responses(404),
                parameters=[_USER],
            )
        },
        "/identities/{user}": {
            "delete": operation(
                "unlinkUser",
                _TAG,
                "Unlink a user from the person at the OpenID provider",
                openapi.response(204, "The user is linked to no person, and signed out.")
                | error_responses(404),
                description="The next person with the user's verified address is linked instead.",
                parameters=[_USER],
            )
        },
    }


def _invite() -> OpenApiObject:
    new_invitation = Component(
        "NewInvitation",
        object_of(
            ("name", "role", "email"),
            name=account_name_schema("ann"),
            role=user_role_schema(),
            email=email(maxLength=MAX_EMAIL_LENGTH, examples=["ann@example.com"]),
            assignable=assignable_schema(),
        ),
    )
    return operation(
        "inviteUser",
        _TAG,
        "Add a user who chooses the password by a link that is mailed",
        openapi.json_response(
            201, "A scheduler sends the e-mail; its link works once, for an hour.", UserJson, openapi.LOCATION
        )
        | error_responses(400, 409, 413, 415, 422),
        requestBody=json_body(new_invitation, {"name": "ann", "role": "agent", "email": "ann@example.com"}),
    )
