"""Valid and invalid values of each setting."""

import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from leadtracker.settings import PREFIX, Settings, SettingsError, load_settings
from tests.integration.settings.conftest import loaded, set_variable, settings_error

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
    ("ORGANISATION", " Lee\u00a0& Söhne ", "Lee\u00a0& Söhne"),
    ("ORGANISATION", "  ", None),
    ("ORGANISATION", "\u200b", None),
    ("FORM_HEADING", "Ask us", "Ask us"),
    ("FORM_HEADING", '{"en": "Ask us", "de": "Fragen Sie"}', '{"en": "Ask us", "de": "Fragen Sie"}'),
    ("DIGEST_AT", "off", "off"),
    ("UNTOUCHED_HOURS", "8760", 8760),
    ("WEBHOOK_SECRET", "plain, whsec_c2VjcmV0", SecretStr("plain, whsec_c2VjcmV0")),
    ("RETENTION", "LOST=24, pending = 1,CONVERTED=1200", "LOST=24, pending = 1,CONVERTED=1200"),
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
    ("OIDC_ROLE_CLAIM", "https://firm.example/roles", "https://firm.example/roles"),
    ("OIDC_SESSION_MINUTES", "720", 720),
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
    "ADMIN_USERNAME": ["can:ary", "x" * 101, " ", "canary\x07", "none", ".."],
    "ADMIN_PASSWORD": ["canary" * 200, "canary", "password1234"],
    "SECRET_KEY": ["canary"],
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
    "RETENTION": [
        "canary",
        "canary=24",
        "LOST",
        "LOST=canary",
        "LOST=0",
        "LOST=1201",
        "LOST=24.5",
        "LOST=-1",
        "LOST=\u0662",
        "LOST=24;PENDING=canary",
        "LOST=24,LOST=25",
    ],
    "ORGANISATION": ["canary\x07", "canary\nx", "canary" * 17],
    "FORM_HEADING": [
        "canary" * 40,
        '{"en": "canary',
        '{"canary": "x"}',
        '{"en": " "}',
        '{"en": "\u200b"}',
        "{}",
        '{"en": ["canary"]}',
    ],
    "THANKS_TEXT": ["canary" * 400, '{"de": 7}'],
    "UNTOUCHED_HOURS": ["0", "8761", "canary", "1.5"],
    "WEBHOOK_URLS": ["canary", "https://h/ ftp://canary", "https://h/,https://h:99999/canary"],
    "WEBHOOK_SECRET": ["whsec_canary!", "whsec_", "canary1 canary2 canary3"],
    "PUBLIC_URL": ["canary", "ftp://canary", "https://u:canary@h", "https://h/?canary", "https://h/#canary"],
    "PHONE_REGION": ["canary", "de", "XX"],
    "PUBLIC_DUPLICATES": ["canary", "LINK"],
    "RESUMES_URL": [
        f"file:///tmp/{'canary' * 60}",
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
    "OIDC_ISSUER": [
        "canary",
        "http://canary.example",
        "https://",
        "https://u:canary@h",
        "https://h/?canary",
        "https://h/#canary",
        "https://h:99999/canary",
        "https://h/ canary",
    ],
    "OIDC_CLIENT_ID": ["canary" * 100, "canary"],
    "OIDC_CLIENT_SECRET": ["canary\u2028", "canary"],
    "OIDC_ROLE_CLAIM": ["canary" * 40],
    "OIDC_ROLES": ["canary", "canary=", "=admin", "canary=sender", "canary=Admin", "a=admin,canary=boss"],
    "OIDC_SESSION_MINUTES": ["4", "721", "canary"],
    "PASSWORD_SIGN_IN": ["canary", "off"],
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
    assert " should " not in line, "the text is not ours"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "x", "must be a whole number"),
        ("PORT", "0", "must be at least 1"),
        ("PORT", "70000", "must be at most 65535"),
        ("PUBLIC_DUPLICATES", "x", "must be 'link' or 'reject'"),
        ("ORGANISATION", "x" * 101, "must be at most 100 characters"),
        ("SECRET_KEY", "x" * 15, "must have at least 16 characters"),
        ("ADMIN_USERNAME", "a:b", "must not be empty and must not contain a colon"),
    ],
)
def test_message_says_what_is_accepted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    set_variable(monkeypatch, name, value)
    assert settings_error() == f"{PREFIX}{name}: {message}"


def test_without_library_s3_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)  # as where the extra is not installed
    set_variable(monkeypatch, "RESUMES_URL", "s3://bucket/prefix")
    assert settings_error().startswith("LEADTRACKER_RESUMES_URL: needs the extra s3")


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
