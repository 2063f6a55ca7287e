"""The person whom the claims of a verified token describe."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leadtracker.domain.errors import IdentityRejected
from leadtracker.domain.model.accounts.external_identity import ProvenIdentity
from leadtracker.domain.model.values.email_address import EmailAddress

_MAX_SUBJECT_LENGTH = 255
"""The maximum of OpenID Connect Core 1.0, section 2."""

_MAX_GROUPS = 1_000
_NAME_CLAIMS = ("preferred_username", "email", "name")


def identity_of(claims: Mapping[str, Any], role_claim: str) -> ProvenIdentity:
    """Return the person that the claims of a verified token describe.

    Raises:
        IdentityRejected: the subject is empty or too long.
    """
    subject = claims["sub"]
    if not subject.strip() or len(subject) > _MAX_SUBJECT_LENGTH or not subject.isprintable():
        raise IdentityRejected("the subject is empty, too long or not printable")
    return ProvenIdentity(
        issuer=claims["iss"],
        subject=subject,
        email=_verified_email(claims),
        names=tuple(value for name in _NAME_CLAIMS if isinstance(value := claims.get(name), str)),
        groups=_groups(_find(claims, role_claim)),
        authenticated_at=_authenticated_at(claims.get("auth_time")),
    )


def has_claim(claims: Mapping[str, Any], name: str) -> bool:
    """Return true if the claims contain the one that decides about the role."""
    return _find(claims, name) is not None


def _authenticated_at(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _verified_email(claims: Mapping[str, Any]) -> EmailAddress | None:
    email = claims.get("email")
    # The text "true" is not accepted: it is what a provider sends that passes on a text of its users.
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    try:
        return EmailAddress.parse(email)
    except ValueError:
        return None


def _find(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its name, or by the path to it, as in ``realm_access.roles``; None without it."""
    if name in claims:
        return claims[name]
    value: object = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _groups(value: object) -> frozenset[str]:
    values = value if isinstance(value, list) else [value]
    return frozenset(group for group in values[:_MAX_GROUPS] if isinstance(group, str))
