"""The shapes of users and API keys."""

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH, MAX_PASSWORD_LENGTH
from leadtracker.domain.model.email_address import MAX_EMAIL_LENGTH
from leadtracker.entrypoints.http.openapi.types import (
    Schema,
    line,
    not_blank,
    object_of,
    one_of,
    or_null,
    text,
    time,
)


def account_schemas() -> dict[str, Schema]:
    """The schemas of accounts."""
    return {
        "User": _user(),
        "NewUser": _new_user(),
        "UserChange": _user_change(),
        "ApiKey": object_of(**_api_key()),
        "IssuedApiKey": object_of(**_api_key(), key=text("The key itself; told only now.", pattern="^lt_")),
        "NewApiKey": object_of(name=_account_name(), role=one_of(Role)),
    }


def _user() -> Schema:
    return object_of(
        name=_account_name(),
        role=one_of(Role),
        email=or_null(text(maxLength=MAX_EMAIL_LENGTH)),
        created_at=time(),
        disabled_at=or_null(time("Since when they cannot sign in.")),
    )


def _new_user() -> Schema:
    fields = object_of(name=_account_name(), role=one_of(Role), password=_password(), email=_email_or_null())
    return fields | {"required": ["name", "role", "password"]}


def _user_change() -> Schema:
    disabled: Schema = {"type": "boolean", "description": "`false` lets them sign in again."}
    fields = object_of(role=one_of(Role), email=_email_or_null(), password=_password(), disabled=disabled)
    return fields | {"required": [], "description": "What is not given stays as it is; a null clears."}


def _api_key() -> dict[str, Schema]:
    return {
        "name": _account_name(),
        "role": one_of(Role),
        "created_at": time(),
        "revoked_at": or_null(time("Since when it leads in no more.")),
    }


def _account_name() -> Schema:
    name = not_blank(line("Trimmed; without colon; not a dot or two.", maxLength=MAX_ACCOUNT_NAME_LENGTH))
    return name | {"pattern": name["pattern"].replace("[^", "[^:").replace("^[", r"^(?!\.{1,2}$)[", 1)}


def _email_or_null() -> Schema:
    return or_null(text(minLength=3, maxLength=MAX_EMAIL_LENGTH, format="email"))


def _password() -> Schema:
    return text(minLength=1, maxLength=MAX_PASSWORD_LENGTH, format="password", writeOnly=True)
