"""Recognise the browser of a request by its user agent."""

from flask import Request

from leadtracker.domain.model.accounts.user_session import Browser

_MAX_USER_AGENT_LENGTH = 400
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Texts in user agents, and the browsers that send them. Most imitate others, so the order matters."""

_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(request: Request) -> Browser:
    """Return what a request reveals of its browser: one of a few names, and the client's address."""
    user_agent = request.headers.get("User-Agent", "")[:_MAX_USER_AGENT_LENGTH]
    return Browser(
        name=_first(user_agent, _BROWSERS), system=_first(user_agent, _SYSTEMS), address=request.remote_addr
    )


def _first(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for part, name in names if part in user_agent), "")
