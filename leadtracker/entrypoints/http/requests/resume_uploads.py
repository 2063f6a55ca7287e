"""Resumes on their way in and out."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from flask import Response, request
from pydantic import Field
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.intake.resume import ResumeFile, Upload
from leadtracker.domain.model.intake.resume_kind import KINDS
from leadtracker.entrypoints.http.requests.body import read_fields
from leadtracker.entrypoints.http.requests.multipart import (
    FileTooLarge,
    check_length,
    chunks,
    read_parts,
    read_texts_before,
    spooled,
)
from leadtracker.entrypoints.http.requests.query import QueryParams, parsed_by

MULTIPART = "multipart/form-data"
PART = "resume"


class ResumeParams(QueryParams):
    """The parameters of ``PUT /leads/{id}/resume``."""

    filename: Annotated[str | None, parsed_by(str)] = Field(
        None, description="The name of the file if it is the whole body."
    )


def read_fields_and_resume(max_file_bytes: int) -> Mapping[str, Any]:
    """The fields of a lead, of whatever form, with its resume if there is one.

    Raises:
        HTTPException: what ``read_fields`` and ``read_parts`` raise.
        InvalidInput: JSON, but not an object.
        StorageUnavailable: there is no room for the file.
    """
    return read_parts(PART, max_file_bytes) if request.mimetype == MULTIPART else read_fields()


def texts_beside(error: RequestEntityTooLarge) -> Mapping[str, str]:
    """What was typed into a form whose file is too large, as far as it can be told."""
    if isinstance(error, FileTooLarge):
        return error.texts
    return read_texts_before(PART) if request.mimetype == MULTIPART else {}


def read_resume(max_file_bytes: int) -> Upload | str:
    """The resume that is a part of the body, or the whole of it.

    Raises:
        HTTPException: what ``read_parts`` raises.
        InvalidInput: there is none, or a parameter that is not known.
        StorageUnavailable: there is no room for the file.
    """
    filename = ResumeParams.read(request.args).filename
    if request.mimetype == MULTIPART:
        upload = read_parts(PART, max_file_bytes).get(PART)
        if upload is None:
            raise InvalidInput.of(PART, "is required")
        return upload
    return Upload(filename or _filename_in_headers(), _read_whole(max_file_bytes))


def resume_response(file: ResumeFile) -> Response:
    """A resume to be saved, which no browser will show as a part of this site."""
    resume = file.resume
    is_text = resume.content_type.startswith("text/")
    headers = {
        "Content-Disposition": content_disposition(resume.filename),
        "Content-Security-Policy": "sandbox",
    }
    content_type = f"{resume.content_type}; charset=utf-8" if is_text else resume.content_type
    return Response(file.content, headers=headers, content_type=content_type)


def content_disposition(filename: str) -> str:
    """The header that names a file to be saved (RFC 6266), for old clients and for all others."""
    plain = "".join(char if char.isascii() and char.isprintable() else "_" for char in filename)
    for special in '"\\%':
        plain = plain.replace(special, "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _filename_in_headers() -> str:
    """What the headers call the file; one without a name is called after its type."""
    _, options = parse_options_header(request.headers.get("Content-Disposition"))
    extensions = {kind.content_type: kind.extension for kind in KINDS.values()}
    return options.get("filename") or f"{PART}.{extensions.get(request.mimetype, '')}"


def _read_whole(max_bytes: int) -> bytes:
    check_length(max_bytes)
    with spooled(max_bytes) as spool:
        for chunk in chunks():
            spool.write(chunk)
        return spool.content()
