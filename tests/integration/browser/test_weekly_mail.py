"""The weekly report by e-mail as clients show it: on a phone, without styles, in the dark, as text."""

import re
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from playwright.sync_api import Browser

from leadtracker.adapters.mail.template_email_writer import JinjaEmailWriter, Letterhead
from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.reports.weekly_summary import WEEKS_SHOWN
from leadtracker.i18n.languages import DASHBOARD_LANGUAGES, Language
from tests.contracts.deliveries.email_writer import make_delivery, make_full_lead, make_summary
from tests.support.builders import make_report
from tests.support.clients.accessibility import NARROW

UNBROKEN = "x" * 100
STYLES = re.compile(r'<style.*?</style>|\s(?:style|bgcolor|width|height|cell\w+)="[^"]*"', re.DOTALL)
REMOTE = re.compile(r"<(?:img|link|script|iframe|video)|\ssrc=|url\(|@import|@font-face", re.IGNORECASE)


def compose(language: Language, highest: int, text: str = "fair") -> Email:
    """Compose the mail about the last of twelve weeks."""
    lead = make_full_lead(first_name=text, source=text, owner=text)
    reports = tuple(make_report(f"2026-W{35 + number}", highest) for number in range(WEEKS_SHOWN))
    summary = make_summary(highest, lead)
    summary = evolve(
        summary,
        reports=reports,
        sources=tuple(evolve(one, name=text) for one in summary.sources),
        owners=tuple(evolve(one, name=text) for one in summary.owners),
        lost_reasons={text: 3, None: 2},
    )
    letterhead = Letterhead(organisation=text, language=language)
    writer = JinjaEmailWriter("https://leads.firm.example", ZoneInfo("Europe/Berlin"), letterhead=letterhead)
    return writer.write_weekly_report(make_delivery(DeliveryKind.WEEKLY_REPORT), summary)


@pytest.mark.parametrize("language", DASHBOARD_LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("highest", [0, 7, 999, 9_110, 123_456])
def test_mail_fits_a_phone(
    chromium: Browser, language: Language, scheme: Literal["dark", "light"], highest: int
) -> None:
    email = compose(language, highest, UNBROKEN)
    context = chromium.new_context(viewport=NARROW, color_scheme=scheme, offline=True)
    tab = context.new_page()
    tab.set_content(email.html)
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert str(highest) in tab.inner_text("h1")
    style = tab.evaluate(
        "(({color, backgroundColor}) => ({color, backgroundColor}))(getComputedStyle(document.body))"
    )
    assert (style["backgroundColor"] == "rgb(255, 255, 255)") is (scheme == "light")
    assert style["color"] != style["backgroundColor"]
    context.close()


@pytest.mark.parametrize("language", DASHBOARD_LANGUAGES)
@pytest.mark.parametrize("highest", [21, 9_110])
def test_mail_is_readable_without_styles(chromium: Browser, language: Language, highest: int) -> None:
    email = compose(language, highest)
    context = chromium.new_context(viewport=NARROW, offline=True)
    tab = context.new_page()
    tab.set_content(STYLES.sub("", email.html))
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    text = tab.inner_text("body")
    for shown in (str(highest), "fair", "2026-W46"):
        assert shown in text
    context.close()


@pytest.mark.parametrize("language", DASHBOARD_LANGUAGES)
def test_mail_loads_nothing_and_its_text_has_the_same_numbers(language: Language) -> None:
    email = compose(language, 9_110)
    assert not REMOTE.search(email.html)
    assert email.text.count("9110") >= WEEKS_SHOWN
    links = set(re.findall(r'href="([^"]+)"', email.html))
    assert {link for link in links if link not in email.text} == set()
