"""Texts of the public form that the operator writes: one for all languages, or one for each; safe links."""

import json

import pytest

from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.clients.html_client import HtmlClient
from tests.support.database import on_sqlite

HEADINGS = json.dumps({"en": "Ask <our> lawyers", "de": "Fragen Sie uns"})
LINK = '<a href="https://firm.example/faq?a=1&amp;b=2" rel="noopener" target="_blank">'
TEXTS = {
    "form_heading": HEADINGS,
    "form_introduction": "Call us & see https://firm.example/faq?a=1&b=2 <b>",
    "form_files_label": "Photos of the damage",
    "thanks_text": "We answer soon: https://firm.example/faq?a=1&b=2 <script>",
    "consent_text": json.dumps({"de": "Ich stimme zu: https://firm.example/de"}),
}

pytestmark = on_sqlite


@pytest.fixture
def client(make_container: MakeContainer) -> HtmlClient:
    return HtmlClient.of(create_app(make_container(**TEXTS, language="de")))


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "Ask &lt;our&gt; lawyers"), ("de", "Fragen Sie uns"), ("fr", "Fragen Sie uns")],
)
@pytest.mark.parametrize("path", ["/", "/form/embed"])
def test_form_shows_the_texts_of_the_language(
    client: HtmlClient, path: str, language: str, heading: str
) -> None:
    html = client.get(path, {"Accept-Language": language}).html
    assert f"<h1>{heading}</h1>" in html
    assert f"Call us &amp; see {LINK}" in html
    assert "&lt;b&gt;" in html
    assert "Photos of the damage" in html
    assert 'Ich stimme zu: <a href="https://firm.example/de"' in html


def test_thank_you_page_shows_the_text(client: HtmlClient) -> None:
    html = client.get("/thanks").html
    assert f"We answer soon: {LINK}" in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x"])
def test_only_web_addresses_become_links(make_container: MakeContainer, text: str) -> None:
    html = HtmlClient.of(create_app(make_container(form_introduction=text))).get("/").html
    assert text in html
    assert f'href="{text}' not in html
