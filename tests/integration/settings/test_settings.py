"""The settings: valid and invalid values of each, and that the example file describes all of them."""

import re
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from leadtracker.settings import PREFIX, Settings, SettingsError, load_settings, masked

EXAMPLE = Path(__file__).parents[3] / ".env.example"
_LINE = re.compile(r"# (LEADTRACKER_[A-Z_]+)=(.*)")
ONLY_AN_EXAMPLE = {
    "API_KEY",
    "REPLY_TO",
    "REQUIRED_FIELDS",
    "DATABASE_URL",
    "WEB_WORKERS",
    "SECRET_KEY",
    "ADMIN_PASSWORD",
    "RETOOL_URL",
    "RETOOL_API_KEY",
    "SMTP_URL",
    "NOTIFY",
    "WEBHOOK_URLS",
    "WEBHOOK_SECRET",
    "MAIL_TEMPLATES",
    "PUBLIC_URL",
    "PHONE_REGION",
    "ORGANISATION",
    "CONSENT_TEXT",
    "CORS_ORIGINS",
    "EMBED_ORIGINS",
    "REDIRECT_ORIGINS",
    "RATE_LIMIT_STORAGE",
    "METRICS_TOKEN",
    "SECURITY_CONTACT",
    "LOG_FORMAT",
}
"""Settings without a default, with one that depends on the machine, or that may hold a secret."""


@pytest.fixture
def example() -> dict[str, str]:
    """Return the values of the example file by name without prefix."""
    found = map(_LINE.fullmatch, EXAMPLE.read_text().splitlines())
    return {match[1].removeprefix(PREFIX): match[2] for match in found if match}


def set_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)


def loaded() -> Settings:
    return load_settings().settings


def settings_error() -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_example_lists_settings_in_order(example: dict[str, str]) -> None:
    assert list(example) == [name.upper() for name in Settings.model_fields]


def test_example_shows_the_defaults(example: dict[str, str]) -> None:
    defaults = {name.upper(): str(getattr(Settings(), name)) for name in Settings.model_fields}
    assert {name: value for name, value in example.items() if name not in ONLY_AN_EXAMPLE} == {
        name: value for name, value in defaults.items() if name not in ONLY_AN_EXAMPLE
    }


def test_example_is_valid_and_sets_nothing(monkeypatch: pytest.MonkeyPatch, example: dict[str, str]) -> None:
    assert all(not line or line.startswith("#") for line in EXAMPLE.read_text().splitlines())
    for name, value in example.items():
        set_variable(monkeypatch, name, value)
    assert load_settings().unknown == {}


def test_every_setting_has_a_default() -> None:
    settings = loaded()
    assert settings.database == f"sqlite:///{Path.cwd() / 'data' / 'leadtracker.db'}"
    assert (settings.host, settings.port, settings.timezone) == ("127.0.0.1", 8000, ZoneInfo("UTC"))
    assert 1 <= settings.web_workers <= 4
    assert settings.retool_url is None


GOOD: list[tuple[str, str, Any]] = [
    ("DATABASE_URL", "sqlite:////var/lib/x.db", SecretStr("sqlite:////var/lib/x.db")),
    ("DATABASE_URL", "postgresql://u:p%40@h:5432/n", SecretStr("postgresql://u:p%40@h:5432/n")),
    ("DATABASE_URL", "postgresql://h/n", SecretStr("postgresql://h/n")),
    ("PORT", "65535", 65535),
    ("WEB_WORKERS", "64", 64),
    ("TIMEZONE", "Europe/Berlin", ZoneInfo("Europe/Berlin")),
    ("RETOOL_URL", "http://127.0.0.1:1/?a=b", SecretStr("http://127.0.0.1:1/?a=b")),
    ("SMTP_URL", "smtp://h", SecretStr("smtp://h")),
    ("SMTP_URL", "smtps://u%40x:p%2F@h:465/", SecretStr("smtps://u%40x:p%2F@h:465/")),
    ("SMTP_URL", "smtp+plain://[::1]:25", SecretStr("smtp+plain://[::1]:25")),
    ("MAIL_FROM", "Lee & Söhne <büro@bücher.example>", "Lee & Söhne <büro@bücher.example>"),
    ("NOTIFY", "a@b.example", "a@b.example"),
    ("DIGEST_AT", "23:59", "23:59"),
    ("DIGEST_AT", "off", "off"),
    ("UNTOUCHED_HOURS", "8760", 8760),
    ("WEBHOOK_SECRET", "plain, whsec_c2VjcmV0", SecretStr("plain, whsec_c2VjcmV0")),
    ("MAIL_TEMPLATES", "/etc/mail", Path("/etc/mail")),
    ("PUBLIC_URL", "https://h/leads/", "https://h/leads/"),
    ("PHONE_REGION", "DE", "DE"),
    ("PUBLIC_DUPLICATES", "reject", "reject"),
    ("REPORT_CATCHUP_WEEKS", "520", 520),
    ("RESUMES_URL", "database:", "database:"),
    ("RESUMES_URL", "file:///tmp/new%20folder/resumes", "file:///tmp/new%20folder/resumes"),
    ("RESUMES_URL", "s3://firm.leads-1/a/b", "s3://firm.leads-1/a/b"),
    ("RESUMES_URL", "s3://leads", "s3://leads"),
    ("LOGIN_RATE_LIMIT", "5 per hour", "5 per hour"),
    ("LOGIN_RATE_LIMIT", "off", "off"),
    ("CORS_ORIGINS", "https://a.example, http://b.example:8080", "https://a.example, http://b.example:8080"),
    ("PUBLIC_RATE_LIMIT", "off", "off"),
    ("RATE_LIMIT_STORAGE", "memory://", SecretStr("memory://")),
    ("RATE_LIMIT_STORAGE", "redis://u:p@127.0.0.1:1/0", SecretStr("redis://u:p@127.0.0.1:1/0")),
    ("RATE_LIMIT_STORAGE", "redis+cluster://127.0.0.1:1", SecretStr("redis+cluster://127.0.0.1:1")),
    ("TRUSTED_PROXIES", "10", 10),
    ("UPLOAD_MB_PER_DAY", "0", 0),
    ("MIN_FREE_DISK_MB", "0", 0),
    ("SECURITY_CONTACT", "mailto:s@firm.example", "mailto:s@firm.example"),
    ("LOG_FORMAT", "json", "json"),
    ("LOG_LEVEL", "debug", "debug"),
]


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_valid_value_is_accepted(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    set_variable(monkeypatch, name, text)
    assert getattr(loaded(), name.lower()) == value


BAD = {
    "DATABASE_URL": [
        "mysql://u:canary@h/n",
        "sqlite://canary.db",
        "sqlite:///",
        "postgresql:///canary",
        "canary",
        "postgresql://u:canary%zz@h/n",
        "postgresql://u:canary/x@h/n",
        "postgresql://u:p@h:canary/n",
        "postgresql://u:p@h:0/canary",
        "postgresql://u:p@[canary/n",
        "postgresql://u:canary\u2100@h/n",
    ],
    "PORT": ["0", "65536", "canary", "80.5", "-1"],
    "WEB_WORKERS": ["0", "65", "canary"],
    "ADMIN_USERNAME": ["can:ary", "x" * 101],
    "ADMIN_PASSWORD": ["canary" * 200, "canary", "password1234"],
    "TIMEZONE": ["canary", "Mars/Canary", "../canary", "/etc/canary", "+01:00"],
    "RETOOL_URL": [
        "ftp://canary",
        "canary",
        "https://",
        "https://h:canary/",
        "https://h:99999/?key=canary",
        "https://h/canary\nx",
    ],
    "RETOOL_API_KEY": ["canary\n", "canary\x00", "canaryé"],
    "REPORT_CATCHUP_WEEKS": ["0", "521", "canary"],
    "SMTP_URL": [
        "canary",
        "http://canary",
        "smtp://",
        "smtp://:25",
        "smtp://canary:0",
        "smtp://u:canary@h:port",
        "smtp://canary@h",
        "smtp://:canary@h",
        "smtp://u:canary%zz@h",
        "smtp://u:canary/x@h",
        "smtp://u:canary#x@h",
        "smtp://u:p@h/?canary",
        "smtp://u:canary\u2028@h",
        "SMTP+TLS://canary",
    ],
    "MAIL_FROM": ["canary", "canary@", "canary <a@b", "a@b.c\n", "Canary <a@b.c>\x00", "a@b.c, canary@b.c"],
    "NOTIFY": ["canary", "a@b.c; canary@b.c", "a@b.c, canary", "Canary <a@b.c>", "canary@localhost"],
    "DIGEST_AT": ["canary", "8:00", "24:00", "08:60", "08:00:00", "08:00 canary", "Off", "\u0660\u0668:00"],
    "UNTOUCHED_HOURS": ["0", "8761", "canary", "1.5"],
    "WEBHOOK_URLS": ["canary", "https://h/ ftp://canary", "https://h/,https://h:99999/canary"],
    "WEBHOOK_SECRET": ["whsec_canary!", "whsec_", "canary1 canary2 canary3"],
    "PUBLIC_URL": ["canary", "ftp://canary", "https://u:canary@h", "https://h/?canary", "https://h/#canary"],
    "PHONE_REGION": ["canary", "de", "XX"],
    "PUBLIC_DUPLICATES": ["canary", "LINK"],
    "RESUMES_URL": [
        "canary",
        "database:canary",
        "database://",
        "file://canary/folder",
        "file:canary",
        "file://",
        "file:///canary%00/x",
        "file:///",
        "file:///proc/canary%zz",
        "file:///dev/null/canary",
        "file:///tmp/x?canary",
        "s3://",
        "s3:///canary",
        "s3://user:canary@bucket/",
        "s3://bucket:1/canary",
        "s3://bucket/?endpoint=canary",
        "s3://bucket/can\nary",
        "gs://canary/prefix",
    ],
    "CONSENT_TEXT": ["canary" * 400],
    "CORS_ORIGINS": [
        "canary",
        "*",
        "https://canary.example/",
        "https://canary.example/path",
        "https://Canary.example",
    ],
    "EMBED_ORIGINS": ["https://u@canary.example", "https://*.canary.example", "https://a.example; canary"],
    "REDIRECT_ORIGINS": ["//canary.example", "https://canary.example?a=b", "javascript:canary"],
    "PUBLIC_RATE_LIMIT": ["canary", "60", "0/minute"],
    "LOGIN_RATE_LIMIT": ["canary", "10", "0/minute", "-1/minute", "10/canary", "10/hour; 1/second", "Off"],
    "RATE_LIMIT_STORAGE": [
        "canary",
        "canary://u:canary@h",
        "redis://u:canary@h:port",
        "redis://[canary",
        "memcached://canary:1",
        "async+memory://canary",
    ],
    "TRUSTED_PROXIES": ["-1", "11", "canary"],
    "UPLOAD_MB_PER_DAY": ["-1", "canary"],
    "MIN_FREE_DISK_MB": ["-1", "canary"],
    "SECURITY_CONTACT": ["canary", "http://canary", "mailto:a b"],
    "LOG_FORMAT": ["canary"],
    "LOG_LEVEL": ["canary", "INFO"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_a_bad_value_is_rejected_in_one_line_that_names_the_variable_and_not_the_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    if "\x00" in text:  # which no environment can hold
        path = tmp_path / "value"
        path.write_text(text)
        set_variable(monkeypatch, f"{name}_FILE", str(path))
    else:
        set_variable(monkeypatch, name, text)
    line = settings_error()
    assert line.startswith(f"LEADTRACKER_{name}: ")
    assert "\n" not in line
    assert "canary" not in line.lower()


def test_without_its_library_s3_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)  # as where the extra is not installed
    set_variable(monkeypatch, "RESUMES_URL", "s3://bucket/prefix")
    assert settings_error().startswith("LEADTRACKER_RESUMES_URL: needs the extra s3")


@pytest.mark.parametrize(
    ("url", "folder"),
    [("database:", None), ("file:///a/b%20c", Path("/a/b c")), ("s3://bucket/b", None)],
)
def test_file_url_is_a_resume_folder(monkeypatch: pytest.MonkeyPatch, url: str, folder: Path | None) -> None:
    set_variable(monkeypatch, "RESUMES_URL", url)
    assert loaded().resumes_folder == folder
    assert masked(loaded())["LEADTRACKER_RESUMES_URL"] == url


def test_every_invalid_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, texts in BAD.items():
        set_variable(monkeypatch, name, next(text for text in texts if "\x00" not in text))
    line = settings_error()
    named = [part.partition(":")[0] for part in line.split("; ") if part.startswith(PREFIX)]
    assert sorted(named) == sorted(PREFIX + name for name in BAD)


def test_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        set_variable(monkeypatch, name.upper(), "")
    assert loaded() == Settings()


def test_names_are_case_insensitive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("leadtracker_port", "8123")
    assert loaded().port == 8123
    assert load_settings().unknown == {}


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
def test_links_start_with_the_public_url(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], url: str
) -> None:
    for name, value in given.items():
        set_variable(monkeypatch, name, value)
    assert loaded().base_url == url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:can%40ary@h:1/n", "postgresql://u:***@h:1/n"),
        ("postgresql://u@h/n?password=canary&x=1", "postgresql://u@h/n?password=***&x=1"),
        ("postgresql://u@h/n?x=1&sslpassword=canary", "postgresql://u@h/n?x=1&sslpassword=***"),
        ("sqlite:///a/b.db", "sqlite:///a/b.db"),
    ],
)
def test_database_password_is_masked(monkeypatch: pytest.MonkeyPatch, url: str, shown: str) -> None:
    set_variable(monkeypatch, "DATABASE_URL", url)
    assert masked(loaded())["LEADTRACKER_DATABASE_URL"] == shown


def test_storage_password_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert masked(loaded())["LEADTRACKER_RATE_LIMIT_STORAGE"] == "memory://"
    set_variable(monkeypatch, "RATE_LIMIT_STORAGE", "redis://:canary@127.0.0.1:1?password=canary")
    assert masked(loaded())["LEADTRACKER_RATE_LIMIT_STORAGE"] == "redis://:***@127.0.0.1:1?password=***"
    assert "canary" not in repr(loaded())


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n"])
def test_several_urls_and_two_secrets_are_read(monkeypatch: pytest.MonkeyPatch, between: str) -> None:
    set_variable(monkeypatch, "WEBHOOK_URLS", between.join(["https://a/?x", "http://b", "https://a/?x"]))
    set_variable(monkeypatch, "WEBHOOK_SECRET", between.join(["old", "new"]))
    assert loaded().webhook_endpoints == ("https://a/?x", "http://b")
    assert loaded().webhook_secrets == ("old", "new")


def test_webhook_urls_need_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variable(monkeypatch, "WEBHOOK_URLS", "https://canary/")
    assert settings_error() == (
        "LEADTRACKER_WEBHOOK_SECRET: is needed to sign what is sent to LEADTRACKER_WEBHOOK_URLS"
    )


def test_repr_hides_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variable(monkeypatch, "DATABASE_URL", "postgresql://u:canary@h:1/n")
    set_variable(monkeypatch, "SMTP_URL", "smtp://u:canary@h")
    for name in ("RETOOL_URL", "RETOOL_API_KEY", "ADMIN_PASSWORD", "WEBHOOK_URLS", "WEBHOOK_SECRET"):
        set_variable(monkeypatch, name, "http://canary/")
    settings = loaded()
    assert "canary" not in f"{settings!r} {settings} {masked(settings)}"


@pytest.mark.parametrize(
    ("url", "chat"),
    [
        ("https://hooks.slack.com/services/T0/B0/KEY", "Slack"),
        ("https://discord.com/api/webhooks/1/KEY", "Discord"),
        ("https://discordapp.com/api/v10/webhooks/1/KEY", "Discord"),
        ("https://firm.webhook.office.com/webhookb2/KEY", "Microsoft Teams"),
        ("https://chat.googleapis.com/v1/spaces/A/messages?key=KEY", "Google Chat"),
    ],
)
def test_webhook_url_of_a_chat_is_rejected(monkeypatch: pytest.MonkeyPatch, url: str, chat: str) -> None:
    monkeypatch.setenv("LEADTRACKER_WEBHOOK_SECRET", "secret")
    monkeypatch.setenv("LEADTRACKER_WEBHOOK_URLS", f"https://a.example/ {url}")
    with pytest.raises(SettingsError, match=f"LEADTRACKER_WEBHOOK_URLS: names a URL of {chat}") as raised:
        load_settings()
    assert "KEY" not in str(raised.value)


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
