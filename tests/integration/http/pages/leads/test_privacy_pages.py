"""Personal data export and erasure on the pages."""

import io
import json
import re
from zipfile import ZipFile

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn
from tests.support.clients.html_client import Form, HtmlClient
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.examples.sample_files import PDF
from tests.support.http import Client


@pytest.fixture
def boss(signed_in: SignedIn) -> HtmlClient:
    """A browser in which an admin is signed in."""
    return signed_in(Role.ADMIN)


def question(html_client: HtmlClient, lead_id: str) -> Form:
    """Load the form that erases a lead."""
    path = f"{LEADS}/{lead_id}/erase"
    return html_client.get(path).form(path)


def test_personal_data_are_downloaded_with_the_files(
    boss: HtmlClient, public: Client, add_lead: AddLead
) -> None:
    lead = add_lead(message="Please call.", resume="My life.")
    again = lead_form(file_part(PDF, "../../Ä b.pdf"), email=lead["email"])
    public.request("POST", "/leads", data=again, content_type=MULTIPART)
    for path in (f"{LEADS}/{lead['id']}/export", f"/leads/{lead['id']}/export.zip"):
        response = boss.get(path).response
        assert response.headers["Content-Disposition"] == f'attachment; filename="person-{lead["id"]}.zip"'
        with ZipFile(io.BytesIO(response.data)) as archive:
            person = json.loads(archive.read("person.json"))
            names = sorted(set(archive.namelist()) - {"person.json"})
            files = {archive.read(name) for name in names}
        assert "Please call." in json.dumps(person)
        assert files == {b"My life.", PDF}
        assert all(re.fullmatch(r"files/\w+/resume-[\w.-]+", name) for name in names)


def test_erasure_asks_for_confirmation(boss: HtmlClient, admin: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    sent = boss.submit(question(boss, lead["id"]))
    assert (sent.status, sent.location) == (303, LEADS)
    assert "The lead was erased." in boss.get(LEADS).html
    assert admin.get(f"/leads/{lead['id']}").status == 404
    assert boss.get(f"{LEADS}/{lead['id']}").status == 404


@pytest.mark.parametrize(("choice", "left"), [("keep", ["Ann Again"]), ("erase", [])])
def test_duplicates_are_kept_or_erased(
    boss: HtmlClient, public: Client, admin: Client, add_lead: AddLead, choice: str, left: list[str]
) -> None:
    lead = add_lead()
    public.post("/leads", {"first_name": "Ann", "last_name": "Again", "email": "ann@example.com"})
    form = question(boss, lead["id"])
    assert form.values["duplicates"] == "keep"
    boss.submit(form, {"duplicates": choice})
    there = admin.get("/leads", duplicates="include").body
    assert [f"{one['first_name']} {one['last_name']}" for one in there] == left


def test_outdated_erasure_is_rejected(boss: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead = add_lead()
    form = question(boss, lead["id"])
    agent.patch(f"/leads/{lead['id']}", {"first_name": "Changed"})
    rejected = boss.submit(form)
    assert (rejected.status, "Nothing was erased." in rejected.html, "Changed" in rejected.html) == (
        409,
        True,
        True,
    )
    assert boss.submit(rejected.form(f"{LEADS}/{lead['id']}/erase")).status == 303
