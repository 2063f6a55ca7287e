"""The JSON objects of users and API keys, without hashes and digests."""

from collections.abc import Sequence

from pydantic import Field
from pydantic.config import JsonDict

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH, User
from leadtracker.domain.model.accounts.external_identity import ExternalIdentity
from leadtracker.domain.model.values.email_address import MAX_EMAIL_LENGTH
from leadtracker.entrypoints.formats.as_json import JsonModel, Timestamp

_NAME_SCHEMA: JsonDict = {"maxLength": MAX_ACCOUNT_NAME_LENGTH}
_OWN = ("name", "role", "email", "must_change_password", "second_factor_at", "created_at", "disabled_at")
_EMAIL_SCHEMA: JsonDict = {"maxLength": MAX_EMAIL_LENGTH}


class IdentityJson(JsonModel):
    """A person at an OpenID provider whom a user is linked to."""

    issuer: str = Field(examples=["https://login.firm.example/realms/office"])
    subject: str = Field(description="The provider's permanent id of the person.", examples=["248289761001"])
    linked_at: Timestamp


class UserJson(JsonModel):
    """A user, who signs in with a name and a password or through the OpenID provider."""

    name: str = Field(examples=["ann"], json_schema_extra=_NAME_SCHEMA)
    role: Role
    email: str | None = Field(
        description="The address for notifications and reminders.",
        examples=["ann@example.com"],
        json_schema_extra=_EMAIL_SCHEMA,
    )
    assignable: bool = Field(
        validation_alias="is_assignable",
        description="True if new leads may be assigned to the user.",
        examples=[True],
    )
    must_change_password: bool = Field(
        description="True if an admin has set the password: on the pages the user must choose another one "
        "first. Basic authentication accepts it.",
        examples=[False],
    )
    second_factor_at: Timestamp | None = Field(
        description="Since when signing in needs a second factor. Basic authentication is rejected then."
    )
    created_at: Timestamp
    disabled_at: Timestamp | None = Field(description="Since when the user cannot sign in.")
    invited: bool = Field(
        description="True until the user has chosen a password after an invitation.", examples=[False]
    )
    identities: list[IdentityJson] = Field(
        description="The persons at the OpenID provider who sign in as this user; empty if the user is not "
        "linked to any."
    )

    @classmethod
    def of_user(cls, user: User, identities: Sequence[ExternalIdentity] = ()) -> "UserJson":
        """Read the model from a user and the persons whom the user is linked to."""
        own = {name: getattr(user, name) for name in _OWN}
        linked = [IdentityJson.of(one) for one in identities]
        return cls.of(
            own | {"is_assignable": user.is_assignable, "invited": user.is_invited, "identities": linked}
        )


class ApiKeyJson(JsonModel):
    """An API key without its secret."""

    name: str = Field(examples=["website"], json_schema_extra=_NAME_SCHEMA)
    role: Role
    created_at: Timestamp
    created_by: str | None = Field(description="The actor who added the key.", examples=["user:ann"])
    expires_at: Timestamp | None = Field(description="From when on the key is rejected.")
    last_used_at: Timestamp | None = Field(description="To the hour; null if the key was never used.")
    revoked_at: Timestamp | None = Field(description="Since when the key is rejected.")


class IssuedApiKeyJson(ApiKeyJson):
    """A new API key with its secret, which is shown only once."""

    key: str = Field(
        description="The secret, to be sent as X-API-Key or as a bearer token.",
        examples=["lt_Jm9vYmFyYmF6cXV4"],
        json_schema_extra={"pattern": "^lt_"},
    )
