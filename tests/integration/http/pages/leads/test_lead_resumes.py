"""Resumes on the pages: downloaded, read if they are plain text, replaced."""

from typing import Any

import pytest

from leadtracker.container import Container
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import LEADS, AddLead, form_of
from tests.support.builders import make_resume
from tests.support.clients.html_client import Form, HtmlClient, HtmlPage
from tests.support.clients.multipart import MULTIPART, fields_of, file_part
from tests.support.clients.multipart import form as form_of_parts
from tests.support.http import Client

PDF = make_resume().content


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(max_upload_mb=1)


@pytest.fixture
def lead(add_lead: AddLead) -> dict[str, Any]:
    return add_lead(resume="My <b>life</b>.\nSchool, then work.")


def upload(
    html_client: HtmlClient, form: Form, content: bytes = PDF, filename: str = "cv.pdf", **more: str
) -> HtmlPage:
    """Send the resume form with a file."""
    body = form_of_parts(*fields_of({**form.values, **more}), file_part(content, filename))
    return html_client.post(form.action, body, content_type=MULTIPART)


def test_text_resume_is_shown_inertly(agent_browser: HtmlClient, lead: dict[str, Any]) -> None:
    path = f"{LEADS}/{lead['id']}/resume/text"
    assert f'href="{path}"' in agent_browser.get(f"{LEADS}/{lead['id']}").html
    page = agent_browser.get(path)
    assert "My &lt;b&gt;life&lt;/b&gt;.\nSchool, then work." in page.html
    assert page.response.mimetype == "text/html"


def test_resume_is_downloaded_bit_for_bit(agent_browser: HtmlClient, add_lead: AddLead) -> None:
    lead = add_lead()
    upload(agent_browser, form_of(agent_browser, lead["id"], "resume"))
    response = agent_browser.get(f"{LEADS}/{lead['id']}/resume").response
    assert response.data == PDF
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert agent_browser.get(f"{LEADS}/{lead['id']}/resume/text").status == 404


def test_new_file_replaces_the_old_one(
    agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]
) -> None:
    sent = upload(agent_browser, form_of(agent_browser, lead["id"], "resume"))
    shown = agent_browser.get(sent.location).html
    for text in ("The resume was uploaded.", "cv.pdf", "Resume added"):
        assert text in shown
    assert agent.get(f"/leads/{lead['id']}").body["resume"]["filename"] == "cv.pdf"


@pytest.mark.parametrize(
    ("content", "filename"), [(PDF, "cv.exe"), (b"\0", "cv.pdf"), (b"", "cv.pdf"), (b"", "")]
)
def test_invalid_resume_shows_a_field_error(
    agent_browser: HtmlClient, agent: Client, lead: dict[str, Any], content: bytes, filename: str
) -> None:
    rejected = upload(agent_browser, form_of(agent_browser, lead["id"], "resume"), content, filename)
    assert (rejected.status, 'id="resume-wrong"' in rejected.html) == (422, True)
    assert agent.get(f"/leads/{lead['id']}").body == lead


def test_outdated_upload_is_reported(agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]) -> None:
    form = form_of(agent_browser, lead["id"], "resume")
    agent.patch(f"/leads/{lead['id']}", {"state": "LOST"})
    rejected = upload(agent_browser, form)
    assert (rejected.status, "please choose it again" in rejected.html) == (409, True)
    assert upload(agent_browser, rejected.form(f"{LEADS}/{lead['id']}/resume")).status == 303


def test_resume_may_exceed_text_limit(agent_browser: HtmlClient, lead: dict[str, Any]) -> None:
    large = b"%PDF-1.7\n" + b"0" * 900_000 + b"\n%%EOF\n"
    assert upload(agent_browser, form_of(agent_browser, lead["id"], "resume"), large).status == 303


def test_too_large_resume_is_reported(agent_browser: HtmlClient, agent: Client, lead: dict[str, Any]) -> None:
    rejected = upload(agent_browser, form_of(agent_browser, lead["id"], "resume"), PDF + b"0" * 1024 * 1024)
    assert (rejected.status, "must not be larger than 1 MB" in rejected.html) == (413, True)
    assert agent.get(f"/leads/{lead['id']}").body == lead


@pytest.mark.parametrize("token", ["", "forged"])
def test_upload_without_csrf_token_is_rejected(
    agent_browser: HtmlClient, agent: Client, lead: dict[str, Any], token: str
) -> None:
    form = form_of(agent_browser, lead["id"], "resume")
    assert upload(agent_browser, form, csrf_token=token).status == 403
    del form.values["csrf_token"]
    assert upload(agent_browser, form).status == 403
    assert agent.get(f"/leads/{lead['id']}").body == lead


def test_upload_without_a_file_is_reported(agent_browser: HtmlClient, lead: dict[str, Any]) -> None:
    rejected = agent_browser.submit(
        form_of(agent_browser, lead["id"], "resume"), {"resume": "https://example.com/cv.pdf"}
    )
    assert rejected.status == 422
