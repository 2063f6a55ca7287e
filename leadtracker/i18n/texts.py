"""Translation of texts into the language in use, which each thread and each request has separately.

Mark every text that people see: ``gettext("Save")``, usually imported as ``_``; ``ngettext`` if a number
decides about the plural; ``mark`` if a text is only stored, to be translated later by ``gettext``. Variables
are named: ``gettext("%(name)s was changed.", name=user.name)``. The argument must be a literal, because
``make messages`` reads it from the code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from leadtracker.i18n.languages import SOURCE_LANGUAGE, Language

CATALOGUES = Path(__file__).parent / "catalogues"
"""The folder with one folder per language, except for English."""

_language: ContextVar[Language] = ContextVar("language", default=SOURCE_LANGUAGE)


def gettext(message: str, /, **variables: object) -> str:
    """Return a text in the language in use, in English if there is no translation."""
    text = _catalogue(_language.get()).gettext(message)
    return text % variables if variables else text


def ngettext(singular: str, plural: str, number: int, /, **variables: object) -> str:
    """Return the form of a text for a number, which is the variable ``num``."""
    text = _catalogue(_language.get()).ngettext(singular, plural, number)
    return text % {"num": number, **variables}


def mark(message: str) -> str:
    """Return the text unchanged; it is translated where it is shown."""
    return message


def install_translations(environment: Any) -> None:
    """Give ``_`` and ``ngettext`` to the templates of a Jinja environment; it escapes their variables."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(
        lambda message: _catalogue(_language.get()).gettext(message),
        lambda singular, plural, number: _catalogue(_language.get()).ngettext(singular, plural, number),
        newstyle=True,
    )
    environment.globals["language_in_use"] = language_in_use


def language_in_use() -> Language:
    """Return the language into which texts are translated now."""
    return _language.get()


def use_language(language: Language) -> None:
    """Translate into a language from now on, in this thread or request."""
    _language.set(language)


@contextmanager
def using_language(language: Language) -> Iterator[None]:
    """Translate into a language within the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _catalogue(language: Language) -> NullTranslations:
    """Load the translations of a language; this takes a fraction of a second, once per process."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    merged = Catalog(locale=language)
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)  # leaves out fuzzy messages and those without a translation
    compiled.seek(0)
    return GNUTranslations(compiled)
