"""The JSON objects of users and API keys, without hashes and digests."""

from pydantic import Field
from pydantic.config import JsonDict

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH
from leadtracker.domain.model.values.email_address import MAX_EMAIL_LENGTH
from leadtracker.entrypoints.formats.as_json import JsonModel, Timestamp

_NAME_SCHEMA: JsonDict = {"maxLength": MAX_ACCOUNT_NAME_LENGTH}
_EMAIL_SCHEMA: JsonDict = {"maxLength": MAX_EMAIL_LENGTH}


class UserJson(JsonModel):
    """A user, who signs in with a name and a password."""

    name: str = Field(examples=["ann"], json_schema_extra=_NAME_SCHEMA)
    role: Role
    email: str | None = Field(
        description="The address for notifications and reminders.",
        examples=["ann@example.com"],
        json_schema_extra=_EMAIL_SCHEMA,
    )
    assignable: bool = Field(
        validation_alias="is_assignable", description="True if new leads may be assigned to the user."
    )
    must_change_password: bool = Field(
        description="True if an admin has set the password: on the pages the user must choose another one "
        "first. Basic authentication accepts it."
    )
    second_factor_at: Timestamp | None = Field(
        description="Since when signing in needs a second factor. Basic authentication is rejected then."
    )
    created_at: Timestamp
    disabled_at: Timestamp | None = Field(description="Since when the user cannot sign in.")


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
