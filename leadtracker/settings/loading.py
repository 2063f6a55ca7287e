"""Load the settings, and show them without secrets."""

import os
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from attrs import frozen
from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError as SourceError

from leadtracker.settings.schema import Settings
from leadtracker.settings.sources import DOTENV, PREFIX, SettingsError

_MASK = "***"
_PASSWORD_IN_QUERY = re.compile("([?&](?:ssl)?password=)[^&]*")


@frozen
class LoadedSettings:
    """The settings, and the names of unknown ``LEADTRACKER_`` variables."""

    settings: Settings
    unknown: tuple[str, ...]


def load_settings() -> LoadedSettings:
    """Read and validate all settings.

    Raises:
        SettingsError: its one line names every invalid variable.
    """
    try:
        settings = Settings()
    except SourceError as error:
        # pydantic-settings wraps the errors of sources.
        raise error.__cause__ or SettingsError(str(error)) from None
    except ValidationError as error:
        messages = (
            f"{PREFIX}{str(problem['loc'][0]).upper()}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError("; ".join(messages)) from None
    return LoadedSettings(settings, tuple(sorted(_unknown((*os.environ, *dotenv_values(DOTENV))))))


def _unknown(names: Iterable[str]) -> set[str]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known}
    return {name for name in names if name.upper().startswith(PREFIX) and name.upper() not in known}


def masked(settings: Settings) -> dict[str, str | int | None]:
    """Return the settings by variable name, with ``***`` instead of secrets."""
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
