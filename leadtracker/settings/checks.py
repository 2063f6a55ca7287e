"""Validators of settings; each raises ValueError with a message that never holds the value."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from limits import parse_many
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from pydantic import SecretStr, ValidationInfo

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.account import check_account_name
from leadtracker.domain.model.accounts.password import check_new_password
from leadtracker.domain.model.deliveries.email import Mailbox
from leadtracker.domain.model.deliveries.webhook import WebhookSecret
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.retention import MAX_MONTHS
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_parser import clean_text

NO_LIMIT = "off"
CONSENT = "consent"
REQUIRABLE = ("first_name", "last_name", "email", "phone", "message", "resume", CONSENT)
NO_DIGEST = "off"
NO_REPORT = "off"
_TIME_OF_DAY = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_MAX_WEBHOOK_SECRETS = 2  # the old one and its replacement
_MIN_API_KEY_LENGTH = 32
_IN_MEMORY = "memory://"
_MAX_NAME_LENGTH = 100


def clean_name(text: str | None) -> str | None:
    """Return a name in one line as other texts are cleaned; None if nothing of it can be seen."""
    return None if text is None else clean_text(text, limit=_MAX_NAME_LENGTH) or None


def parse_zone(value: Any) -> ZoneInfo:
    """Return the time zone with this IANA name."""
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = "must be an IANA time zone, such as Europe/Berlin"
        raise ValueError(message) from None


def check_api_key(key: SecretStr | None) -> SecretStr | None:
    """Require a key that HTTP headers can carry and that cannot be guessed."""
    if key is not None:
        text = key.get_secret_value()
        if not (text.isascii() and text.isprintable() and " " not in text):
            message = "must consist of printable ASCII characters without blanks"
            raise ValueError(message)
        if len(text) < _MIN_API_KEY_LENGTH:
            message = f"must have at least {_MIN_API_KEY_LENGTH} characters"
            raise ValueError(message)
    return key


def check_webhook_secret(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    """Require one or two secrets if there are webhook URLs."""
    texts = split_list(secret)
    if not texts and split_list(info.data.get("webhook_urls")):
        message = "is needed to sign what is sent to LEADTRACKER_WEBHOOK_URLS"
        raise ValueError(message)
    if len(texts) > _MAX_WEBHOOK_SECRETS:
        message = "must be one secret, or two while one is being replaced"
        raise ValueError(message)
    for text in texts:
        WebhookSecret.parse(text)
    return secret


def check_canary(value: str, info: ValidationInfo) -> str:
    """Require the address at which the canary opens the form."""
    if value == "on" and info.data.get("public_url") is None:
        message = "needs LEADTRACKER_PUBLIC_URL, the address at which visitors open the form"
        raise ValueError(message)
    return value


def check_mailbox(text: str) -> str:
    """Require an e-mail address, with or without a name."""
    if not text.isprintable():
        message = "must not contain control characters"
        raise ValueError(message)
    try:
        Mailbox.parse(text)
    except ValueError:
        message = "must be an e-mail address, such as name@example.com or Name <name@example.com>"
        raise ValueError(message) from None
    return text


def check_address(text: str | None) -> str | None:
    """Require one e-mail address without a name."""
    if text is not None:
        EmailAddress.parse(text)
    return text


def check_addresses(text: str | None) -> str | None:
    """Require e-mail addresses, separated by commas."""
    for address in split_addresses(text):
        EmailAddress.parse(address)
    return text


def check_report_addresses(text: str | None) -> str | None:
    """Require e-mail addresses, separated by commas, or ``NO_REPORT``."""
    return text if text == NO_REPORT else check_addresses(text)


def check_required_fields(text: str | None) -> str | None:
    """Require names of fields, separated by commas or white space."""
    if not split_fields(text) <= set(REQUIRABLE):
        message = f"must be any of {', '.join(REQUIRABLE)}, separated by commas"
        raise ValueError(message)
    return text


def check_retention(text: str | None) -> str | None:
    """Require months by state, such as ``LOST=24,PENDING=24``."""
    parse_retention(text)
    return text


def parse_retention(text: str | None) -> dict[LeadState, int]:
    """Return the months by state, in the order of the setting."""
    months: dict[LeadState, int] = {}
    for part in split_addresses(text):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        if name.upper() not in LeadState.__members__ or not equals:
            states = ", ".join(LeadState)
            raise ValueError(
                f"must be states with months, such as LOST=24,PENDING=24; the states are {states}"
            )
        state = LeadState(name.upper())
        if not (number.isascii() and number.isdigit() and 1 <= int(number[:5]) <= MAX_MONTHS):
            raise ValueError(f"must have a number of months from 1 to {MAX_MONTHS} for {state.value}")
        if state in months:
            raise ValueError(f"must name {state.value} once")
        months[state] = int(number)
    return months


def split_fields(text: str | None) -> frozenset[str]:
    """Split names of fields at commas and white space."""
    return frozenset((text or "").replace(",", " ").split())


def split_addresses(text: str | None) -> tuple[str, ...]:
    """Split addresses at commas; drop repetitions."""
    parts = (part.strip() for part in (text or "").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def check_admin_name(name: str) -> str:
    """Require a name that the first admin could have; return it cleaned."""
    try:
        return check_account_name(name)
    except InvalidInput as error:
        raise ValueError(error.errors[0].message) from None


def check_admin_password(password: SecretStr, info: ValidationInfo) -> SecretStr:
    """Require a password that the first admin could choose."""
    try:
        check_new_password(password.get_secret_value(), info.data.get("admin_username", ""))
    except InvalidInput as error:
        raise ValueError(error.errors[0].message) from None
    return password


def check_header_value(value: SecretStr | None) -> SecretStr | None:
    """Require printable ASCII."""
    if value is not None:
        text = value.get_secret_value()
        if not (text.isascii() and text.isprintable()):
            message = "must be printable ASCII, as it is sent in a header"
            raise ValueError(message)
    return value


def check_time_of_day(text: str) -> str:
    """Require a time of day, or ``off``."""
    if text != NO_DIGEST and not _TIME_OF_DAY.fullmatch(text):
        message = "must be a time of day, such as 08:00, or off"
        raise ValueError(message)
    return text


def check_region(region: str | None) -> str | None:
    """Require an ISO country code that libphonenumber supports."""
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        message = "must be an ISO country code, such as DE"
        raise ValueError(message)
    return region


def check_rate_limit(text: str) -> str:
    """Require a rate limit, or ``off``."""
    try:
        limits = [] if text == NO_LIMIT else parse_many(text)
        is_one = len(limits) == 1 and limits[0].amount >= 1
    except ValueError:
        is_one = False
    if text != NO_LIMIT and not is_one:
        message = "must be a number per time, such as 10/15 minutes, or off"
        raise ValueError(message)
    return text


def check_rate_limit_storage(uri: SecretStr) -> SecretStr:
    """Require a storage URI that the limits library can use."""
    if uri.get_secret_value() == _IN_MEMORY:  # to try it would start a thread
        return uri
    try:
        MovingWindowRateLimiter(storage_from_string(uri.get_secret_value()))
    except (ConfigurationError, ValueError, AssertionError, NotImplementedError):
        message = "must be a storage that the limits library can use here, such as memory:// or redis://host"
        raise ValueError(message) from None
    except Exception:  # noqa: BLE001 - each kind of storage raises other errors
        return uri  # valid, but the storage cannot be reached now
    return uri


def split_list(value: SecretStr | None) -> tuple[str, ...]:
    """Split at commas and white space; drop repetitions."""
    text = "" if value is None else value.get_secret_value()
    return tuple(dict.fromkeys(text.replace(",", " ").split()))
