"""``/dashboard/leads/{id}/resume``: save it, read it if it is text, put another in its place."""

from collections.abc import Mapping

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.model.intake.resume import Upload
from leadtracker.entrypoints.http.auth.sessions import LoginSessions
from leadtracker.entrypoints.http.requests.multipart import read_parts
from leadtracker.entrypoints.http.requests.resume_uploads import MULTIPART, PART, resume_response
from leadtracker.entrypoints.http.web.leads.lead_detail import FormData, LeadDetailPage
from leadtracker.entrypoints.http.web.rendering.error_pages import error_page
from leadtracker.entrypoints.http.web.rendering.page import page

READABLE = "text/plain"
"""The only kind that pages show; any other might do something when it is opened."""


def add_resume_pages(
    blueprint: Blueprint, container: Container, login_sessions: LoginSessions, detail_page: LeadDetailPage
) -> None:
    """Add the routes of a lead's resume."""
    get_resume = container.get_resume()
    put_resume = container.put_resume()
    get_lead = container.get_lead()
    settings = container.settings()
    max_bytes = settings.max_upload_bytes

    @blueprint.get("/<lead_id:lead_id>/resume")
    def resume(lead_id: str) -> Response:
        return resume_response(get_resume(g.actor, lead_id))

    @blueprint.get("/<lead_id:lead_id>/resume/text")
    def resume_text(lead_id: str) -> Response:
        file = get_resume(g.actor, lead_id)
        if file.resume.content_type != READABLE:
            raise NotFound("This resume is no plain text. Please save it and open it on your own machine.")
        lead, text = get_lead(g.actor, lead_id), file.content.decode("utf-8-sig", "replace")
        return page("leads/resume.html", lead=lead, resume=file.resume, text=text)

    @blueprint.post("/<lead_id:lead_id>/resume")
    def replace_resume(lead_id: str) -> AnyResponse:
        try:
            given = _read_form(login_sessions, max_bytes)
        except RequestEntityTooLarge:
            return error_page(
                413, "The file is too large", f"A resume may have at most {settings.max_upload_mb} MB."
            )
        upload = given.get(PART)
        raw = upload if isinstance(upload, Upload) else ""
        form_data = FormData.read("resume", given)
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: put_resume(g.actor, lead_id, raw, form_data.expected_versions),
            "The resume was kept.",
        )


def _read_form(login_sessions: LoginSessions, max_bytes: int) -> Mapping[str, str | Upload]:
    """The parts of a form that proves that it is ours.

    Raises:
        CSRFError: it does not.
        HTTPException: what ``read_parts`` raises.
    """
    if request.mimetype != MULTIPART:
        return request.form.to_dict()  # its token was checked before
    parts = read_parts(PART, max_bytes)
    token = parts.get("csrf_token")
    login_sessions.validate_csrf_token(token if isinstance(token, str) else None)
    return parts
