"""The key that signs what browsers keep: given, or made once and kept in a file."""

import os
import secrets
import tempfile
from pathlib import Path

from leadtracker.settings.schema import Settings
from leadtracker.settings.sources import SettingsError

_BYTES = 32


def secret_key(settings: Settings) -> str:
    """The key of this installation; every process gets the same one.

    Raises:
        SettingsError: none was given, and the file can be neither read nor made.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.secret_key_path
    try:
        if not path.exists():
            _create(path)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        message = f"LEADTRACKER_SECRET_KEY: not given, and {path} cannot be used ({type(error).__name__})"
        raise SettingsError(message) from None


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole before it gets its name, which only the first of several processes can give.
    handle, written = tempfile.mkstemp(dir=path.parent, prefix=".secret_key")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(_BYTES))
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        Path(written).unlink()
