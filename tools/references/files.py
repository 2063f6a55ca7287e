"""The files with generated content, as they should be."""

import re
from pathlib import Path

from tools.references.parts import PARTS
from tools.references.settings import env_example

ROOT = Path(__file__).parents[2]
_ENV_EXAMPLE = ROOT / ".env.example"
_PART = re.compile(r"(<!-- make references: (?P<name>[a-z-]+) -->\n).*?(<!-- end of \2 -->\n)", re.DOTALL)


def generated_files() -> list[Path]:
    """Return the files with generated content, without generating it."""
    pages = sorted((ROOT / "docs").rglob("*.md"))
    return [_ENV_EXAMPLE, *(page for page in pages if _PART.search(page.read_text(encoding="utf-8")))]


def current_files() -> dict[Path, str]:
    """Return the complete text of each file with generated content.

    Raises:
        KeyError: a page names a part that no function makes.
        ValueError: a part is in no page.
    """
    files = {_ENV_EXAMPLE: env_example()}
    used: set[str] = set()
    _, *pages = generated_files()
    for page in pages:
        text = page.read_text(encoding="utf-8")
        files[page] = _PART.sub(_with_part, text)
        used |= {match["name"] for match in _PART.finditer(text)}
    if used != PARTS.keys():
        message = f"these parts are in no page: {', '.join(sorted(PARTS.keys() - used))}"
        raise ValueError(message)
    return files


def _with_part(match: re.Match[str]) -> str:
    return f"{match[1]}\n{PARTS[match['name']]().strip()}\n\n{match[3]}"
