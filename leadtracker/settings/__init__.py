"""The settings with their defaults and meanings; only this package reads the environment.

A setting ``NAME`` comes from the environment variable ``LEADTRACKER_NAME``, from the file that
``LEADTRACKER_NAME_FILE`` names (for secrets), or from a ``.env`` file in the working directory; the first of
these wins. To add a setting, add a field with a description to a file of ``schema`` and run
``make references``.
"""

from leadtracker.settings.checks import NO_LIMIT
from leadtracker.settings.loading import LoadedSettings, load_settings, masked, origins
from leadtracker.settings.secret_key import secret_key
from leadtracker.settings.settings import Settings
from leadtracker.settings.sources import MAX_PORT, PREFIX, SettingsError
from leadtracker.settings.url_checks import DATABASE

__all__ = [
    "DATABASE",
    "MAX_PORT",
    "NO_LIMIT",
    "PREFIX",
    "LoadedSettings",
    "Settings",
    "SettingsError",
    "load_settings",
    "masked",
    "origins",
    "secret_key",
]
