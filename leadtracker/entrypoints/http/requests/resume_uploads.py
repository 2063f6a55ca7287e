"""Resumes on their way in and out."""

import io
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

from flask import Response, request, send_file
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
    """Send a resume as a download that no browser displays as a part of this site."""
    resume = file.resume
    response = send_file(
        io.BytesIO(file.content),
        mimetype=resume.content_type,
        as_attachment=True,
        download_name=_without_separators(resume.filename),
        conditional=False,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    del response.headers["Cache-Control"]  # every response is `no-store` unless it says otherwise
    return response


def _without_separators(filename: str) -> str:
    """Replace the characters that Werkzeug would transliterate to path separators for old clients."""
    return "".join(
        "_" if {"/", "\\"} & set(unicodedata.normalize("NFKD", char)) else char for char in filename
    )


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
