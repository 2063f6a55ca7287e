"""The settings: every one there is, its default, its meaning, and the only place that reads the environment.

A setting ``NAME`` comes from the environment variable ``LEADTRACKER_NAME``, from the file that
``LEADTRACKER_NAME_FILE`` names (for secrets), or from a ``.env`` file in the working directory; the first of
these wins. To add one, add a field with a description here and a line to ``.env.example``; a test compares.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from attrs import frozen
from dotenv import dotenv_values
from limits import parse_many
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import (
    SettingsError as SourceError,
)

PREFIX = "LEADTRACKER_"
NO_LIMIT = "off"
_DOTENV = ".env"
_MASK = "***"
_PASSWORD_IN_QUERY = re.compile("([?&](?:ssl)?password=)[^&]*")
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


class SettingsError(Exception):
    """A setting is wrong; the text names the variable and never holds its value."""


def _parse_zone(value: Any) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = "must be an IANA time zone, such as Europe/Berlin"
        raise ValueError(message) from None


def _split(url: SecretStr) -> SplitResult | None:
    """The parts of a URL, or None if it is none; why is not told, since the reason may hold its password."""
    try:
        parts = urlsplit(url.get_secret_value())
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def _check_database_url(url: SecretStr | None) -> SecretStr | None:
    if url is not None:
        parts = _split(url)
        is_sqlite = parts and parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1
        is_postgres = parts and parts.scheme == "postgresql" and parts.hostname
        if not is_sqlite and not is_postgres:
            message = "must be sqlite:///<path> or postgresql://user:password@host:5432/name"
            raise ValueError(message)
        if _BROKEN_ESCAPE.search(url.get_secret_value()):
            message = "has a % that begins no escape; write it as %25"
            raise ValueError(message)
    return url


def _check_http_url(url: SecretStr | None) -> SecretStr | None:
    if url is not None:
        parts = _split(url)
        is_http = parts and parts.scheme in {"http", "https"} and parts.hostname
        if not is_http or not url.get_secret_value().isprintable():
            message = "must be an http:// or https:// URL"
            raise ValueError(message)
    return url


def _check_header_value(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        text = value.get_secret_value()
        if not (text.isascii() and text.isprintable()):
            message = "must be printable ASCII, as it is sent in a header"
            raise ValueError(message)
    return value


def _check_region(region: str | None) -> str | None:
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        message = "must be an ISO country code, such as DE"
        raise ValueError(message)
    return region


def _check_rate_limit(text: str) -> str:
    try:
        limits = [] if text == NO_LIMIT else parse_many(text)
        is_one = len(limits) == 1 and limits[0].amount >= 1
    except ValueError:
        is_one = False
    if text != NO_LIMIT and not is_one:
        message = "must be a number per time, such as 10/15 minutes, or off"
        raise ValueError(message)
    return text


def _check_rate_limit_storage(uri: SecretStr) -> SecretStr:
    try:
        MovingWindowRateLimiter(storage_from_string(uri.get_secret_value()))
    except (ConfigurationError, ValueError, AssertionError, NotImplementedError):
        message = "must be a storage that the limits library can use here, such as memory:// or redis://host"
        raise ValueError(message) from None
    except Exception:  # noqa: BLE001 - each kind of storage raises errors of its own
        return uri  # it was understood, but cannot be reached now, which may pass
    return uri


class Settings(BaseSettings):
    """All settings, validated."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=_DOTENV, env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: Annotated[SecretStr | None, AfterValidator(_check_database_url)] = Field(
        default=None, description="where leads are kept; default: leadtracker.db in DATA_DIR"
    )
    data_dir: Path = Field(default=Path("data"), description="folder for the SQLite database")
    host: str = Field(default="127.0.0.1", description="address the web server listens at")
    port: int = Field(default=8000, ge=1, le=65535, description="port the web server listens at")
    web_workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 4),
        ge=1,
        le=64,
        description="web worker processes; default: one per core, at most 4",
    )
    admin_username: str = Field(
        default="admin",
        min_length=1,
        max_length=100,
        pattern="^[^:]+$",
        description="first admin's name",
    )
    admin_password: Annotated[SecretStr, Field(max_length=1000)] | None = Field(
        default=None,
        description="first admin's password; without it one is generated and printed once",
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(_parse_zone)] = Field(
        default=ZoneInfo("UTC"), description="the business's IANA zone: weeks and date filters"
    )
    retool_url: Annotated[SecretStr | None, AfterValidator(_check_http_url)] = Field(
        default=None,
        description="the workflow's full trigger URL; without it reports go to the log",
    )
    retool_api_key: Annotated[SecretStr | None, AfterValidator(_check_header_value)] = Field(
        default=None, description="sent as X-Workflow-Api-Key instead of a key in the URL"
    )
    report_catchup_weeks: int = Field(
        default=8,
        ge=1,
        le=520,
        description="missed weeks still sent; older ones are recorded as missed",
    )
    phone_region: Annotated[str | None, AfterValidator(_check_region)] = Field(
        default=None,
        description="ISO country of national phone numbers; without it only +… is normalised",
    )
    public_duplicates: Literal["link", "reject"] = Field(
        default="link", description="what the public gets for a known address: link or reject"
    )
    login_rate_limit: Annotated[str, AfterValidator(_check_rate_limit)] = Field(
        default="10/15 minutes", description="failed sign-ins per client address; off: any number"
    )
    rate_limit_storage: Annotated[SecretStr, AfterValidator(_check_rate_limit_storage)] = Field(
        default=SecretStr("memory://"),
        description="where they are counted; memory:// is one count per worker process",
    )
    trusted_proxies: int = Field(
        default=0, ge=0, le=10, description="number of proxies whose X-Forwarded-* is believed"
    )
    log_format: Literal["text", "json"] | None = Field(
        default=None, description="text or json; default: text on a terminal, else json"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least severity that is logged"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - named by the library
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put values from ``NAME_FILE`` between the environment and ``.env``."""
        return init_settings, env_settings, _FileSource(settings_cls), dotenv_settings

    @property
    def database(self) -> str:
        """The database URL, with its password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'leadtracker.db'}"


class _FileSource(EnvSettingsSource):
    """Reads ``LEADTRACKER_NAME_FILE``: the file's text without its last line break is the value."""

    def get_field_value(
        self,
        field: Any,  # noqa: ARG002 - the signature is the library's
        field_name: str,
    ) -> tuple[Any, str, bool]:
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        path = os.environ.get(variable) or dotenv_values(_DOTENV).get(variable)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            message = f"{variable}: cannot be read ({type(error).__name__})"
            raise SettingsError(message) from None


@frozen
class LoadedSettings:
    """The settings, and the ``LEADTRACKER_`` variables that nobody knows."""

    settings: Settings
    unknown: tuple[str, ...]


def load_settings() -> LoadedSettings:
    """Read and check all settings.

    Raises:
        SettingsError: naming every wrong variable, in one line.
    """
    try:
        settings = Settings()
    except SourceError as error:
        # The library wraps what a source raises.
        raise error.__cause__ or SettingsError(str(error)) from None
    except ValidationError as error:
        complaints = (
            f"{PREFIX}{str(problem['loc'][0]).upper()}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError("; ".join(complaints)) from None
    return LoadedSettings(settings, tuple(sorted(_unknown((*os.environ, *dotenv_values(_DOTENV))))))


def _unknown(names: Iterable[str]) -> set[str]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known}
    return {name for name in names if name.upper().startswith(PREFIX) and name.upper() not in known}


def masked(settings: Settings) -> dict[str, str | int | None]:
    """The settings by variable name, with ``***`` in place of everything secret."""
    shown: dict[str, str | int | None] = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if name == "database_url":
            value = _mask_password(settings.database)
        elif name == "rate_limit_storage":
            value = _mask_password(settings.rate_limit_storage.get_secret_value())
        elif isinstance(value, SecretStr):
            value = _MASK
        shown[f"{PREFIX}{name.upper()}"] = value if isinstance(value, int | None) else str(value)
    return shown


def _mask_password(url: str) -> str:
    password = urlsplit(url).password
    shown = url.replace(f":{password}@", f":{_MASK}@") if password else url
    return _PASSWORD_IN_QUERY.sub(rf"\1{_MASK}", shown)
