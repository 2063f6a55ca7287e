"""The texts that people see or hear on a page, to compare its languages."""

from collections.abc import Iterator
from html.parser import HTMLParser

_ATTRIBUTES = frozenset({"alt", "aria-label", "data-confirm", "data-label", "placeholder", "title"})
_INVISIBLE = frozenset({"script", "style"})


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._invisible = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._invisible = tag in _INVISIBLE
        is_time = tag == "time"  # its title is the exact time, which is the same in every language
        self.found += [value for name, value in attrs if value and name in _ATTRIBUTES and not is_time]
        self.found += [value for name, value in attrs if value and name.startswith("data-") and " " in value]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - named by the library
        self._invisible = False

    def handle_data(self, data: str) -> None:
        if not self._invisible:
            self.found.append(data)


def visible_texts(html: str) -> Iterator[str]:
    """Yield the text of each element and of each attribute that is shown or read out, without numbers."""
    parser = _Texts()
    parser.feed(html)
    for text in parser.found:
        words = " ".join(text.split())
        if any(char.isalpha() for char in words):
            yield words


def untranslated(english: str, other: str, *names: str) -> set[str]:
    """Return the texts that two languages of a page share, without ``names``."""
    return (set(visible_texts(english)) & set(visible_texts(other))) - set(names)
