"""Where the visitor of a form comes from, in a line."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from leadtracker.domain.model.leads.fields import MAX_SOURCE_LENGTH

_CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")


def source_of(args: Mapping[str, str], referrer: str | None, own_host: str) -> str:
    """What a page's address says of a campaign, such as ``google / cpc / spring``; else the site before.

    Args:
        args: the query of the page's address; its ``source`` comes before all else.
        referrer: the address of the page before.
        own_host: ours, from which nobody comes.
    """
    named = _line(args.get("source", ""))
    campaign = " / ".join(filter(None, (_line(args.get(name, "")) for name in _CAMPAIGN)))
    return (named or campaign or _other_site(referrer, own_host))[:MAX_SOURCE_LENGTH].strip()


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _other_site(referrer: str | None, own_host: str) -> str:
    try:
        parts = urlsplit(referrer or "")
    except ValueError:
        return ""
    return "" if parts.netloc == own_host else _line(parts.hostname or "")
