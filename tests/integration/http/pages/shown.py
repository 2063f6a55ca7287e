"""What a place shows of an enum, and how to read it from a page, a text or an OpenAPI document."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

QUARANTINED = r"(?:<p><strong>|<h2[^>]*>)([^<.]+)(?:\.</strong>|</h2>)"
BADGE = r'<span class="badge [^"]*">([^<]+)</span>'
OPTION = r"<option [^>]*>([^<]+)</option>"
HISTORY = r'<p class="what"><strong>([^<]+)</strong>'
RESULT = r'<p role="status"><strong>([^<]+)\.</strong>'
NOTE = r'<blockquote class="said">([^<]+)</blockquote>'


@frozen
class Shown:
    """The texts that each place shows: labels for users, values for API clients."""

    labels: Mapping[str, set[str]] = field(factory=dict)
    values: Mapping[str, set[str]] = field(factory=dict)


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.]+", text))


def enum_values(node: Any) -> Iterator[str]:
    """Every value that an OpenAPI document lists in an ``enum``."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and isinstance(node.get("enum"), list):
        yield from filter(None, node["enum"])
    for child in children:
        yield from enum_values(child)
