"""Small pieces of Markdown."""

import re
from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; line breaks in cells become blanks, and bars are escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"|{'|'.join(map(_cell, line))}|\n" for line in lines)


def code(text: object) -> str:
    """Return a text as code; empty for an empty text."""
    return f"`{text}`" if str(text) else ""


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter and ends with a full stop."""
    text = re.sub(r"\s+", " ", text).strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")


def from_docstring(text: str) -> str:
    """Return the first paragraph of a docstring, with its code in single backticks."""
    return re.sub(r"\s+", " ", text.strip().partition("\n\n")[0]).replace("``", "`")


def anchor(heading: str) -> str:
    """Return the anchor that the site gives to a heading."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip())


def _cell(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip().replace("|", "\\|")
    return f" {text} " if text else " "
