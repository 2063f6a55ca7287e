"""Pasted and attached input in a real browser becomes a lead, or a message that names the problem."""

import unicodedata
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.integration.browser.public.conftest import FILLING, leads_with
from tests.support.clients.browsers import sign_in
from tests.support.examples.sample_files import DOCX, HEIC, JPG, PDF, RTF, compound_file
from tests.support.servers.processes import Program

FILES = "Resume, documents or photos"
LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail address",
    "phone": "Phone number",
    "message": "Your message",
}
KEPT_AS = {
    "letter.doc": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "memo.doc": (RTF, "application/rtf"),
    "scan.pdf": (b"printed by a copier\r\n" * 20 + PDF, "application/pdf"),
    "IMG_4711.JPG": (JPG, "image/jpeg"),
    "IMG_0815.HEIC": (HEIC, "image/heic"),
    "ansi.txt": ("Bewerbung von Jörg Weiß \u2013 Grüße".encode("cp1252"), "text/plain"),
    "unicode.txt": ("Bewerbung von Zoë Łuczak".encode("utf-16"), "text/plain"),
}
REJECTED_FILES = {
    "locked.docx": (compound_file("EncryptionInfo", "EncryptedPackage"), "is protected by a password"),
    "mail.eml": (b"From: ann@example.com\r\nSubject: Hi\r\n\r\nHello", "is not of one of these kinds"),
}


@frozen
class Entry:
    """The input of a person, and what becomes of it.

    Attributes:
        name: of the address that the lead gets.
        texts: what is typed, by field; ``{}`` stands for the address.
        kept: the values of the lead.
        error: what the page says instead; empty if the lead is taken.
    """

    name: str
    texts: Mapping[str, str]
    kept: Mapping[str, Any] = field(factory=dict)
    error: str = ""


ENTRIES = (
    Entry("zero-width", {"email": "\u200b{}\ufeff"}),
    Entry("from-a-link", {"email": "mailto:{}"}),
    Entry("from-outlook", {"email": "Ann Lee <{}>"}),
    Entry("sentence", {"email": "{}."}),
    Entry("several", {"email": "{}, other@example.com"}, error="Enter one e-mail address, not several."),
    Entry("tab", {"message": "Item\tPrice\nRent\t700"}, {"message": "Item\tPrice\nRent\t700"}),
    Entry("mononym", {"first_name": "Pelé", "last_name": ""}, {"first_name": "Pelé", "last_name": None}),
    Entry("contacts", {"phone": "\u202a+49 170 5550021\u202c"}, {"phone": "+491705550021"}),
    Entry("extension", {"phone": "+49 30 5550022 ext. 98"}, {"phone": "+49305550022 ext. 98"}),
    Entry("excel", {"phone": '="+49305550023"'}, {"phone": "+49305550023"}),
    Entry(
        "two-numbers",
        {"phone": "+49 30 5550024 / +49 170 5550024"},
        {"phone": "+49305550024", "answers": {"phone": "+49 170 5550024"}},
    ),
    Entry("no-number", {"phone": "keine"}, {"phone": None, "answers": {"phone": "keine"}}),
    Entry("scientific", {"phone": "4,93055E+11"}, error="A spreadsheet program has damaged this number."),
)


def open_form(context: BrowserContext, email: str, texts: Mapping[str, str]) -> Page:
    """Fill in the form of a new tab as by pasting, which changes no character."""
    tab = context.new_page()
    tab.goto("/")
    for name, text in ({"first_name": "Ann", "last_name": "Lee", "email": "{}"} | dict(texts)).items():
        tab.get_by_label(LABELS[name]).focus()
        tab.keyboard.insert_text(text.replace("{}", email))
    return tab


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def browser(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Any:
    """A browser with JavaScript, and one without."""
    with chromium.new_context(base_url=site, locale="en-GB", java_script_enabled=request.param) as context:
        yield context


def suffix(request: pytest.FixtureRequest) -> str:
    return "-plain" if "without" in request.node.name else ""


def test_pasted_texts_become_what_people_mean(
    browser: BrowserContext, site: str, request: pytest.FixtureRequest
) -> None:
    emails = {one.name: f"{one.name}{suffix(request)}@example.com" for one in ENTRIES}
    tabs = [open_form(browser, emails[one.name], one.texts) for one in ENTRIES]
    tabs[0].wait_for_timeout(FILLING)
    for entry, tab in zip(ENTRIES, tabs, strict=True):
        tab.get_by_role("button", name="Send").click()
        if entry.error:
            expect(tab.get_by_text(entry.error).first, entry.name).to_be_visible()
            continue
        expect(tab.get_by_role("heading", name="Thank you"), entry.name).to_be_visible()
        [lead] = leads_with(tab, site, emails[entry.name])
        assert lead.items() >= dict(entry.kept).items(), entry.name


def test_files_are_kept_under_their_true_kind(
    browser: BrowserContext, site: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tabs = {}
    for name, (content, _) in (KEPT_AS | REJECTED_FILES).items():
        path = tmp_path / name
        path.write_bytes(content)
        email = f"{path.stem}.{path.suffix[1:]}{suffix(request)}@example.com"
        tabs[name] = open_form(browser, email, {}), email
        tabs[name][0].get_by_label(FILES).set_input_files(path)
    tabs["memo.doc"][0].wait_for_timeout(FILLING)
    for name, (tab, email) in tabs.items():
        tab.get_by_role("button", name="Send").click()
        if name in REJECTED_FILES:
            expect(tab.get_by_text(REJECTED_FILES[name][1]).first, name).to_be_visible()
            continue
        expect(tab.get_by_role("heading", name="Thank you"), name).to_be_visible()
        [lead] = leads_with(tab, site, email)
        assert lead["resume"]["content_type"] == KEPT_AS[name][1], name


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_form_of_another_site_is_read_in_its_encoding(
    browser: BrowserContext, site: str, charset: str, request: pytest.FixtureRequest
) -> None:
    email = f"{charset}{suffix(request)}@example.com"
    inputs = {
        "form_fields[name]": "Jörg Weiß",
        "form_fields[email]": email,
        "description": "Grüße \u2013 100 €",
        "Größe": "XL",
    }
    rows = "".join(f'<input name="{name}" value="{escape(text)}">' for name, text in inputs.items())
    tab = browser.new_page()
    tab.set_content(
        f'<form method="post" accept-charset="{charset}" action="{site}/leads">{rows}<button>Go</button>'
    )
    tab.get_by_role("button", name="Go").click()
    expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()
    [lead] = leads_with(tab, site, email)
    assert (lead["first_name"], lead["last_name"], lead["message"]) == ("Jörg", "Weiß", "Grüße \u2013 100 €")
    assert lead["answers"] == {"Größe": "XL"}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_password_is_typed_in_either_form(tab: Page, program: Program, form: str) -> None:
    phrase = "Zähler für Zoë 31"
    stored = unicodedata.normalize("NFD", phrase)
    program.run("user", "add", f"zoe-{form}", "--role", "agent", "--password-stdin", stdin=f"{stored}\n")
    tab.goto("/sign-in")
    sign_in(tab, f"zoe-{form}", unicodedata.normalize(form, phrase))  # type: ignore[arg-type]  # a name
    tab.wait_for_url("**/dashboard")


def test_leads_are_found_by_words_and_spellings(tab: Page) -> None:
    people = {
        "山田 花子": ("遺産分割について相談したい", ["山田", "花子", "分割", "相談"]),
        "이 지은": ("전세 보증금 문제", ["지은", "보증금"]),
        "Ann Lee": ("+49 151 5550031", ["+49 (0) 151 5550031", "0151\u20135550031", "tel:+491515550031"]),
    }
    for number, (name, (text, _)) in enumerate(people.items()):
        key = "phone" if text.startswith("+") else "message"
        fields: dict[str, str | float | bool] = {"name": name, "email": f"cjk{number}@example.com", key: text}
        assert tab.request.post("/leads", form=fields, headers={"Accept": "application/json"}).status == 201
    tab.goto("/sign-in")
    sign_in(tab, ADMIN, PASSWORD)
    tab.wait_for_url("**/dashboard")
    for name, (_, queries) in people.items():
        for query in queries:
            tab.goto("/dashboard/leads")
            tab.get_by_role("searchbox").first.fill(query)
            tab.keyboard.press("Enter")
            expect(tab.get_by_role("link", name=name.split()[1]).first, query).to_be_visible()
