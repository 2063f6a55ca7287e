"""``/dashboard/import`` without JavaScript."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.entrypoints.http.web.imports import background
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clients.multipart import MULTIPART, file_part, form, text_part
from tests.support.examples.workbooks import make_workbook
from tests.support.instruments.polling import eventually
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

PATH = "/dashboard/import"
FILE = b"Vorname,E-Mail,Alter\nAnn,ann@example.com,41\nBob,bob-example,42\n"


def upload(browser: HtmlClient, content: bytes = FILE) -> HtmlPage:
    """Send a file with the form of the first page."""
    token = browser.get(PATH).form(PATH).values["csrf_token"]
    body = form(text_part("csrf_token", token), file_part(content, "people.csv", "file"))
    return browser.post(PATH, body, content_type=MULTIPART)


def import_file(
    browser: HtmlClient,
    chosen: dict[str, str] | None = None,
    content: bytes = FILE,
    headers: Mapping[str, str] | None = None,
) -> HtmlPage:
    """Upload a file, send the form with its columns, and wait for the result."""
    address = upload(browser, content).location
    form = browser.get(address).form(address)
    sent = browser.submit(form, {"do": "import", **(chosen or {})}, headers=headers)
    assert sent.status == 303
    eventually(lambda: "every 1s" not in browser.get(sent.location).html, "the import has ended")
    return browser.get(sent.location, headers)


def test_columns_are_matched_by_names(admin_browser: HtmlClient) -> None:
    address = upload(admin_browser).location
    values = admin_browser.get(address).form(address).values
    assert [values[f"column-{number}"] for number in (1, 2, 3)] == ["first_name", "email", "answer"]


def test_preview_stores_nothing_and_shows_errors(admin_browser: HtmlClient, raw_db: RawDatabase) -> None:
    address = upload(admin_browser).location
    shown = admin_browser.submit(admin_browser.get(address).form(address), {"do": "preview"})
    assert shown.status == 200
    assert "New lead" in shown.html
    assert "Enter an e-mail address such as name@example.com." in shown.html
    assert (raw_db.count("leads"), raw_db.count("imports")) == (0, 0)


@pytest.mark.parametrize("header", ["created", "Create Date", "date", "submitted_at"])
def test_column_of_any_name_for_the_time_is_read(
    admin_browser: HtmlClient, raw_db: RawDatabase, header: str
) -> None:
    import_file(admin_browser, content=f"name,mail,{header}\nAnn,a@example.com,2026-11-13\n".encode())
    assert raw_db.execute("SELECT created_at FROM leads") == [("2026-11-13T00:00:00.000000Z",)]


def test_rows_are_imported_as_they_were_matched(admin_browser: HtmlClient, raw_db: RawDatabase) -> None:
    shown = import_file(admin_browser, {"column-3": "source"})
    assert "Completed" in shown.html
    assert raw_db.execute("SELECT email, source, answers FROM leads") == [("ann@example.com", "41", None)]
    assert raw_db.count("import_files") == 1  # the rejected rows


def test_column_that_is_left_out_becomes_no_answer(admin_browser: HtmlClient, raw_db: RawDatabase) -> None:
    import_file(admin_browser, {"column-3": "nothing"})
    assert raw_db.execute("SELECT answers FROM leads") == [(None,)]


def test_field_name_can_be_kept_as_an_answer(admin_browser: HtmlClient, raw_db: RawDatabase) -> None:
    file = b"first_name,email,phone\nAnn,ann@example.com,12\n"
    import_file(admin_browser, {"column-3": "answer"}, file)
    assert raw_db.execute("SELECT phone, answers FROM leads") == [(None, '{"phone 3":"12"}')]


def test_rejected_rows_can_be_downloaded_for_a_day(admin_browser: HtmlClient, clock: MemoryClock) -> None:
    link = import_file(admin_browser).link("Download rejected rows")
    assert "Bob,bob-example,42,3," in admin_browser.get(link).html
    clock.advance(timedelta(hours=25))
    assert admin_browser.get(link).status in {303, 404}


def test_report_in_corrected_rows_is_no_answer(admin_browser: HtmlClient, raw_db: RawDatabase) -> None:
    file = b"name,mail,line,age\nBob,bob,7,42\nCleo,cleo,8,43\n"
    for corrected in ("bob", "cleo"):
        link = import_file(admin_browser, {}, file).link("Download rejected rows")
        text = admin_browser.get(link).html
        assert text.startswith("name,mail,line,age,line,problem\r\n")
        file = text.replace(f",{corrected},", f",{corrected}@example.com,").encode()
    assert "Rejected</dt><dd>0<" in import_file(admin_browser, {}, file).html
    assert raw_db.execute("SELECT email, answers FROM leads ORDER BY email") == [
        ("bob@example.com", '{"line":"7","age":"42"}'),
        ("cleo@example.com", '{"line":"8","age":"43"}'),
    ]


def test_reasons_of_rejected_rows_are_in_the_language_of_the_page(admin_browser: HtmlClient) -> None:
    shown = import_file(admin_browser, {}, b"name,mail\n,bob\n", {"Accept-Language": "de"})
    [_, row] = admin_browser.get(shown.link("Abgelehnte Zeilen herunterladen")).html.splitlines()
    assert row == (
        ",bob,2,Vorname: Dieses Feld ist erforderlich. "
        "E-Mail: Geben Sie eine E-Mail-Adresse wie name@example.com ein."
    )


def test_wrong_matching_is_explained(admin_browser: HtmlClient) -> None:
    address = upload(admin_browser).location
    chosen = {"do": "import", "column-1": "email", "column-2": "email"}
    shown = admin_browser.submit(admin_browser.get(address).form(address), chosen)
    assert shown.status == 422
    assert "Choose the column that holds the name." in shown.html
    assert "Choose “E-mail” for one column only." in shown.html


@pytest.mark.parametrize("content", [b"", b" \n\n", b"PK\x03\x04 not a workbook", b"<table><tr><td>Ann"])
def test_file_without_table_is_rejected(admin_browser: HtmlClient, content: bytes) -> None:
    shown = upload(admin_browser, content)
    assert shown.status == 422
    assert 'id="file-error"' in shown.html


def test_preview_of_a_workbook_names_no_encoding(admin_browser: HtmlClient) -> None:
    workbook = make_workbook(("name", "email"), ("Ann", "ann@example.com"))
    pages = [admin_browser.get(upload(admin_browser, content).location).html for content in (FILE, workbook)]
    assert ["The file was read as UTF-8." in page for page in pages] == [True, False]


def test_sheet_of_several_is_named(admin_browser: HtmlClient) -> None:
    leads = (("name", "email"), ("Ann", "ann@example.com"))
    shown = admin_browser.get(upload(admin_browser, make_workbook(("Notes",), others=(leads,))).location)
    assert "This is the sheet “Sheet3”. The other sheets of the workbook are not imported." in shown.html
    only = admin_browser.get(upload(admin_browser, make_workbook(*leads)).location)
    assert "This is the sheet" not in only.html


def test_file_without_a_header_is_warned_of(admin_browser: HtmlClient) -> None:
    pages = [
        admin_browser.get(upload(admin_browser, content).location).html
        for content in (b"Ann,ann@example.com\nBob,bob@example.com\n", FILE)
    ]
    assert ["The first row seems to hold a lead" in page for page in pages] == [True, False]


def test_upload_without_token_is_rejected(admin_browser: HtmlClient) -> None:
    assert (
        admin_browser.post(PATH, form(file_part(FILE, "a.csv", "file")), content_type=MULTIPART).status == 403
    )


def test_discarded_file_is_deleted(admin_browser: HtmlClient, raw_db: RawDatabase) -> None:
    address = upload(admin_browser).location
    values = admin_browser.get(address).form(address).values
    assert admin_browser.post(f"{address}/discard", values).location == PATH
    assert raw_db.count("import_files") == 0
    gone = admin_browser.get(address)
    assert (gone.status, "This file is no longer here. Choose it again." in gone.html) == (404, True)
    assert gone.form(PATH).values


def test_file_is_imported_once(admin_browser: HtmlClient, raw_db: RawDatabase) -> None:
    address = upload(admin_browser).location
    form = admin_browser.get(address).form(address)
    first, second = (admin_browser.submit(form, {"do": "import"}) for _ in range(2))
    assert (first.status, second.status, first.location) == (303, 303, second.location)
    assert admin_browser.get(address).location == first.location  # as the button Back opens it
    assert admin_browser.submit(form, {"do": "preview"}).location == first.location
    assert raw_db.count("imports") == 1


def test_expired_files_are_purged(
    admin_browser: HtmlClient, container: Container, clock: MemoryClock, raw_db: RawDatabase
) -> None:
    upload(admin_browser)
    clock.advance(timedelta(hours=25))
    container.import_files().purge_expired()
    assert raw_db.count("import_files") == 0


def undo(browser: HtmlClient) -> HtmlPage:
    """Undo the import by the button of the list, and return the response."""
    button = next(one for one in browser.get(PATH).forms if one.action.endswith("/undo"))
    return browser.submit_and_answer(button)


def test_undo_is_a_form(admin_browser: HtmlClient, raw_db: RawDatabase) -> None:
    import_file(admin_browser)
    assert undo(admin_browser).location == PATH
    assert "1 lead was removed." in admin_browser.get(PATH).html
    assert raw_db.count("leads") == 0


def test_undo_names_the_leads_that_stay(admin_browser: HtmlClient, container: Container) -> None:
    import_file(admin_browser)
    [lead] = container.find_leads()(OPERATOR, LeadFilter(), limit=1, after=None).items
    container.update_lead()(OPERATOR, lead.id, {"last_name": "Lee"})
    shown = admin_browser.get(undo(admin_browser).location).html
    assert f'<a href="/dashboard/leads/{lead.id}">Ann Lee</a>' in shown
    assert "1 lead was changed since and stays." in shown


def test_long_undo_continues_after_response(
    admin_browser: HtmlClient, raw_db: RawDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_file(admin_browser)
    monkeypatch.setattr(background, "_PATIENCE_SECONDS", 0)
    address = undo(admin_browser).location
    eventually(lambda: "1 lead was removed." in admin_browser.get(address).html, "the import is undone")
    assert "every 1s" not in admin_browser.get(address).html
    assert raw_db.count("leads") == 0


def test_interrupted_undo_is_continued(
    admin_browser: HtmlClient, raw_db: RawDatabase, clock: MemoryClock
) -> None:
    import_file(admin_browser)
    [(import_id,)] = raw_db.execute("SELECT id FROM imports")
    raw_db.execute("UPDATE imports SET state = 'undoing'")
    address = f"{PATH}/{import_id}"
    assert "every 1s" in (shown := admin_browser.get(address).html)
    assert '<progress aria-label="Being undone" value="0" max="1">' in shown
    clock.advance(timedelta(minutes=3))
    assert "That was interrupted. Undo it again to continue." in (shown := admin_browser.get(address).html)
    assert "every 1s" not in shown
    assert undo(admin_browser).location == PATH
    assert raw_db.count("leads") == 0


def test_page_is_for_admins(signed_in: SignedIn) -> None:
    agent = signed_in(Role.AGENT)
    assert agent.get(PATH).status == 403
    assert PATH not in agent.get("/dashboard").html
