"""Persons as an OpenID provider identifies them, and the accounts that they are linked to."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Self

from attrs import asdict, field, frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import USER_ROLES, Role
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH, check_account_name
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.timestamps import check_utc

_MAX_NUMBERED_NAME = 99
_ROOM_FOR_NUMBER = len(f"-{_MAX_NUMBERED_NAME}")


@frozen(kw_only=True)
class ExternalIdentity:
    """The link from a person at a provider to a user.

    Attributes:
        issuer: the provider's issuer identifier, a URL.
        subject: the provider's permanent id of the person; unlike a name or an address, it is never reused.
        user: the user's name.
    """

    issuer: str
    subject: str
    user: str
    linked_at: datetime = field(validator=check_utc)


@frozen(kw_only=True)
class ProvenIdentity:
    """A person as a provider has described them in a token that passed every check.

    Attributes:
        issuer: the provider's issuer identifier.
        subject: the provider's permanent id of the person.
        email: the address, only if the provider has verified that it is the person's.
        names: suggestions for the name of an account, the best first.
        groups: the values of the claim that decides about the role.
        authenticated_at: when the person last proved their identity to the provider; None if it does not say.
    """

    issuer: str
    subject: str
    email: EmailAddress | None
    names: tuple[str, ...]
    groups: frozenset[str]
    authenticated_at: datetime | None = None


@frozen(kw_only=True)
class ProviderTokens:
    """The tokens that a provider issues to one session, to be asked about it again; secrets.

    Attributes:
        subject: the provider's permanent id of the person.
        id_token: names the session to the provider when it is to end.
        refresh_token: lets the provider be asked whether the person still has access; empty without one.
    """

    subject: str
    id_token: str = field(repr=False)
    refresh_token: str = field(repr=False)

    def as_text(self) -> str:
        """Return the tokens as a text to be encrypted."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the tokens of what ``as_text`` has returned."""
        return cls(**json.loads(text))


def purpose_of_tokens(session: str) -> str:
    """Return the purpose for which the tokens of the session with this digest are encrypted."""
    return f"tokens of the session {session}"


def highest_role(groups: Iterable[str], roles: Mapping[str, Role]) -> Role | None:
    """Return the highest role of a person's groups; None if no group has one.

    Args:
        groups: the groups of the person at the provider.
        roles: the role of each group that has one.
    """
    found = [roles[group] for group in groups if group in roles]
    return max(found, key=USER_ROLES.index, default=None)


def account_names(suggestions: Iterable[str]) -> Iterator[str]:
    """Yield the valid names among the suggestions, then the best of them with numbers, such as ann-2."""
    valid = list(dict.fromkeys(name for name in map(_cleaned, suggestions) if name)) or ["user"]
    yield from valid
    stem = valid[0][: MAX_ACCOUNT_NAME_LENGTH - _ROOM_FOR_NUMBER]
    for number in range(2, _MAX_NUMBERED_NAME + 1):
        yield f"{stem}-{number}"


def _cleaned(suggestion: str) -> str | None:
    try:
        return check_account_name(suggestion)
    except InvalidInput:
        return None
