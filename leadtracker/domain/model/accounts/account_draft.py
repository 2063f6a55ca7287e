"""Account drafts and changes: validated input."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import cast

from attrs import evolve, field, frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import USER_ROLES, Role
from leadtracker.domain.model.accounts.account import User, check_account_name
from leadtracker.domain.model.accounts.password import check_new_password
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import MAX_WORD_LENGTH, FieldParser, field_error
from leadtracker.domain.model.values.timestamps import parse_timestamp


@frozen(kw_only=True)
class UserDraft:
    """The validated input for a new user."""

    name: str
    role: Role
    password: str = field(repr=False)
    email: str | None
    is_assignable: bool

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> "UserDraft":
        """Validate raw fields.

        Raises:
            InvalidInput: with an error for every invalid or unknown field.
        """
        parser = FieldParser(raw)
        name = parser.validated("name", check_account_name)
        draft = cls(
            name=cast("str", name),
            role=cast("Role", parser.validated("role", _check_user_role)),
            password=cast("str", parser.validated("password", partial(check_new_password, name=name or ""))),
            email=_read_email(parser, raw),
            is_assignable=bool("assignable" in raw and parser.flag("assignable")),
        )
        parser.forbid_unknown("name", "role", "password", "email", "assignable")
        parser.raise_if_errors()  # after this the casts above are correct
        return draft


@frozen(kw_only=True)
class InvitationDraft:
    """The validated input for a user who is invited by e-mail."""

    name: str
    role: Role
    email: str
    is_assignable: bool

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> "InvitationDraft":
        """Validate raw fields.

        Raises:
            InvalidInput: with an error for every invalid or unknown field.
        """
        parser = FieldParser(raw)
        draft = cls(
            name=cast("str", parser.validated("name", check_account_name)),
            role=cast("Role", parser.validated("role", _check_user_role)),
            email=cast("str", parser.validated("email", _check_email)),
            is_assignable=bool("assignable" in raw and parser.flag("assignable")),
        )
        parser.forbid_unknown("name", "role", "email", "assignable")
        parser.raise_if_errors()  # after this the casts above are correct
        return draft


@frozen(kw_only=True)
class UserChange:
    """The validated changes of a user; None keeps the current value.

    Attributes:
        clears_email: true to remove the e-mail address.
    """

    role: Role | None
    email: str | None
    clears_email: bool
    password: str | None = field(repr=False)
    disabled: bool | None
    is_assignable: bool | None

    @classmethod
    def read(cls, raw: Mapping[str, object], name: str) -> "UserChange":
        """Validate raw fields of the changes of the user ``name``.

        Raises:
            InvalidInput: with an error for every invalid, unknown or read-only field.
        """
        parser = FieldParser(raw)
        change = cls(
            role=parser.validated("role", _check_user_role) if "role" in raw else None,
            email=_read_email(parser, raw),
            clears_email="email" in raw and raw["email"] is None,
            password=parser.validated("password", partial(check_new_password, name=name))
            if "password" in raw
            else None,
            disabled=parser.flag("disabled") if "disabled" in raw else None,
            is_assignable=parser.flag("assignable") if "assignable" in raw else None,
        )
        parser.forbid_unknown("role", "email", "password", "disabled", "assignable")
        parser.raise_if_errors()
        return change

    def of(self, user: User, now: datetime) -> User:
        """Return the changed user; the caller adds the hash of a new password."""
        return evolve(
            user,
            role=self.role or user.role,
            email=None if self.clears_email else self.email or user.email,
            is_assignable=user.is_assignable if self.is_assignable is None else self.is_assignable,
            disabled_at=self._disabled_at(user, now),
        )

    def _disabled_at(self, user: User, now: datetime) -> datetime | None:
        if self.disabled is None:
            return user.disabled_at
        return (user.disabled_at or now) if self.disabled else None


@frozen(kw_only=True)
class ApiKeyDraft:
    """The validated input for a new API key."""

    name: str
    role: Role
    expires_at: datetime | None

    @classmethod
    def read(cls, raw: Mapping[str, object], now: datetime) -> "ApiKeyDraft":
        """Validate raw fields; a time of expiry must lie after ``now``.

        Raises:
            InvalidInput: with an error for every invalid or unknown field.
        """
        parser = FieldParser(raw)
        draft = cls(
            name=cast("str", parser.validated("name", check_account_name)),
            role=cast("Role", parser.validated("role", _check_role)),
            expires_at=parser.parsed(
                "expires_at",
                parser.optional("expires_at", limit=MAX_WORD_LENGTH),
                lambda text: _read_expiry(text, now),
            ),
        )
        parser.forbid_unknown("name", "role", "expires_at")
        parser.raise_if_errors()  # after this the casts above are correct
        return draft


def _read_expiry(text: str, now: datetime) -> datetime:
    expires_at = parse_timestamp(text)
    if expires_at <= now:
        raise InvalidValue("in-the-past")
    return expires_at


def _read_email(parser: FieldParser, raw: Mapping[str, object]) -> str | None:
    return None if raw.get("email") is None else parser.validated("email", _check_email)


def _check_email(text: str) -> str:
    try:
        return EmailAddress.parse(text).text
    except ValueError as error:
        raise InvalidInput([field_error("email", error)]) from None


def _check_role(text: str, roles: Collection[Role] = tuple(Role)) -> Role:
    if text not in roles:
        raise InvalidInput([field_error("role", InvalidValue("unknown-role", roles=", ".join(roles)))])
    return Role(text)


def _check_user_role(text: str) -> Role:
    return _check_role(text, USER_ROLES)
