"""Validators of the settings of sign-in; each raises ValueError with a message that never holds a secret."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationInfo

from leadtracker.domain.model.accounts.access import USER_ROLES, Role

_ISSUER, _PREFIX = "oidc_issuer", "LEADTRACKER_"
_MAX_TEXT_LENGTH = 500
_SCOPES = re.compile(r"[!#-\[\]-~]+(?: [!#-\[\]-~]+)*", re.ASCII)


def check_issuer(url: str | None) -> str | None:
    """Require an https URL without query and fragment; plain http only for this machine, as in a test."""
    if url is not None:
        try:
            parts = urlsplit(url)
            is_secure = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))
            is_valid = is_secure and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_valid, parts = False, urlsplit("")
        if not is_valid or not url.isprintable() or " " in url:
            raise ValueError("must be the https:// URL that the provider states as its issuer")
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ValueError("must be a URL without user, query or fragment")
    return url


def check_client_id(client_id: str | None, info: ValidationInfo) -> str | None:
    """Require the id of the client if and only if there is an issuer."""
    _check_is_complete(client_id, info)
    if client_id is not None and not (client_id.isprintable() and len(client_id) <= _MAX_TEXT_LENGTH):
        raise ValueError(f"must be at most {_MAX_TEXT_LENGTH} printable characters")
    return client_id


def check_client_secret(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    """Require the secret of the client if and only if there is an issuer."""
    _check_is_complete(secret, info)
    if secret is not None and not secret.get_secret_value().isprintable():
        raise ValueError("must be printable")
    return secret


def check_roles(text: str | None, info: ValidationInfo) -> str | None:
    """Require pairs of a group and a role if and only if there is an issuer."""
    _check_is_complete(text, info)
    split_roles(text)
    return text


def check_scopes(text: str | None) -> str | None:
    """Require scopes of RFC 6749: printable ASCII without quotes, separated by spaces."""
    if text is not None and not _SCOPES.fullmatch(text):
        raise ValueError("must be scopes such as offline_access, separated by spaces")
    return text


def split_roles(text: str | None) -> Mapping[str, Role]:
    """Split pairs such as ``partners=admin`` at commas.

    Raises:
        ValueError: a pair has no group, or no role that a user may have, or a group occurs twice.
    """
    roles: dict[str, Role] = {}
    for pair in (text or "").split(","):
        group, _, role = (part.strip() for part in pair.rpartition("="))
        if not group and not role:
            continue
        if not group or role not in USER_ROLES or group in roles:
            known = ", ".join(USER_ROLES)
            raise ValueError(
                f"must be pairs such as partners=admin,staff=agent, each group once; the roles are {known}"
            )
        roles[group] = Role(role)
    return roles


def check_password_sign_in(choice: str, info: ValidationInfo) -> str:
    """Allow to switch passwords off only if there is another way in."""
    if choice == "off" and _ISSUER in info.data and info.data[_ISSUER] is None:
        raise ValueError(f"can only be off with {_PREFIX}OIDC_ISSUER")
    return choice


def _check_is_complete(value: object, info: ValidationInfo) -> None:
    """Require a value with an issuer, and none without; silent if the issuer itself is invalid."""
    if _ISSUER not in info.data:
        return
    if value is None and info.data[_ISSUER] is not None:
        raise ValueError(f"is needed with {_PREFIX}OIDC_ISSUER")
    if value is not None and info.data[_ISSUER] is None:
        raise ValueError(f"needs {_PREFIX}OIDC_ISSUER")


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False
