"""The page of the audit log: its filters, links and download."""

import csv
import io
import re

import pytest

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction
from leadtracker.entrypoints.formats.labels import LABELS
from tests.integration.http.conftest import PHRASE
from tests.integration.http.imports.test_import import HEADER, send
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields
from tests.support.database import on_sqlite
from tests.support.http import Client, basic

FILE = f"{HEADER}\nAnn,Lee,p1@example.com\n"
PAGE = "/dashboard/audit"


@on_sqlite
def test_page_shows_filters_and_downloads_entries(signed_in: SignedIn, admin: Client) -> None:
    admin.get("/leads/export")
    browser = signed_in(Role.ADMIN)
    text = browser.get(PAGE).html
    assert LABELS[AuditAction][AuditAction.LEADS_EXPORTED] in text
    assert LABELS[AuditAction][AuditAction.SIGNED_IN] in text
    page = browser.get(f"{PAGE}?action=signed_in&actor=&from=&to=")
    assert re.findall(r"actor=user:admin[^>]*>([^<]*)", page.html) == ["admin"]
    assert browser.get(f"{PAGE}?actor=admin&action=signed_in").html.count('label="Who"') == 1
    assert browser.get(f"{PAGE}?actor=operator&action=signed_in").html.count('label="Who"') == 0
    downloaded = browser.get(f"{PAGE}/audit.csv?action=signed_in").html
    header, row = csv.reader(io.StringIO(downloaded.removeprefix("\ufeff")))
    assert header == ["number", "at", "actor", "action", "subject", "network"]
    assert row[2:5] == ["user:admin", "signed_in", "admin"]


@on_sqlite
@pytest.mark.parametrize(
    ("language", "last"), [("en", "Weekly report sent by hand"), ("de", "Zweiter Faktor")]
)
def test_actions_are_in_order_of_labels(signed_in: SignedIn, language: str, last: str) -> None:
    html = signed_in(Role.ADMIN).get(PAGE, headers={"Accept-Language": language}).html
    shown = re.findall(r'<option value="\w+">([^<]*)', html)
    assert len(shown) == len(AuditAction)
    assert shown == sorted(shown)
    assert shown[-1].startswith(last)


@on_sqlite
def test_page_links_leads_imports_and_weeks(signed_in: SignedIn, admin: Client, public: Client) -> None:
    kept, erased = (
        admin.post("/leads", make_fields(address, first_name=name, last_name="Lee", resume="My life.")).body[
            "id"
        ]
        for name, address in (("Ann", "ann@example.com"), ("Bob", "bob@example.com"))
    )
    for lead in (kept, erased):
        admin.get(f"/leads/{lead}/resume")
    admin.delete(f"/leads/{erased}")
    import_id = send(admin, FILE, file_name="people.csv").body["import_id"]
    admin.post("/reports/weekly/2026-W46/send")
    public.with_headers(basic("unknown", PHRASE)).get("/leads")
    html = signed_in(Role.ADMIN).get(PAGE).html
    assert f'<a href="/dashboard/leads/{kept}">Ann Lee</a>' in html
    assert "Bob Lee" not in html
    assert f"/dashboard/leads/{erased}" not in html
    assert html.count(">Erased</span>") == 2
    assert f'<a href="/dashboard/import/{import_id}">people.csv</a>' in html
    assert '<a href="/dashboard/reports/2026-W46">' in html
    assert ">not signed in</a>" in html
