"""Sources of a setting: the environment, a file for it alone, the .env file, in this order."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from leadtracker.settings import load_settings, origins
from tests.integration.settings.conftest import loaded, set_variable, settings_error


def test_environment_precedes_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LEADTRACKER_HOST=from-dotenv\n")
    assert loaded().host == "from-dotenv"
    (tmp_path / "host").write_text("from-file\n")
    set_variable(monkeypatch, "HOST_FILE", str(tmp_path / "host"))
    assert loaded().host == "from-file"
    set_variable(monkeypatch, "HOST", "from-environment")
    assert loaded().host == "from-environment"


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"two words of it", "two words of it"),
        (b"passphrase of 3\r\n", "passphrase of 3"),
        (b" some phrase \n", " some phrase "),
        ("ß is some phrase".encode(), "ß is some phrase"),
    ],
)
def test_secret_file_loses_last_newline(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, value: str
) -> None:
    (tmp_path / "secret").write_bytes(content)
    set_variable(monkeypatch, "ADMIN_PASSWORD_FILE", str(tmp_path / "secret"))
    password = loaded().admin_password
    assert password is not None
    assert password.get_secret_value() == value


def test_dotenv_can_name_a_secret_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Europe/Berlin\n")
    (tmp_path / ".env").write_text(f"LEADTRACKER_TIMEZONE_FILE={tmp_path / 'secret'}\n")
    assert loaded().timezone == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_unreadable_secret_file_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "canary"
    if content:
        path.write_bytes(content)
    set_variable(monkeypatch, "RETOOL_API_KEY_FILE", str(path))
    assert settings_error().startswith("LEADTRACKER_RETOOL_API_KEY_FILE: cannot be read: ")


@pytest.mark.parametrize("content", [b"\xff\xfeL\x00", "LEADTRACKER_ORGANISATION=Müller".encode("latin-1")])
def test_dotenv_in_another_encoding_is_reported(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    assert settings_error() == ".env: cannot be read: it is not text in utf-8"


def test_unknown_variables_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_variable(monkeypatch, "PROT", "8123")
    set_variable(monkeypatch, "PORT_FILES", "x")
    (tmp_path / ".env").write_text("LEADTRACKER_COLOUR=red\nOTHER=1\n")
    unknown = set(load_settings().unknown)
    assert {"LEADTRACKER_COLOUR", "LEADTRACKER_PORT_FILES", "LEADTRACKER_PROT"} <= unknown
    assert "OTHER" not in unknown


def test_similar_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_variable(monkeypatch, "TIMZONE", "Europe/Berlin")
    (tmp_path / ".env").write_text("LEADTRACKR_SMTP_URL=smtp://mail.example\nLEADTRACKER_COLOUR=red\n")
    unknown = load_settings().unknown
    assert unknown["LEADTRACKER_TIMZONE"] == "LEADTRACKER_TIMEZONE"
    assert unknown["LEADTRACKR_SMTP_URL"] == "LEADTRACKER_SMTP_URL"
    assert unknown["LEADTRACKER_COLOUR"] is None


def test_unreadable_line_is_named_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / ".env").write_text("LEADTRACKER_PORT=8123\nthis is no setting\n# a comment\n")
    loaded = load_settings()
    assert (loaded.settings.port, loaded.unreadable_lines) == (8123, (2,))
    assert caplog.records == []


def test_origin_of_each_value_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("0123456789abcdef")
    (tmp_path / ".env").write_text("LEADTRACKER_PORT=8123\nLEADTRACKER_HOST=\n")
    set_variable(monkeypatch, "LOG_LEVEL", "debug")
    set_variable(monkeypatch, "METRICS_TOKEN_FILE", str(tmp_path / "secret"))
    found = origins()
    assert found["LEADTRACKER_PORT"] == ".env"
    assert found["LEADTRACKER_HOST"] == "default"
    assert found["LEADTRACKER_LOG_LEVEL"] == "environment"
    assert found["LEADTRACKER_METRICS_TOKEN"].startswith("file named by ")
