"""Links that are mailed to users: invitations and password resets."""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.model.values.timestamps import check_utc

LINK_LIFETIME = timedelta(hours=1)
"""For how long a link can be used."""

MAX_RESETS_PER_LIFETIME = 3
"""The maximum number of mails with a link to reset the password that a user gets within a link's lifetime."""


class LinkPurpose(StrEnum):
    """The purpose of a link; with both its user chooses a password."""

    INVITATION = "invitation"
    """Choose the first password of an account that an admin has added."""
    PASSWORD_RESET = "password_reset"  # noqa: S105 - is a purpose
    """Replace a password that was forgotten."""


@frozen(kw_only=True)
class AccountLink:
    """A link that a user was or will be mailed; its token is stored as a digest, and sealed.

    Attributes:
        user: the user's name; None if a reset was requested for a name or address that no user has. Such a
            request is stored like any other, so that its response and its duration reveal nothing.
        digest: the digest of the token.
        sealed_token: the encrypted token, for the mail.
        is_waiting: true until the mail is enqueued.
    """

    id: str
    purpose: LinkPurpose
    user: str | None
    digest: str = field(repr=False)
    sealed_token: str = field(repr=False)
    created_at: datetime = field(validator=check_utc)
    is_waiting: bool = True

    def is_valid(self, now: datetime) -> bool:
        """Return True if the link belongs to a user and has not expired."""
        return self.user is not None and now - self.created_at < LINK_LIFETIME


def purpose_of(link_id: str) -> str:
    """Return the purpose for which the token of a link is sealed."""
    return f"token of the link {link_id}"
