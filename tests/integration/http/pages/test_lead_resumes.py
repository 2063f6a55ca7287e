"""Resumes on the pages: saved, read if they are text, replaced."""

from typing import Any

import pytest

from leadtracker.container import Container
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import LEADS, AddLead, form_of
from tests.support.builders import make_resume
from tests.support.forms import MULTIPART, fields_of, file_part
from tests.support.forms import form as form_of_parts
from tests.support.html_client import Form, Seen, Visitor
from tests.support.http import Client

PDF = make_resume().content


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(max_upload_mb=1)


@pytest.fixture
def lead(add_lead: AddLead) -> dict[str, Any]:
    return add_lead(resume="My <b>life</b>.\nSchool, then work.")


def upload(visitor: Visitor, form: Form, content: bytes = PDF, filename: str = "cv.pdf", **more: str) -> Seen:
    """Send the form with a file."""
    body = form_of_parts(*fields_of({**form.values, **more}), file_part(content, filename))
    return visitor.post(form.action, body, content_type=MULTIPART)


def test_a_text_is_read_on_a_page_and_runs_nothing(agent_browser: Visitor, lead: dict[str, Any]) -> None:
    path = f"{LEADS}/{lead['id']}/resume/text"
    assert f'href="{path}"' in agent_browser.get(f"{LEADS}/{lead['id']}").html
    seen = agent_browser.get(path)
    assert "My &lt;b&gt;life&lt;/b&gt;.\nSchool, then work." in seen.html
    assert seen.response.mimetype == "text/html"


def test_any_is_saved_bit_for_bit_and_never_shown(agent_browser: Visitor, add_lead: AddLead) -> None:
    lead = add_lead()
    upload(agent_browser, form_of(agent_browser, lead["id"], "resume"))
    response = agent_browser.get(f"{LEADS}/{lead['id']}/resume").response
    assert response.data == PDF
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert agent_browser.get(f"{LEADS}/{lead['id']}/resume/text").status == 404


def test_a_file_replaces_the_one_before(agent_browser: Visitor, agent: Client, lead: dict[str, Any]) -> None:
    sent = upload(agent_browser, form_of(agent_browser, lead["id"], "resume"))
    shown = agent_browser.get(sent.location).html
    for text in ("The resume was kept.", "cv.pdf", "Resume added"):
        assert text in shown
    assert agent.get(f"/leads/{lead['id']}").body["resume"]["filename"] == "cv.pdf"


@pytest.mark.parametrize(
    ("content", "filename"), [(PDF, "cv.exe"), (b"no pdf", "cv.pdf"), (b"", "cv.pdf"), (b"", "")]
)
def test_what_is_no_resume_is_told_beside_the_field(
    agent_browser: Visitor, agent: Client, lead: dict[str, Any], content: bytes, filename: str
) -> None:
    told = upload(agent_browser, form_of(agent_browser, lead["id"], "resume"), content, filename)
    assert (told.status, 'id="resume-wrong"' in told.html) == (422, True)
    assert agent.get(f"/leads/{lead['id']}").body == lead


def test_one_for_an_older_version_is_told(
    agent_browser: Visitor, agent: Client, lead: dict[str, Any]
) -> None:
    form = form_of(agent_browser, lead["id"], "resume")
    agent.patch(f"/leads/{lead['id']}", {"state": "LOST"})
    told = upload(agent_browser, form)
    assert (told.status, "please choose it again" in told.html) == (409, True)
    assert upload(agent_browser, told.form(f"{LEADS}/{lead['id']}/resume")).status == 303


def test_a_larger_file_than_texts_may_be_is_taken(agent_browser: Visitor, lead: dict[str, Any]) -> None:
    large = b"%PDF-1.7\n" + b"0" * 900_000 + b"\n%%EOF\n"
    assert upload(agent_browser, form_of(agent_browser, lead["id"], "resume"), large).status == 303


def test_one_that_is_too_large_is_told(agent_browser: Visitor, agent: Client, lead: dict[str, Any]) -> None:
    told = upload(agent_browser, form_of(agent_browser, lead["id"], "resume"), PDF + b"0" * 1024 * 1024)
    assert (told.status, "at most 1 MB" in told.html) == (413, True)
    assert agent.get(f"/leads/{lead['id']}").body == lead


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_from_elsewhere_is_rejected(
    agent_browser: Visitor, agent: Client, lead: dict[str, Any], token: str
) -> None:
    form = form_of(agent_browser, lead["id"], "resume")
    assert upload(agent_browser, form, csrf_token=token).status == 403
    del form.values["csrf_token"]
    assert upload(agent_browser, form).status == 403
    assert agent.get(f"/leads/{lead['id']}").body == lead


def test_a_form_without_a_file_is_told(agent_browser: Visitor, lead: dict[str, Any]) -> None:
    told = agent_browser.submit(
        form_of(agent_browser, lead["id"], "resume"), {"resume": "https://example.com/cv.pdf"}
    )
    assert told.status == 422
