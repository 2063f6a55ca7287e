"""Load the settings, and show them without secrets."""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

from attrs import frozen
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError as SourceError

from leadtracker.settings.settings import Settings
from leadtracker.settings.sources import DOTENV, PREFIX, SettingsError, dotenv_file, unreadable_lines

_MASK = "***"
_PASSWORD_IN_QUERY = re.compile("([?&](?:ssl)?password=)[^&]*")

_MESSAGES = {
    "greater_than_equal": "must be at least {ge}",
    "int_parsing": "must be a whole number",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} characters",
}
"""The texts of errors that pydantic finds, by their type."""


@frozen
class LoadedSettings:
    """The settings, and what is wrong with their sources.

    Attributes:
        unknown: the names of variables that are no settings, each with the most similar setting or None.
        unreadable_lines: the numbers of lines of ``.env`` that are not understood.
    """

    settings: Settings
    unknown: Mapping[str, str | None]
    unreadable_lines: tuple[int, ...] = ()


def load_settings() -> LoadedSettings:
    """Read and validate all settings.

    Raises:
        SettingsError: its one line names every invalid variable.
    """
    dotenv_file()  # whose errors the library would not report as such
    try:
        settings = Settings()
    except SourceError as error:
        # pydantic-settings wraps the errors of sources.
        raise error.__cause__ or SettingsError(str(error)) from None
    except ValidationError as error:
        raise SettingsError("; ".join(_messages(error))) from None
    return LoadedSettings(settings, _unknown(), unreadable_lines())


def _messages(error: ValidationError) -> Iterator[str]:
    """Yield a line about each invalid variable, without its value."""
    for problem in error.errors():
        text = problem["msg"].removeprefix("Value error, ")
        if problem["type"] in _MESSAGES:
            text = _MESSAGES[problem["type"]].format_map(problem.get("ctx", {}))
        yield f"{PREFIX}{str(problem['loc'][0]).upper()}: {text}"


def _unknown() -> dict[str, str | None]:
    """Return every variable that is no setting: with the prefix, or in ``.env`` and similar to a setting."""
    known = _known()
    similar = {name for name in dotenv_file() if get_close_matches(name.upper(), known, n=1, cutoff=0.9)}
    named = {name for name in (*os.environ, *dotenv_file()) if name.upper().startswith(PREFIX)}
    return {
        name: _nearest(name.upper(), known) for name in sorted(named | similar) if name.upper() not in known
    }


def _known() -> list[str]:
    variables = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    return [*variables, *(f"{variable}_FILE" for variable in variables)]


def _nearest(name: str, known: list[str]) -> str | None:
    """Return the most similar setting; the prefix that all have in common does not count."""
    rests = {one.removeprefix(PREFIX): one for one in known}
    rest = name.removeprefix(PREFIX) if name.startswith(PREFIX) else name.partition("_")[2]
    return next((rests[one] for one in get_close_matches(rest, rests, n=1, cutoff=0.75)), None)


def origins() -> dict[str, str]:
    """Return where the value of each variable comes from: environment, file, ``.env`` or default."""
    environment = {name.upper(): value for name, value in os.environ.items()}
    file = {name.upper(): value for name, value in dotenv_file().items()}
    found = {}
    for field in Settings.model_fields:
        variable = f"{PREFIX}{field.upper()}"
        if environment.get(variable):
            found[variable] = "environment"
        elif environment.get(f"{variable}_FILE") or file.get(f"{variable}_FILE"):
            found[variable] = f"file named by {variable}_FILE"
        else:
            found[variable] = DOTENV if file.get(variable) else "default"
    return found


def masked(settings: Settings) -> dict[str, str | int | None]:
    """Return the settings by variable name, with ``***`` instead of secrets."""
    shown: dict[str, str | int | None] = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if name == "database_url":
            value = _mask_password(settings.database)
        elif name == "rate_limit_storage":
            value = _mask_password(settings.rate_limit_storage.get_secret_value())
        elif name == "public_url":
            value = settings.base_url
        elif isinstance(value, SecretStr):
            value = _MASK
        shown[f"{PREFIX}{name.upper()}"] = value if isinstance(value, int | None) else str(value)
    return shown


def _mask_password(url: str) -> str:
    password = urlsplit(url).password
    shown = url.replace(f":{password}@", f":{_MASK}@") if password else url
    return _PASSWORD_IN_QUERY.sub(rf"\1{_MASK}", shown)
