"""The meaning of settings together: defaults, addresses derived from them, and secrets that are not shown."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from leadtracker.settings import load_settings, masked
from tests.integration.settings.conftest import loaded, set_variable, settings_error


def test_every_setting_has_a_default() -> None:
    settings = loaded()
    assert settings.database == f"sqlite:///{Path.cwd() / 'data' / 'leadtracker.db'}"
    assert (settings.host, settings.port, settings.timezone) == ("127.0.0.1", 8000, ZoneInfo("UTC"))
    assert 1 <= settings.web_workers <= 4
    assert settings.retool_url is None


@pytest.mark.parametrize(
    ("url", "folder"),
    [("database:", None), ("file:///a/b%20c", Path("/a/b c")), ("s3://bucket/b", None)],
)
def test_file_url_is_a_resume_folder(monkeypatch: pytest.MonkeyPatch, url: str, folder: Path | None) -> None:
    set_variable(monkeypatch, "RESUMES_URL", url)
    assert loaded().resumes_folder == folder
    assert masked(loaded())["LEADTRACKER_RESUMES_URL"] == url


@pytest.mark.parametrize(
    ("text", "addresses"),
    [("", ()), ("a@b.c", ("a@b.c",)), (" a@b.c,d@e.f ,, a@b.c,", ("a@b.c", "d@e.f")), (",", ())],
)
def test_notify_addresses_are_deduplicated(
    monkeypatch: pytest.MonkeyPatch, text: str, addresses: tuple[str, ...]
) -> None:
    set_variable(monkeypatch, "NOTIFY", text)
    assert loaded().notify_addresses == addresses


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0", "PORT": "80"}, "http://127.0.0.1:80"),  # noqa: S104 - nothing listens there
        ({"HOST": "::"}, "http://[::1]:8000"),
        ({"HOST": "leads.example"}, "http://leads.example:8000"),
        ({"PUBLIC_URL": "https://leads.example/x/"}, "https://leads.example/x"),
    ],
)
def test_links_start_with_public_url(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], url: str
) -> None:
    for name, value in given.items():
        set_variable(monkeypatch, name, value)
    assert loaded().base_url == url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:can%40ary@h:1/n", "postgresql://u:***@h:1/n"),
        ("postgresql://u@h/n?password=sparrow&x=1", "postgresql://u@h/n?password=***&x=1"),
        ("postgresql://u@h/n?x=1&sslpassword=sparrow", "postgresql://u@h/n?x=1&sslpassword=***"),
        ("sqlite:///a/b.db", "sqlite:///a/b.db"),
    ],
)
def test_database_password_is_masked(monkeypatch: pytest.MonkeyPatch, url: str, shown: str) -> None:
    set_variable(monkeypatch, "DATABASE_URL", url)
    assert masked(loaded())["LEADTRACKER_DATABASE_URL"] == shown


def test_storage_password_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert masked(loaded())["LEADTRACKER_RATE_LIMIT_STORAGE"] == "memory://"
    set_variable(monkeypatch, "RATE_LIMIT_STORAGE", "redis://:sparrow@127.0.0.1:1?password=sparrow")
    assert masked(loaded())["LEADTRACKER_RATE_LIMIT_STORAGE"] == "redis://:***@127.0.0.1:1?password=***"
    assert "sparrow" not in repr(loaded())


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n"])
def test_several_urls_and_two_secrets_are_read(monkeypatch: pytest.MonkeyPatch, between: str) -> None:
    set_variable(monkeypatch, "WEBHOOK_URLS", between.join(["https://a/?x", "http://b", "https://a/?x"]))
    set_variable(monkeypatch, "WEBHOOK_SECRET", between.join(["old", "new"]))
    assert loaded().webhook_endpoints == ("https://a/?x", "http://b")
    assert loaded().webhook_secrets == ("old", "new")


def test_webhook_urls_need_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variable(monkeypatch, "WEBHOOK_URLS", "https://sparrow/")
    assert settings_error() == (
        "LEADTRACKER_WEBHOOK_SECRET: is needed to sign what is sent to LEADTRACKER_WEBHOOK_URLS"
    )


def test_repr_hides_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variable(monkeypatch, "DATABASE_URL", "postgresql://u:sparrow@h:1/n")
    set_variable(monkeypatch, "SMTP_URL", "smtp://u:sparrow@h")
    for name in ("RETOOL_URL", "RETOOL_API_KEY", "ADMIN_PASSWORD", "WEBHOOK_URLS", "WEBHOOK_SECRET"):
        set_variable(monkeypatch, name, "http://sparrow/")
    settings = loaded()
    assert "sparrow" not in f"{settings!r} {settings} {masked(settings)}"


@pytest.mark.parametrize(
    ("reply_to", "expected"), [("office@firm.example", "office@firm.example"), ("", "ann@firm.example")]
)
def test_replies_go_to_the_first_notified_address_by_default(
    monkeypatch: pytest.MonkeyPatch, reply_to: str, expected: str
) -> None:
    monkeypatch.setenv("LEADTRACKER_NOTIFY", "ann@firm.example, bob@firm.example")
    monkeypatch.setenv("LEADTRACKER_REPLY_TO", reply_to)
    monkeypatch.setenv("LEADTRACKER_MAIL_FROM", "Firm <leads@Bücher.example>")
    settings = load_settings().settings
    assert (settings.reply_address, settings.mail_domain) == (expected, "xn--bcher-kva.example")
