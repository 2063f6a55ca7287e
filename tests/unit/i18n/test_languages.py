"""The choice of a language by the header ``Accept-Language``."""

import pytest

from leadtracker.i18n.languages import DASHBOARD_LANGUAGES, preferred_language, supported_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("en;q=0.5, es;q=0.7", "es"),
        ("DE-de", "de"),
        ("zh-Hant-TW, ja", None),
        ("it, de;q=0.1", "de"),
        ("de;q=0", None),
        ("de ; q = 0.3 , fr ; q = 0.4", "fr"),
        ("*", None),
        ("", None),
        ("de;q=x, ;;;, \x00, es", "es"),
        ("x" * 100_000, None),
    ],
)
def test_preferred_language_has_the_highest_quality(header: str, language: str | None) -> None:
    assert preferred_language(header) == language


def test_preferred_language_is_one_that_the_dashboard_has() -> None:
    assert preferred_language("fr, de;q=0.5", DASHBOARD_LANGUAGES) == "de"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de", "de"), ("pt_BR", None), ("es-419", "es"), ("FR", "fr"), ("", None), (None, None)],
)
def test_supported_language_ignores_region_and_case(tag: str | None, language: str | None) -> None:
    assert supported_language(tag) == language
