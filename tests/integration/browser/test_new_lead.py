"""A phone call becomes a lead, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.support.clients.accessibility import check_accessible
from tests.support.servers.processes import Program

NEW = "/dashboard/leads/new"


@pytest.fixture(scope="module")
def program(program: Program) -> Program:
    """An installation that mails an office about each lead of an anonymous client."""
    return program.with_settings(NOTIFY="office@call.example")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_phone_call_becomes_a_lead_with_the_keyboard_alone(agent_tab: Page, width: int) -> None:
    agent_tab.set_viewport_size(ViewportSize(width=width, height=740))
    agent_tab.get_by_role("link", name="New lead").press("Enter")
    expect(agent_tab.get_by_label("First name")).to_be_focused()
    keyboard = agent_tab.keyboard
    for text in (
        "Bea",
        f"Call {width}",
        f"+1 212 555 0{width:04}"[:15],
        f"bea{width}@call.example",
        "Wants to be called back",
        "phone",
    ):
        keyboard.type(text)
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(agent_tab.get_by_text("The lead was added.")).to_be_visible()
    expect(agent_tab.get_by_role("heading", name=f"Bea Call {width}")).to_be_visible()
    expect(agent_tab.get_by_text("Wants to be called back").first).to_be_visible()
    agent_tab.goto("/dashboard/deliveries")  # which also lists the mails that are not sent, on purpose
    mails = agent_tab.get_by_role("row").filter(has_text="call.example")
    assert set(mails.locator(".badge").all_inner_texts()) == {"Cancelled"}


def test_known_person_is_shown_while_typing(agent_tab: Page) -> None:
    agent_tab.goto(NEW)
    agent_tab.get_by_label("First name").fill("Known")
    agent_tab.get_by_label("E-mail", exact=True).fill("known@example.com")
    agent_tab.get_by_label("E-mail", exact=True).press("Enter")
    expect(agent_tab.get_by_text("The lead was added.")).to_be_visible()
    agent_tab.goto(NEW)
    agent_tab.get_by_label("First name").fill("Second")
    agent_tab.get_by_label("E-mail", exact=True).press_sequentially("KNOWN@example.com", delay=10)
    known = agent_tab.get_by_role("status").filter(has_text="This person is known.")
    expect(known.get_by_role("link", name="Known")).to_be_visible()
    agent_tab.get_by_label("Add this lead as well").check()
    check_accessible(agent_tab)
    agent_tab.get_by_role("button", name="Add the lead").click()
    expect(agent_tab.get_by_role("heading", name="Second")).to_be_visible()


def test_form_with_errors_fits_every_screen(agent_tab: Page) -> None:
    agent_tab.goto(NEW)
    agent_tab.get_by_role("button", name="Add the lead").click()
    expect(agent_tab.get_by_role("alert")).to_be_visible()
    for width in (320, 1280):
        agent_tab.set_viewport_size(ViewportSize(width=width, height=740))
        assert agent_tab.evaluate("document.documentElement.scrollWidth") == width
    check_accessible(agent_tab)


def test_fields_side_by_side_are_in_line_beside_hints_and_errors(agent_tab: Page) -> None:
    agent_tab.goto(NEW)
    agent_tab.get_by_role("button", name="Add the lead").click()
    expect(agent_tab.locator("#first_name-wrong")).to_be_visible()
    for pair in (("first_name", "last_name"), ("phone", "email"), ("source", "created_at")):
        boxes = [agent_tab.locator(f"#{name}").bounding_box() for name in pair]
        assert len({box["y"] for box in boxes if box}) == 1, pair


def test_reason_of_a_lost_lead_is_saved_on_its_page(agent_tab: Page) -> None:
    agent_tab.goto(NEW)
    agent_tab.get_by_label("First name").fill("Lost")
    agent_tab.get_by_label("E-mail", exact=True).fill("lost@call.example")
    agent_tab.get_by_role("button", name="Add the lead").click()
    agent_tab.get_by_role("button", name="Lost").click()
    reason = agent_tab.get_by_label("Why was the lead lost?")
    expect(reason).to_have_count(1)
    reason.fill("no answer")
    reason.press("Enter")
    expect(agent_tab.get_by_text("Lost: no answer")).to_be_visible()
