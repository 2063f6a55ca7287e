"""Read the JSON of a public submission without losing what ordinary parsers drop.

Of a name that comes several times in an object, all values are kept; large whole numbers keep their digits;
and escapes of characters that do not exist (lone surrogates, which cut emoji leave behind) become
replacement characters.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

import orjson

_LONE = re.compile(
    # A pair is one character. Any other escape is consumed, so that an escaped backslash is none.
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)
_APART = re.compile(rb'"\s+:')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_REPLACEMENT = rb"\ufffd"
_SIMPLE = frozenset({str, int, bool, type(None)})
_MAX_DIGITS = 1_000
"""Whole numbers of more digits stay texts: converting them takes time quadratic in their length."""


def read_lossless(text: bytes | str) -> Any:
    """Parse JSON; the values of a name that comes several times in an object become a tuple.

    Raises:
        orjson.JSONDecodeError: the text is not JSON.
    """
    data = text.encode() if isinstance(text, str) else text
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        if not _SURROGATE.search(data):
            raise
        data = _LONE.sub(lambda escape: _REPLACEMENT if escape[1] else escape[0], data)
        value = orjson.loads(data)
    return value if _is_plain(value, data) else _with_all_values(value, data)


def _is_plain(value: Any, data: bytes) -> bool:
    """Return True for a flat object that certainly has no name twice, since no further name can be in it."""
    return (
        value.__class__ is dict
        and _SIMPLE.issuperset(map(type, value.values()))
        and (
            data.count(b":") == len(value)
            or (data.count(b'":') == len(value) and not _APART.search(data))  # texts have colons, too
        )
    )


def _with_all_values(value: Any, data: bytes) -> Any:
    try:
        return _DECODER.decode(data.decode())
    except RecursionError:  # orjson reads more levels
        return value


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, list[Any]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: tuple(some) if len(some) > 1 else some[0] for name, some in values.items()}


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


_DECODER = json.JSONDecoder(object_pairs_hook=_grouped, parse_int=_whole_number)
