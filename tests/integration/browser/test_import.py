"""``/dashboard/import``: files of other programs are imported by clicks only, corrected and undone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.clients.accessibility import check_accessible
from tests.support.examples.weeks import closed_weeks, within
from tests.support.examples.workbooks import make_workbook
from tests.support.servers.processes import Program

ROWS, EDITED = 300, 3
HUBSPOT = (
    '"Record ID","First Name","Last Name","Email","Phone Number","Lead Status","Create Date"\n'
    '"101","Ann","Hub","ann@hub.example","+49 30 901820","NEW","2026-11-13 14:14"\n'
    '"102","Bob","Hub","not an address","","OPEN","2026-11-14 09:00"\n'
    '"103","Eve","Hub","eve@hub.example","","NEW",""\n'
)
GERMAN = "Vorname;Nachname;E-Mail-Adresse;Bemerkung\nJürgen;Groß;juergen@groß.example;Rückruf\n;;;\n"


def upload(tab: Page, path: Path) -> None:
    """Choose a file on the first page, and continue."""
    tab.goto("/dashboard/import")
    tab.get_by_label("File").set_input_files(path)
    tab.get_by_role("button", name="Continue").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(f"Import {path.name}")


def expect_counts(tab: Page, **counts: int) -> None:
    """Wait for the result, and compare its numbers."""
    expect(tab.get_by_text("Completed.")).to_be_visible()
    titles = {"created": "New leads", "rejected": "Rejected", "removed": "Removed again"}
    for name, number in counts.items():
        count = tab.locator(".counts > div").filter(has_text=titles[name]).locator("dd")
        expect(count).to_have_text(str(number))


def test_hubspot_export_is_imported_corrected_and_undone(agent_tab: Page, tmp_path: Path) -> None:
    path = tmp_path / "hubspot.csv"
    path.write_text(HUBSPOT)
    agent_tab.goto("/dashboard")
    agent_tab.get_by_role("link", name="Import").first.click()
    check_accessible(agent_tab)
    upload(agent_tab, path)
    check_accessible(agent_tab)
    expect(agent_tab.get_by_label("Phone Number")).to_have_value("phone")
    expect(agent_tab.get_by_label("Record ID")).to_have_value("answer")
    agent_tab.get_by_label("Record ID").select_option("Leave out")
    agent_tab.get_by_role("button", name="Update the preview").click()
    expect(agent_tab.get_by_label("Record ID")).to_have_value("nothing")
    expect(agent_tab.get_by_text("Enter an e-mail address such as name@example.com.")).to_be_visible()
    agent_tab.get_by_role("button", name="Import", exact=True).click()
    expect_counts(agent_tab, created=2, rejected=1)
    check_accessible(agent_tab)

    with agent_tab.expect_download() as downloading:
        agent_tab.get_by_role("link", name="Download rejected rows").click()
    corrected = tmp_path / "corrected.csv"
    rejected = Path(downloading.value.path()).read_text()
    assert "Bob" in rejected
    corrected.write_text(rejected.replace("not an address", "bob@hub.example"))
    upload(agent_tab, corrected)
    agent_tab.get_by_role("button", name="Import", exact=True).click()
    expect_counts(agent_tab, created=1, rejected=0)

    agent_tab.once("dialog", lambda dialog: dialog.accept())
    agent_tab.get_by_role("button", name="Undo").click()
    expect(agent_tab.get_by_text("1 lead was removed.")).to_be_visible()
    row = agent_tab.get_by_role("row").filter(has_text="hubspot.csv")
    expect(row).to_contain_text("Completed")
    row.get_by_role("link").click()
    agent_tab.once("dialog", lambda dialog: dialog.accept())
    agent_tab.get_by_role("button", name="Undo").click()
    expect(agent_tab.get_by_text("2 leads were removed.")).to_be_visible()
    check_accessible(agent_tab)


def test_german_file_is_read_in_its_encoding(agent_tab: Page, tmp_path: Path) -> None:
    path = tmp_path / "kontakte.csv"
    path.write_bytes(GERMAN.encode("windows-1252"))
    upload(agent_tab, path)
    expect(agent_tab.get_by_text("The file was read as windows-1252.")).to_be_visible()
    agent_tab.get_by_label("Bemerkung").select_option("Message")
    agent_tab.get_by_role("button", name="Import", exact=True).click()
    expect_counts(agent_tab, created=1, rejected=0)
    agent_tab.goto("/dashboard/leads?q=juergen")
    expect(agent_tab.get_by_text("Jürgen Groß").first).to_be_visible()


def test_workbook_is_matched_by_hand(agent_tab: Page, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(make_workbook(("Who", "Where"), ("Zoe Book", "zoe@book.example")))
    upload(agent_tab, path)
    expect(agent_tab.get_by_role("alert")).to_contain_text("Choose the column that holds the name.")
    agent_tab.get_by_label("Who").select_option("Full name")
    agent_tab.get_by_label("Where").select_option("E-mail")
    agent_tab.get_by_role("button", name="Update the preview").click()
    expect(agent_tab.get_by_role("alert")).to_have_count(0)
    agent_tab.get_by_role("button", name="Import", exact=True).click()
    expect_counts(agent_tab, created=1)


def test_edited_leads_and_sealed_numbers_stay_after_undo(
    agent_tab: Page, tmp_path: Path, program: Program
) -> None:
    week = closed_weeks(1)[0]
    path = tmp_path / "fair.csv"
    lines = (f"Fay{one:05},f{one:05}@fair.example,{within(week)}" for one in range(ROWS))
    path.write_text("\n".join(["first_name,email,created_at", *lines]) + "\n")
    upload(agent_tab, path)
    agent_tab.get_by_role("button", name="Import", exact=True).click()
    expect_counts(agent_tab, created=ROWS)
    result = agent_tab.url
    program.run("report", "send", "--week", week.name)
    agent_tab.goto("/dashboard/reports")
    total = agent_tab.locator(".total").first
    expect(total).to_have_text(str(ROWS))

    for one in range(EDITED):
        agent_tab.goto(f"/dashboard/leads?owner=&q=f{one:05}@fair.example")
        agent_tab.get_by_role("link", name=f"Fay{one:05}", exact=True).click()
        agent_tab.get_by_label("Add a note").fill("Called.")
        agent_tab.get_by_role("button", name="Add the note").click()
        expect(agent_tab.get_by_text("The note was added.")).to_be_visible()

    agent_tab.goto(result)
    agent_tab.once("dialog", lambda dialog: dialog.accept())
    agent_tab.get_by_role("button", name="Undo").click()
    expect(agent_tab.get_by_text(f"{ROWS - EDITED:,} leads were removed")).to_be_visible()
    expect(agent_tab.get_by_text(f"{EDITED} leads were changed since and stay.")).to_be_visible()
    expect(agent_tab.get_by_role("cell", name="Note", exact=True)).to_have_count(EDITED)
    check_accessible(agent_tab)
    agent_tab.goto("/dashboard/reports")
    expect(total).to_have_text(str(ROWS))


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff\xfe\x00"])
def test_file_that_is_no_table_is_rejected_with_a_sentence(
    agent_tab: Page, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    agent_tab.goto("/dashboard/import")
    agent_tab.get_by_label("File").set_input_files(path)
    agent_tab.get_by_role("button", name="Continue").click()
    expect(agent_tab.locator(".field-error")).to_be_visible()
    check_accessible(agent_tab)
