"""Sources of settings besides the environment."""

import os
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic_settings import EnvSettingsSource

PREFIX = "LEADTRACKER_"
DOTENV = ".env"


class SettingsError(Exception):
    """A setting is invalid; the text names the variable and never holds its value."""


class FileSource(EnvSettingsSource):
    """Reads values from files that ``LEADTRACKER_NAME_FILE`` variables name; drops the last line break."""

    def get_field_value(
        self,
        field: Any,  # noqa: ARG002 - the signature is the library's
        field_name: str,
    ) -> tuple[Any, str, bool]:
        """Return value, name and False (the value is not JSON), as the base class requires.

        Raises:
            SettingsError: the file cannot be read.
        """
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        path = os.environ.get(variable) or dotenv_values(DOTENV).get(variable)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            message = f"{variable}: cannot be read ({type(error).__name__})"
            raise SettingsError(message) from None
