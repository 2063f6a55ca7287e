"""The schemas of the inputs of accounts."""

from leadtracker.domain.model.accounts.access import USER_ROLES
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH
from leadtracker.domain.model.accounts.password import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from leadtracker.domain.model.values.email_address import MAX_EMAIL_LENGTH
from leadtracker.entrypoints.http.openapi.schemas import Schema, email, line, not_blank, or_null, text


def user_role_schema() -> Schema:
    """The role of a user."""
    return {"type": "string", "enum": [role.value for role in USER_ROLES]}


def assignable_schema() -> Schema:
    """True if new leads may be assigned to a user."""
    return {
        "type": "boolean",
        "description": "`true` lets new leads be assigned to the user.",
        "examples": [True],
    }


def account_name_schema(example: str) -> Schema:
    """The name of a user or an API key."""
    name = not_blank(
        line(
            "Trimmed; without a colon; neither `.`, `..`, `me` nor `none`.",
            maxLength=MAX_ACCOUNT_NAME_LENGTH,
            examples=[example],
        )
    )
    return name | {
        "pattern": name["pattern"].replace("[^", "[^:").replace("^[", r"^(?!(?:\.{1,2}|me|none)$)[", 1)
    }


def email_schema() -> Schema:
    """The e-mail address of a user, or null."""
    return or_null(email(maxLength=MAX_EMAIL_LENGTH, examples=["ann@example.com"]))


def password_schema() -> Schema:
    """A password of a user."""
    return text(
        minLength=MIN_PASSWORD_LENGTH,
        maxLength=MAX_PASSWORD_LENGTH,
        format="password",
        writeOnly=True,
        examples=["seven herons at dawn"],
    )
