"""From a submitted form to the chart on the dashboard, in real browsers."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.examples.sample_files import PDF

FORM_FILL_MILLISECONDS = 2_100  # forms that are sent faster look like spam


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_submitted_lead_reaches_list_and_chart(
    chromium: Browser, site: str, agent_tab: Page, tmp_path: Path, *, scripts: bool
) -> None:
    before = number_of_this_week(agent_tab)
    name = "Wanda" if scripts else "Wilma"
    send_the_form(chromium, site, tmp_path, name, scripts=scripts)
    assert number_of_this_week(agent_tab) == before + 1
    expect(agent_tab.locator(".chart svg .number").last).to_have_text(str(before + 1))
    agent_tab.get_by_role("region", name="New").get_by_role("link", name=f"{name} Long").click()
    expect(agent_tab.get_by_role("heading", name=f"{name} Long")).to_be_visible()
    with agent_tab.expect_download() as download:
        agent_tab.get_by_role("link", name="Download the resume").click()
    assert Path(download.value.path()).read_bytes() == PDF


def number_of_this_week(tab: Page) -> int:
    tab.goto("/dashboard")
    return int(tab.locator(".metric strong").first.inner_text())


def send_the_form(chromium: Browser, site: str, folder: Path, name: str, *, scripts: bool) -> None:
    resume = folder / "cv.pdf"
    resume.write_bytes(PDF)
    context = chromium.new_context(base_url=site, java_script_enabled=scripts)
    tab = context.new_page()
    tab.goto("/")
    for label, text in (("First name", name), ("Last name", "Long"), ("E-mail", f"{name}@example.com")):
        tab.get_by_label(label).fill(text)
    tab.get_by_label("Resume, documents or photos").set_input_files(resume)
    tab.wait_for_timeout(FORM_FILL_MILLISECONDS)
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()
    context.close()
