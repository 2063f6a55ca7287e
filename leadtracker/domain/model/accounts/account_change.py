"""Changes of credentials and addresses, which are mailed to the user."""

from enum import StrEnum

from attrs import frozen

from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.model.values.email_address import EmailAddress


class AccountChange(StrEnum):
    """A change of an account of which its user is warned by e-mail, in case another person has made it."""

    PASSWORD = "password"  # noqa: S105 - is a kind of change
    """The password was changed, by the user, a link or an admin."""
    SECOND_FACTOR_ENABLED = "second_factor_enabled"
    """A second factor was set up."""
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    """The second factor was removed, by the user or an admin."""
    EMAIL = "email"
    """The e-mail address was changed or removed; the e-mail goes to the former one."""


@frozen
class AccountNotice:
    """The notice of a change of an account, as the text of a delivery.

    Attributes:
        user: the user's name.
    """

    change: AccountChange
    user: str

    def as_text(self) -> str:
        """Return the text of the delivery."""
        return f"{self.change.value} {self.user}"

    @classmethod
    def parse(cls, text: str) -> "AccountNotice":
        """Return the notice of what ``as_text`` has returned."""
        change, _, user = text.partition(" ")
        return cls(AccountChange(change), user)


def has_other_address(before: User, after: User) -> bool:
    """Return True if e-mails to a user go elsewhere, or nowhere, after a change."""
    return _key(before) is not None and _key(before) != _key(after)


def _key(user: User) -> str | None:
    return None if user.email is None else EmailAddress.parse(user.email).key
