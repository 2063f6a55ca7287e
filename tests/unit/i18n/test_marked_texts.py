"""Every text of a template is marked for translation."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.messages.catalogues import PACKAGE
from tests.support.clients.visible_text import visible_texts

TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
MAILS = sorted(PACKAGE.glob("adapters/mail/templates/**/*.txt"))
PRODUCT = "LeadTracker"
CLASSES = {"public-page embedded"}
"""The text that a block writes into a tag of another file."""

ATTRIBUTES = re.compile(r'(?: ?[a-z-]+(?:="[^" ]*")?)*')
"""The text that a macro writes into a tag."""


def unmarked(template: str) -> set[str]:
    """Return the texts of a template that stand outside of Jinja's expressions."""
    texts = set(visible_texts("".join(_data(template)))) - CLASSES
    return {text for text in texts if _has_word(text.replace(PRODUCT, ""))}


def _has_word(text: str) -> bool:
    is_markup = '="' in text and ATTRIBUTES.fullmatch(text)
    return not is_markup and any(map(str.isalpha, text))


def _data(template: str) -> Iterator[str]:
    for _line, kind, text in Environment(extensions=["jinja2.ext.i18n"]).lex(template):  # noqa: S701 - renders nothing
        if kind == "data":
            yield text


@pytest.mark.parametrize("path", [*TEMPLATES, *MAILS], ids=lambda path: "/".join(path.parts[-2:]))
def test_every_text_is_marked(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello {{ name }}</p>", "Hello"),
        ("Hello {{ name }}", "Hello"),
        ('<input placeholder="A name">', "A name"),
        ('<a title="{% if x %}Open{% endif %}">', "Open"),
        ("""<form data-confirm="Really?">""", "Really?"),
    ],
)
def test_text_without_mark_is_found(template: str, found: str) -> None:
    assert unmarked(template) == {found}
