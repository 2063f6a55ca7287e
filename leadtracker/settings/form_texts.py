"""Texts of the public form that an operator writes: one for all languages, or one for each."""

import json
from collections.abc import Mapping

from leadtracker.domain.model.values.text import trim
from leadtracker.i18n.languages import LANGUAGES, Language

MAX_LABEL_LENGTH = 200
MAX_TEXT_LENGTH = 2000


def check_label(text: str | None) -> str | None:
    """Require short texts; see ``texts_by_language``."""
    return _checked(text, MAX_LABEL_LENGTH)


def check_text(text: str | None) -> str | None:
    """Require texts of bounded length; see ``texts_by_language``."""
    return _checked(text, MAX_TEXT_LENGTH)


def texts_by_language(setting: str | None) -> Mapping[str, str]:
    """Return the texts in a setting, by language; a plain text is that of every language.

    Raises:
        ValueError: the setting begins like a JSON object and is none with texts by language.
    """
    text = trim(setting or "")
    if not text:
        return {}
    if not text.startswith("{"):
        return dict.fromkeys(LANGUAGES, text)
    try:
        texts = json.loads(text)
    except ValueError:
        texts = None
    if not isinstance(texts, dict) or not texts or not all(map(_is_text, texts.values())):
        raise ValueError('must be a text, or texts by language: {"en": "…", "de": "…"}')
    if texts.keys() - set(LANGUAGES):
        raise ValueError(f"has an unknown language; the languages are {', '.join(LANGUAGES)}")
    return texts


def text_in(setting: str | None, language: Language, default: Language) -> str | None:
    """Return the text in a language, else in the ``default``, else any; None without a text."""
    texts = texts_by_language(setting)
    return texts.get(language) or texts.get(default) or next(iter(texts.values()), None)


def _is_text(text: object) -> bool:
    return isinstance(text, str) and bool(trim(text))


def _checked(setting: str | None, max_length: int) -> str | None:
    if any(len(text) > max_length for text in texts_by_language(setting).values()):
        raise ValueError(f"must have at most {max_length} characters in each language")
    return setting
