"""Hostile form values and file names."""

import random
import re

from leadtracker.domain.model.values.filename import MAX_FILENAME_LENGTH

_DISPOSITION = re.compile(
    r"""attachment;\ filename=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<token>[-!#$%&'*+.^_`|~0-9A-Za-z]+))
    (?:;\ filename\*=UTF-8''[-!#$&+.^_`|~0-9A-Za-z%]+)?""",
    re.ASCII | re.VERBOSE,
)
_PIECES = [
    "\r\n",
    "\r",
    "\n",
    "\r\n\r\n",
    "\0",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\x1c",
    "\ud800",
    "\u202e",
    " ",
    "\t",
    "Bcc: eve@evil.example",
    "\r\n.\r\n",
    "\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\n",
    "=?utf-8?q?=0D=0ABcc:_eve@evil.example?=",
    "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
    "=?utf-8?q?",
    "?=",
    '"',
    "\\",
    "<eve@evil.example>",
    "(comment",
    ",",
    ";",
    ":",
    "é",
    "日本語",
    "👩‍👩‍👧",
    "x" * 10_000,
    "ä" * 10_000,
    "{{ 7*7 }}",
    "<script>",
]
_AWKWARD = [
    *(
        "../",
        "..\\",
        "/",
        "\\",
        "\0",
        "\r\nSet-Cookie: a=b",
        "\n",
        '"',
        "'",
        "\u202e",
        ";",
        "%0d%0a",
        "%s",
        "=",
    ),
    *("*", " ", "é", "北京", "🦊", "~", "$(id)", "`", "<b>", "\x7f", "\u2028", "C:", "con", "x" * 10_000),
]


def hostile_texts(count: int) -> list[str]:
    """Return every piece alone, then mixtures of them; the same in every run."""
    rng = random.Random(7)  # noqa: S311 - not used for security
    mixed = ["".join(rng.choices(_PIECES, k=rng.randint(2, 6))) for _ in range(count - len(_PIECES))]
    return _PIECES + mixed


def hostile_names(count: int) -> list[str]:
    """Return hostile file names, the same in every run."""
    rng = random.Random(7)  # noqa: S311 - not used for security
    made = ["".join(rng.choices(_AWKWARD, k=rng.randint(1, 6))) for _ in range(count - 2)]
    return ["../../../../etc/passwd", "x" * 10_000, *made]


def is_harmless_disposition(header: str) -> bool:
    """Check that a ``Content-Disposition`` (RFC 6266) names a file without folders, in one line."""
    parsed = _DISPOSITION.fullmatch(header)
    if parsed is None or not (header.isascii() and header.isprintable()):
        return False
    plain = re.sub(r"\\(.)", r"\1", parsed["quoted"] or parsed["token"])
    return not set(plain) & set("/\\") and len(plain) <= MAX_FILENAME_LENGTH
