"""``/dashboard/leads/{id}/resume`` and ``…/attachments/{id}``: download, read and replace files."""

from collections.abc import Mapping

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.domain.model.values.encodings.text_encoding import UndecodableText, decode
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.multipart import MULTIPART, read_parts
from leadtracker.entrypoints.http.requests.resume_uploads import PART, file_response
from leadtracker.entrypoints.http.web.leads.lead_detail import FormData, LeadDetailPage
from leadtracker.entrypoints.http.web.rendering.error_pages import error_page
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _

READABLE = "text/plain"
"""The only content type that a page shows, because other types may run code when they are opened."""


def add_resume_pages(
    blueprint: Blueprint, container: Container, login_sessions: LoginSessions, detail_page: LeadDetailPage
) -> None:
    """Add the routes of a lead's resume to the blueprint."""
    get_resume = container.get_resume()
    get_attachment = container.get_attachment()
    put_resume = container.put_resume()
    get_lead = container.get_lead()
    settings = container.settings()

    @blueprint.get("/<lead_id:lead_id>/resume")
    def resume(lead_id: str) -> Response:
        return file_response(get_resume(g.actor, lead_id))

    @blueprint.get("/<lead_id:lead_id>/attachments/<attachment_id>")
    def attachment(lead_id: str, attachment_id: str) -> Response:
        return file_response(get_attachment(g.actor, lead_id, attachment_id))

    @blueprint.get("/<lead_id:lead_id>/resume/text")
    def resume_text(lead_id: str) -> Response:
        file = get_resume(g.actor, lead_id)
        if file.metadata.content_type != READABLE:
            raise NotFound("This resume is not plain text. Download it and open it on your device.")
        lead, text = get_lead(g.actor, lead_id), _readable(file.content)
        return page("leads/resume.html", lead=lead, resume=file.metadata, text=text)

    @blueprint.post("/<lead_id:lead_id>/resume")
    def replace_resume(lead_id: str) -> AnyResponse:
        try:
            given = _read_form(login_sessions, settings.max_upload_bytes)
        except RequestEntityTooLarge:
            return _too_large(settings.max_upload_mb)
        raw = _upload_in(given)
        form_data = FormData.read("resume", given)
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: put_resume(g.actor, lead_id, raw, form_data.expected_versions),
            _("The resume was uploaded."),
        )


def _upload_in(given: Mapping[str, object]) -> Upload | str:
    upload = given.get(PART)
    return upload if isinstance(upload, Upload) else ""


def _too_large(max_upload_mb: int) -> Response:
    text = _("A file must not be larger than %(max)s MB.", max=max_upload_mb)
    return error_page(413, _("The file is too large"), text)


def _readable(content: bytes) -> str:
    try:
        return decode(content).text
    except UndecodableText:  # it was accepted by an older version
        return content.decode("utf-8", "replace")


def _read_form(login_sessions: LoginSessions, max_bytes: int) -> Mapping[str, object]:
    """Read the parts of the request's form, and check the CSRF token among them.

    Raises:
        CSRFError: the token is missing or invalid.
        HTTPException: the body cannot be read; see ``read_parts``.
    """
    if request.mimetype != MULTIPART:
        return request.form.to_dict()  # the blueprint has checked its token
    parts = read_parts(max_bytes, max_files=1)
    token = parts.get("csrf_token")
    login_sessions.validate_csrf_token(token if isinstance(token, str) else None)
    return parts
