"""Sources of settings besides the environment."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

PREFIX = "LEADTRACKER_"
DOTENV = ".env"
MAX_PORT = 65535


# It would warn each time the file is read, once for every setting; `unreadable_lines` names each line once.
logging.getLogger("dotenv").setLevel(logging.ERROR)


class SettingsError(Exception):
    """A setting is invalid; the text names the variable and never holds its value."""


class PlatformPort(PydanticBaseSettingsSource):
    """The port that a hosting platform assigns in the plain variable ``PORT``; all other sources prevail."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Return value, name and False (the value is not JSON), as the base class requires."""
        return (os.environ.get("PORT") or None) if field_name == "port" else None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the port if it is assigned and is not set otherwise.

        Raises:
            SettingsError: it is no port number.
        """
        port, _, _ = self.get_field_value(self.settings_cls.model_fields["port"], "port")
        if port is None or "port" in self.current_state:
            return {}
        if not (port.isascii() and port.isdigit() and 1 <= int(port) <= MAX_PORT):
            raise SettingsError(f"PORT: must be a number from 1 to {MAX_PORT}")
        return {"port": port}


class FileSource(EnvSettingsSource):
    """Reads values from files that ``LEADTRACKER_NAME_FILE`` variables name; drops the last line break."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        self._dotenv = dotenv_file()

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
        path = os.environ.get(variable) or self._dotenv.get(variable)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{variable}: cannot be read: {reason_of(error)}") from None

    def prepare_field_value(
        self,
        field_name: str,  # noqa: ARG002 - the signature is the library's
        field: FieldInfo,  # noqa: ARG002 - the signature is the library's
        value: Any,
        value_is_complex: bool,  # noqa: ARG002, FBT001 - the signature is the library's
    ) -> Any:
        """Return the value as it is: no setting is JSON, and to find that out takes a tenth of a command."""
        return value


def dotenv_file() -> Mapping[str, str | None]:
    """Return the variables in ``.env``; none if there is no such file.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return dotenv_values(DOTENV)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{DOTENV}: cannot be read: {reason_of(error)}") from None


def reason_of(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file cannot be used, without its content."""
    if isinstance(error, UnicodeDecodeError):
        return f"it is not text in {error.encoding}"
    return error.strerror or str(error)


def unreadable_lines() -> tuple[int, ...]:
    """Return the numbers of the lines of ``.env`` that are neither an assignment nor a comment."""
    path = Path(DOTENV)
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8") as stream:
        return tuple(binding.original.line for binding in parse_stream(stream) if binding.error)
