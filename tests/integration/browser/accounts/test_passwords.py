"""Choosing a password by a link, and confirming who one is: by the keyboard alone, on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.clients.browsers import sign_in
from tests.support.clients.keyboard import PHONE, check, reach, type_in
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program
from tests.support.servers.received_mail import parse_mail

NEW = "seven herons at dawn"


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Page]:
    """A tab on a phone, in a browser without cookies."""
    with chromium.new_context(base_url=site, locale="en-GB", viewport=PHONE) as context:
        yield context.new_page()


def link_of(program: Program) -> str:
    """Return the path of the link in the mail that the scheduler writes."""
    assert program.run("scheduler", "--once").status == 0
    mails = [parse_mail(path.read_bytes()) for path in (program.folder / "data" / "mail").glob("*.eml")]
    [text] = [str(mail.get_body(("plain",)) or "") for mail in mails if "choose-password" in str(mail)]
    found: list[str] = re.findall(
        r"(/choose-password\?token=\S+)", text.replace("=\n", "").replace("=3D", "=")
    )
    return found[0]


def test_invited_user_chooses_password(phone: Page, program: Program) -> None:
    invited = program.run("user", "invite", "bo", "--role", "agent", "--email", "bo@example.com")
    assert invited.status == 0, invited.err
    path = link_of(program)
    phone.goto(path)
    expect(phone.get_by_role("heading", name="Welcome: choose your password")).to_be_visible()
    check(phone)
    for again in ("another one", NEW):
        type_in(phone, "New password", NEW)
        type_in(phone, "New password, once more", again)
        phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("Your password is set")
    check(phone)
    phone.goto(path)
    expect(phone.get_by_role("heading", name="This link cannot be used any more")).to_be_visible()
    sign_in_page = phone.goto("/sign-in")
    assert sign_in_page
    sign_in(phone, "bo", NEW)
    phone.wait_for_url("**/dashboard")


def test_sensitive_page_asks_who_one_is(phone: Page, program: Program) -> None:
    phone.goto("/sign-in")
    sign_in(phone, ADMIN, PASSWORD)
    phone.wait_for_url("**/dashboard")
    phone.goto("/dashboard/users")
    type_in(phone, "Name", "carol")
    raw = RawDatabase(f"sqlite:///{program.folder}/data/leadtracker.db")
    raw.execute("UPDATE sessions SET confirmed_at = ?", "2020-01-01T00:00:00.000000Z")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    check(phone)
    type_in(phone, "Password", "wrong wrong wrong")
    phone.keyboard.press("Enter")
    wrong = phone.get_by_text("This is neither your password nor a current code.")
    expect(wrong).to_be_visible()
    check(phone)
    type_in(phone, "Password", PASSWORD)
    phone.keyboard.press("Enter")
    # The form of the new user continues: it lacks the address that an invitation needs.
    expect(phone.get_by_label("Name", exact=True)).to_have_value("carol")
    check(phone)
    reach(phone, phone.get_by_label("E-mail"))
