"""The key that signs cookies and form tokens: given, or generated once and kept in a file."""

import os
import secrets
import tempfile
from pathlib import Path

from leadtracker.settings.settings import Settings
from leadtracker.settings.sources import SettingsError, reason_of

_BYTES = 32


def secret_key(settings: Settings) -> str:
    """Return the key of this installation, the same one in every process.

    Raises:
        SettingsError: no key is given, and the key file can neither be read nor created.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.secret_key_path
    try:
        if not path.exists():
            _create(path)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        message = f"LEADTRACKER_SECRET_KEY: not given, and {path} cannot be used: {reason_of(error)}"
        raise SettingsError(message) from None


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written completely before it gets its name; of several processes only the first can link that name.
    handle, written = tempfile.mkstemp(dir=path.parent, prefix=".secret_key")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(_BYTES))
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        Path(written).unlink()
