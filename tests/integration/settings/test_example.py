"""The example file describes every setting, shows the defaults and sets nothing."""

import re
from pathlib import Path

import pytest

from leadtracker.settings import PREFIX, Settings, load_settings
from tests.integration.settings.conftest import set_variable

EXAMPLE = Path(__file__).parents[3] / ".env.example"
_LINE = re.compile(r"# (LEADTRACKER_[A-Z_]+)=(.*)")
ONLY_AN_EXAMPLE = {
    "API_KEY",
    "CANARY_EMAIL",
    "REPLY_TO",
    "REPORT_TO",
    "REQUIRED_FIELDS",
    "RETENTION",
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
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_ROLES",
    "OIDC_SCOPES",
    "PHONE_REGION",
    "ORGANISATION",
    "CONSENT_TEXT",
    "FORM_HEADING",
    "FORM_INTRODUCTION",
    "FORM_FILES_LABEL",
    "THANKS_TEXT",
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


def test_example_has_settings_in_order(example: dict[str, str]) -> None:
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
