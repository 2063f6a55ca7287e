"""Browsers are recognised by their user agents."""

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from leadtracker.domain.model.accounts.user_session import Browser
from leadtracker.entrypoints.http.auth.browser import browser_of

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name", "system"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox",
            "Windows",
        ),
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36", "Chrome", "Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge", "Windows"),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64) {WEBKIT} Chrome/140.0 Safari/537.36 OPR/120.0",
            "Opera",
            "ChromeOS",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.0 Safari/605.1.15",
            "Safari",
            "macOS",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {APPLE} CriOS/140.0 Safari/604.1",
            "Chrome",
            "iOS",
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox", "Android"),
        (
            f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0",
            "Samsung Internet",
            "Android",
        ),
        ("curl/8.14.1", "", ""),
        ("x" * 400 + "Firefox/1.0 (Windows)", "", ""),
        ("", "", ""),
    ],
)
def test_browser_is_recognised(user_agent: str, name: str, system: str) -> None:
    environ = EnvironBuilder(headers=[("User-Agent", user_agent)]).get_environ()
    environ["REMOTE_ADDR"] = "192.0.2.7"
    assert browser_of(Request(environ)) == Browser(name=name, system=system, address="192.0.2.7")
