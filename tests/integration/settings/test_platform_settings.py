"""Settings of hosting platforms without a shell: the plain PORT, postgres:// URLs, and an API key."""

import http.client
from pathlib import Path

import pytest

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.settings import load_settings
from tests.integration.settings.conftest import loaded, set_variable, settings_error
from tests.support.servers.processes import Program, Site, free_port

KEY = "a-key-that-a-platform-made-0123456789"


def test_plain_port_counts_where_no_other_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PORT", "8123")
    assert loaded().port == 8123
    (tmp_path / ".env").write_text("LEADTRACKER_PORT=8124\n")
    assert loaded().port == 8124
    set_variable(monkeypatch, "PORT", "8125")
    assert loaded().port == 8125
    assert not load_settings().unknown


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "8000 ", "\uff18\uff10"])
def test_invalid_plain_port_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    assert settings_error() == "PORT: must be a number from 1 to 65535"


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("x" * 31, "LEADTRACKER_API_KEY: must have at least 32 characters"),
        ("two words " * 4, "LEADTRACKER_API_KEY: must consist of printable ASCII characters without blanks"),
        ("ü" * 40, "LEADTRACKER_API_KEY: must consist of printable ASCII characters without blanks"),
    ],
)
def test_weak_api_key_is_rejected(monkeypatch: pytest.MonkeyPatch, key: str, error: str) -> None:
    set_variable(monkeypatch, "API_KEY", key)
    assert settings_error() == error


@pytest.mark.parametrize(
    "parameters",
    ["", "?sslmode=prefer&application_name=ours", "?prepared_statements=off", "?options=-c%20work_mem%3D8MB"],
)
@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_urls_of_platforms_connect(postgres_url: str, scheme: str, parameters: str) -> None:
    dialect = dialect_for(postgres_url.replace("postgresql:", f"{scheme}:") + parameters)
    dialect.open()
    try:
        for name, value in {"timezone": "UTC", "statement_timeout": "30s"}.items():
            assert dialect.database.execute_sql(f"SHOW {name}").fetchone() == (value,)
        (name,) = dialect.database.execute_sql("SHOW application_name").fetchone()
        assert name == ("ours" if "ours" in parameters else "leadtracker")
        threshold = dialect.database.connection().prepare_threshold
        assert (threshold is None) is ("prepared" in parameters)
    finally:
        dialect.release()
        dialect.close()


@pytest.mark.parametrize("command", ["web", "up"])
def test_options_choose_where_it_listens(tmp_path: Path, command: str) -> None:
    port = free_port()
    settings = {"PORT": free_port(), "WEB_WORKERS": 1, "API_KEY": KEY}
    with Program(tmp_path, settings).start(command, "--host", "127.0.0.1", "--port", str(port)):
        site = Site(port)
        site.wait_until_ready()
        assert site.send("GET", "/leads", {"X-API-Key": KEY})[0] == http.client.OK
        assert site.send("GET", "/leads", {"Authorization": f"Bearer {KEY}"})[0] == http.client.OK
        assert site.send("GET", "/leads", {"X-API-Key": f"{KEY}x"})[0] == http.client.UNAUTHORIZED
        assert site.send("GET", "/deliveries", {"X-API-Key": KEY})[0] == http.client.FORBIDDEN
