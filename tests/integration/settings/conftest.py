"""Tools that the tests of settings share: set a variable, load the settings, read the error."""

import pytest

from leadtracker.settings import PREFIX, Settings, SettingsError, load_settings


def set_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)


def loaded() -> Settings:
    return load_settings().settings


def settings_error() -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)
