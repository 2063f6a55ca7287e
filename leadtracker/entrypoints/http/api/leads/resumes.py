"""``/leads/{id}/resume`` and ``/leads/{id}/attachments/{id}``: the files that came with a lead."""

from flask import Blueprint, Response

from leadtracker.container import Container
from leadtracker.domain.model.values.file_kind import EXTENSIONS, KINDS
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import (
    ATTACHMENT_ID,
    ETAG,
    IF_MATCH,
    LEAD_ID,
    OpenApiObject,
    Paths,
    error_responses,
    operation,
)
from leadtracker.entrypoints.http.openapi.schemas import file, object_of
from leadtracker.entrypoints.http.requests.conditional_requests import if_match_versions
from leadtracker.entrypoints.http.requests.query import openapi_parameters
from leadtracker.entrypoints.http.requests.resume_uploads import ResumeParams, file_response, read_resume
from leadtracker.entrypoints.http.responses import etag, no_content

_TAG = "Work"


def resumes_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of resumes and attachments."""
    blueprint = Blueprint("resumes", __name__)
    get_resume = container.get_resume()
    get_attachment = container.get_attachment()
    put_resume = container.put_resume()
    max_bytes = container.settings().max_upload_bytes

    @blueprint.get("/leads/<lead_id:lead_id>/resume")
    def show(lead_id: str) -> Response:
        return file_response(get_resume(authenticator.require_actor(), lead_id))

    @blueprint.get("/leads/<lead_id:lead_id>/attachments/<attachment_id>")
    def show_attachment(lead_id: str, attachment_id: str) -> Response:
        return file_response(get_attachment(authenticator.require_actor(), lead_id, attachment_id))

    @blueprint.put("/leads/<lead_id:lead_id>/resume")
    def replace(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        changed = put_resume(actor, lead_id, read_resume(max_bytes), if_match_versions())
        response = no_content()
        response.headers.update(etag(changed))
        return response

    return blueprint


def resume_operations() -> Paths:
    """The operations of resumes and attachments."""
    return {
        "/leads/{lead_id}/resume": {"get": _get_resume(), "put": _put_resume()},
        "/leads/{lead_id}/attachments/{attachment_id}": {"get": _get_attachment()},
    }


def _get_resume() -> OpenApiObject:
    return operation(
        "getResume",
        _TAG,
        "Download the resume of a lead",
        _file() | error_responses(404),
        parameters=[LEAD_ID],
    )


def _get_attachment() -> OpenApiObject:
    return operation(
        "getAttachment",
        _TAG,
        "Download an attachment of a lead",
        _file() | error_responses(404),
        parameters=[LEAD_ID, ATTACHMENT_ID],
    )


def _file() -> OpenApiObject:
    headers = {
        "Content-Disposition": openapi.header(
            "An attachment with the name of the file.", 'attachment; filename="resume.pdf"'
        ),
        "Content-Security-Policy": openapi.header("Keeps browsers from running the file.", "sandbox"),
    }
    files: OpenApiObject = {kind.content_type: {} for kind in KINDS.values()}
    return openapi.response(200, "The file as it was uploaded.", files, headers)


def _put_resume() -> OpenApiObject:
    form = Component("ResumeUpload", object_of(resume=file("The file.")))
    return operation(
        "putResume",
        _TAG,
        "Upload or replace the resume of a lead",
        openapi.response(204, "The file is stored durably.", headers=ETAG)
        | error_responses(400, 404, 411, 412, 413, 415, 422),
        description=_ABOUT_UPLOAD,
        parameters=[LEAD_ID, *openapi_parameters(ResumeParams), IF_MATCH],
        requestBody={
            "required": True,
            "content": {
                "multipart/form-data": {"schema": form},
                "application/octet-stream": {"schema": file("The file.")},
            },
        },
    )


_ABOUT_UPLOAD = f"""\
The file is the part `resume` of a form, or the whole body. A file that is the whole body may come with any
media type; `filename` or a `Content-Disposition` header names it, or else its media type does. The name must
end in {", ".join(EXTENSIONS)}. A content of another of these kinds is kept under its true kind.
"""
