"""The wide forms of ASCII characters, which East Asian keyboards type."""

_WIDE = {ord(" "): "\u3000"} | {code: chr(0xFEE0 + code) for code in range(ord("!"), ord("~") + 1)}


def widen(text: str) -> str:
    """Return ``text`` with every printable ASCII character in its wide form."""
    return text.translate(_WIDE)
