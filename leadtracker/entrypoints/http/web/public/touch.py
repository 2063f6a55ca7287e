"""The source and the touch of a lead, from the URL of the form and from the ``Referer`` header."""

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, urlsplit

from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, MAX_TOUCH_LENGTH, TOUCH_FIELDS

_CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")
_MAX_URL_LENGTH = 2_000
_MAX_PARAMETERS = 100
_NO_URL = urlsplit("")


def source_of(args: Mapping[str, str], referrer: str | None, own_host: str) -> str:
    """Derive the source of a lead: ``source``, else the campaign of the URL, else the referring site.

    Args:
        args: the parameters of the form's URL, such as ``utm_source``.
        referrer: the ``Referer`` header.
        own_host: the host of the form, which is no source.

    Returns:
        One line such as ``google / cpc / spring`` or ``blog.example``; empty if the source is unknown.
    """
    named = _line(args.get("source", ""))
    campaign = " / ".join(filter(None, (_line(args.get(name, "")) for name in _CAMPAIGN)))
    site = _line(_other_site(referrer, own_host).hostname or "")
    return (named or campaign or site)[: FIELDS_BY_NAME["source"].max_length].strip()


def touch_of_visitor(
    args: Mapping[str, str], referrer: str | None, url: str, own_host: str
) -> dict[str, str]:
    """Return the touch of a visitor who opens the form on its own page, without empty parts.

    Args:
        args: the parameters of the form's URL.
        referrer: the ``Referer`` header.
        url: the form's URL.
        own_host: the host of the form, which is no referrer.
    """
    site = _other_site(referrer, own_host)
    return _touch({"referrer": _page(site), "landing_page": _page(_split(url)), **args})


def touch_on_page(args: Mapping[str, str], referrer: str | None, own_host: str) -> dict[str, str]:
    """Return the touch of a visitor whose form is on a page of another site, without empty parts.

    That page is the landing page. Its parameters count, too, if the browser reveals them.

    Args:
        args: the parameters of the form's URL.
        referrer: the ``Referer`` header, which is the URL of the page.
        own_host: the host of LeadTracker.
    """
    site = _other_site(referrer, own_host)
    try:
        parameters = parse_qs(site.query, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        parameters = {}
    of_page = {name: values[0] for name, values in parameters.items()}
    return _touch({**of_page, "referrer": "", "landing_page": _page(site), **args})


def _touch(texts: Mapping[str, str]) -> dict[str, str]:
    touch = {field.name: _line(texts.get(field.name, ""))[:MAX_TOUCH_LENGTH] for field in TOUCH_FIELDS}
    return {name: text for name, text in touch.items() if text}


def _page(url: SplitResult) -> str:
    """Return a URL without its parameters, which may hold personal data."""
    return url._replace(query="", fragment="").geturl()


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _other_site(referrer: str | None, own_host: str) -> SplitResult:
    url = _split(referrer or "")
    return _NO_URL if url.netloc == own_host else url


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url[:_MAX_URL_LENGTH])
    except ValueError:
        return _NO_URL
    return parts if parts.scheme in {"http", "https"} else _NO_URL
