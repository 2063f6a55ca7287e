"""Choose the language of each request: ``?lang=``, ``Accept-Language``, or the setting ``LANGUAGE``."""

from flask import Flask, current_app, request

from leadtracker.i18n.languages import (
    DASHBOARD_LANGUAGES,
    LANGUAGES,
    SOURCE_LANGUAGE,
    Language,
    preferred_language,
    supported_language,
)
from leadtracker.i18n.texts import use_language

LANGUAGE_PARAMETER = "lang"
"""The URL parameter that chooses the language of a page."""

_DEFAULT = "LANGUAGE"


def install_language(app: Flask, default: Language) -> None:
    """Use the language of the client in each request of ``app``.

    Args:
        app: the application.
        default: the language for clients that ask for none of the supported ones.
    """
    app.config[_DEFAULT] = default
    app.before_request(use_requested_language)
    app.teardown_request(lambda _error: use_language(SOURCE_LANGUAGE))


def language_in_url(languages: tuple[Language, ...] = LANGUAGES) -> Language | None:
    """Return the supported language that the URL names; None if it names none."""
    return (
        supported_language(request.args.get(LANGUAGE_PARAMETER), languages) if request.query_string else None
    )


def requested_language(languages: tuple[Language, ...] = LANGUAGES) -> Language | None:
    """Return the supported language that the client asks for; None if it asks for none."""
    header = request.headers.get("Accept-Language", "")
    return language_in_url(languages) or preferred_language(header, languages)


def use_dashboard_language() -> None:
    """Use the language of the client if the dashboard has it, else the default, else English."""
    default = supported_language(current_app.config[_DEFAULT], DASHBOARD_LANGUAGES)
    use_language(requested_language(DASHBOARD_LANGUAGES) or default or SOURCE_LANGUAGE)


def use_requested_language() -> None:
    """Use the language of the client if public pages have it, else the default."""
    use_language(requested_language() or current_app.config[_DEFAULT])
