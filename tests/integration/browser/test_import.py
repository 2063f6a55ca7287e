"""``/dashboard/import``: files of other programs are imported by clicks only, corrected and undone."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import frozen
from playwright.sync_api import Page, expect

from tests.support.clients.accessibility import WIDE, check_accessible
from tests.support.examples.thoroughness import examples
from tests.support.examples.weeks import closed_weeks, within
from tests.support.examples.workbooks import make_workbook
from tests.support.servers.processes import Program

ROWS, EDITED = examples(10_000), 3
_SLOW_MILLISECONDS = 180_000  # so many rows take seconds, and longer on a busy machine
HUBSPOT = (
    '"Record ID","First Name","Last Name","Email","Phone Number","Lead Status","Create Date"\n'
    '"101","Ann","Hub","ann@hub.example","+49 30 901820","NEW","2026-11-13 14:14"\n'
    '"102","Bob","Hub","not an address","","OPEN","2026-11-14 09:00"\n'
    '"103","Eve","Hub","eve@hub.example","","NEW",""\n'
)
GERMAN = (
    "Vorname;Nachname;E-Mail-Adresse;Bemerkung\n"
    "Jürgen;Groß;juergen@groß.example;Rückruf\n"
    "Käthe;Weiß;keine Adresse;\n"
    ";;;\n"
)


def check(tab: Page) -> None:
    """Check a page, and let the next one be wide, so that it shows the navigation."""
    check_accessible(tab)
    tab.set_viewport_size(WIDE)


def upload(tab: Page, path: Path) -> None:
    """Choose a file on the first page, and continue."""
    tab.get_by_role("link", name="Import").first.click()
    tab.get_by_label("File").set_input_files(path)
    tab.get_by_role("button", name="Continue").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(f"Import {path.name}")


def expect_counts(tab: Page, **counts: int) -> None:
    """Wait for the result, and compare its numbers."""
    expect(tab.get_by_text("Completed.")).to_be_visible(timeout=_SLOW_MILLISECONDS)
    titles = {"created": "New leads", "rejected": "Rejected", "removed": "Removed again"}
    for name, number in counts.items():
        count = tab.locator(".counts > div").filter(has_text=titles[name]).locator("dd")
        expect(count).to_have_text(f"{number:,}")


def decide(tab: Page, choices: Mapping[str, str]) -> None:
    """Choose the meaning of columns, by their names, and see the preview again."""
    for column, meaning in choices.items():
        tab.get_by_label(column, exact=True).select_option(meaning)
    tab.get_by_role("button", name="Update the preview").click()


def start(tab: Page, **counts: int) -> None:
    """Begin the import, and wait for its result."""
    tab.get_by_role("button", name="Import the file").click()
    expect_counts(tab, **counts)


def undo(tab: Page) -> None:
    """Undo the import whose result the tab shows."""
    tab.once("dialog", lambda dialog: dialog.accept())
    tab.get_by_role("button", name="Undo").click(timeout=_SLOW_MILLISECONDS)


def download_rejected(tab: Page) -> bytes:
    """Download the rows that were rejected, in the encoding of the file."""
    with tab.expect_download() as downloading:
        tab.get_by_role("link", name="Download rejected rows").click()
    return Path(downloading.value.path()).read_bytes()


@frozen
class Export:
    """A file as another program writes it, with one wrong row among right ones.

    Attributes:
        name: of the file.
        content: of the file.
        choices: what a user must choose, by column: its meaning.
        seen: what the page says before the user has chosen.
        wrong: the text that is wrong in one row, and its correction.
        people: the names that become leads.
        encoding: of the rejected rows, which is that of the file.
    """

    name: str
    content: bytes
    choices: Mapping[str, str]
    seen: str
    wrong: tuple[str, str]
    people: tuple[str, ...]
    encoding: str = "utf-8"

    def correct(self, rejected: bytes) -> bytes:
        """Return the rejected rows, corrected as a spreadsheet would save them."""
        text = rejected.decode(self.encoding)
        assert self.wrong[0] in text
        return text.replace(*self.wrong).encode(self.encoding)


EXPORTS = (
    Export(
        "hubspot.csv",
        HUBSPOT.encode(),
        {"Record ID": "Leave out"},
        "Enter an e-mail address such as name@example.com.",
        ("not an address", "bob@hub.example"),
        ("Ann Hub", "Bob Hub", "Eve Hub"),
    ),
    Export(
        "kontakte.csv",
        GERMAN.encode("windows-1252"),
        {"Bemerkung": "Message"},
        "The file was read as windows-1252.",
        ("keine Adresse", "kaethe@süd.example"),
        ("Jürgen Groß", "Käthe Weiß"),
        "windows-1252",
    ),
    Export(
        "book.xlsx",
        make_workbook(("Who", "Where"), ("Zoe Book", "zoe@book.example"), ("Yan Book", "yan at book")),
        {"Who": "Full name", "Where": "E-mail"},
        "Choose the column that holds the name.",
        ("yan at book", "yan@book.example"),
        ("Zoe Book", "Yan Book"),
    ),
)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_file_of_another_program_is_imported_corrected_and_undone(
    agent_tab: Page, tmp_path: Path, export: Export
) -> None:
    path = tmp_path / export.name
    path.write_bytes(export.content)
    upload(agent_tab, path)
    expect(agent_tab.get_by_text(export.seen)).to_be_visible()
    check(agent_tab)
    decide(agent_tab, export.choices)
    start(agent_tab, created=len(export.people) - 1, rejected=1)
    corrected = tmp_path / "corrected.csv"
    corrected.write_bytes(export.correct(download_rejected(agent_tab)))
    upload(agent_tab, corrected)
    decide(agent_tab, export.choices)
    start(agent_tab, created=1, rejected=0)
    agent_tab.get_by_role("link", name="Leads", exact=True).last.click()
    for name in export.people:
        expect(agent_tab.get_by_role("link", name=name, exact=True)).to_be_visible()

    agent_tab.get_by_role("link", name="Import").first.click()
    for file in (corrected.name, export.name):
        agent_tab.get_by_role("row").filter(has_text=file).first.get_by_role("link").click()
        undo(agent_tab)
        expect(agent_tab.locator("#messages")).to_contain_text("removed.")
    agent_tab.get_by_role("link", name="Leads", exact=True).click()
    for name in export.people:
        expect(agent_tab.get_by_role("link", name=name, exact=True)).to_have_count(0)


def test_columns_are_recognised_by_their_names(agent_tab: Page, tmp_path: Path) -> None:
    path = tmp_path / "hubspot.csv"
    path.write_text(HUBSPOT)
    upload(agent_tab, path)
    expect(agent_tab.get_by_label("Phone Number")).to_have_value("phone")
    expect(agent_tab.get_by_label("Record ID")).to_have_value("answer")
    decide(agent_tab, {"Record ID": "Leave out"})
    expect(agent_tab.get_by_label("Record ID")).to_have_value("nothing")


def test_edited_leads_and_sealed_numbers_stay_after_undo(
    agent_tab: Page, tmp_path: Path, program: Program
) -> None:
    week = closed_weeks(1)[0]
    path = tmp_path / "fair.csv"
    lines = (f"Fay{one:05},f{one:05}@fair.example,{within(week)}" for one in range(ROWS))
    path.write_text("\n".join(["first_name,email,created_at", *lines]) + "\n")
    upload(agent_tab, path)
    start(agent_tab, created=ROWS)
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
    undo(agent_tab)
    removed = agent_tab.get_by_text(f"{ROWS - EDITED:,} leads were removed")
    expect(removed).to_be_visible(timeout=_SLOW_MILLISECONDS)
    expect(agent_tab.get_by_text(f"{EDITED} leads were changed since and stay.")).to_be_visible()
    expect(agent_tab.get_by_role("cell", name="Note", exact=True)).to_have_count(EDITED)
    check_accessible(agent_tab)
    agent_tab.goto("/dashboard/reports")
    expect(total).to_have_text(str(ROWS))


def test_file_that_is_no_table_is_rejected_with_a_sentence(agent_tab: Page, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    for content in (b"", b"\x00\x01\x02\xff\xfe\x00"):
        path.write_bytes(content)
        agent_tab.goto("/dashboard/import")
        agent_tab.get_by_label("File").set_input_files(path)
        agent_tab.get_by_role("button", name="Continue").click()
        expect(agent_tab.locator(".field-error")).to_be_visible()
    check_accessible(agent_tab)
