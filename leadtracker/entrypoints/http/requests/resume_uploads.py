"""Read resumes from requests, and send the files of leads in responses."""

import io
from collections.abc import Mapping
from typing import Annotated, Any

from flask import Response, request, send_file
from pydantic import Field
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, TooManyRequests
from werkzeug.http import parse_options_header

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.leads.lead_file import LeadFile, Upload
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.file_kind import KINDS
from leadtracker.domain.model.values.text import normalise
from leadtracker.entrypoints.http.requests.body import read_fields
from leadtracker.entrypoints.http.requests.forms import UndecodableForm
from leadtracker.entrypoints.http.requests.multipart import (
    MULTIPART,
    FileTooLarge,
    check_length,
    chunks,
    read_parts,
    read_texts_before_files,
    spooled,
)
from leadtracker.entrypoints.http.requests.query import QueryParams, parsed_by

PART = "resume"
"""The name of the file's part in a multipart form."""


class ResumeParams(QueryParams):
    """The parameters of ``PUT /leads/{id}/resume``."""

    filename: Annotated[str | None, parsed_by(str)] = Field(
        None, description="The name of the file if it is the whole body.", examples=["resume.pdf"]
    )


def read_resume(max_file_bytes: int) -> Upload | str:
    """Read the resume: a part of a multipart form, or else the whole body.

    Raises:
        HTTPException: as ``read_parts``.
        InvalidInput: the form has no resume, or a query parameter is unknown or repeated.
        StorageUnavailable: there is no disk space for the file.
    """
    filename = ResumeParams.read(request.args).filename
    if request.mimetype == MULTIPART:
        given = read_parts(max_file_bytes, max_files=1).get(PART)
        if given is None:
            raise InvalidInput([field_error(PART, InvalidValue("required"))])
        return given[-1] if isinstance(given, list | tuple) else given
    return Upload(filename or _filename_in_headers(), _read_whole(max_file_bytes))


def texts_beside(
    error: RequestEntityTooLarge | TooManyRequests | UndecodableForm,
) -> Mapping[str, Any]:
    """Return the texts of a form that is rejected, as far as they can be read."""
    if isinstance(error, FileTooLarge | UndecodableForm):
        return error.texts
    if request.mimetype == MULTIPART:
        return read_texts_before_files()
    try:
        return read_fields()
    except (HTTPException, InvalidInput):
        return {}


def file_response(file: LeadFile) -> Response:
    """Send a file of a lead as a download that no browser displays as a part of this site."""
    metadata = file.metadata
    response = send_file(
        io.BytesIO(file.content),
        mimetype=metadata.content_type,
        as_attachment=True,
        download_name=_without_separators(metadata.filename),
        conditional=False,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    del response.headers["Cache-Control"]  # every response is `no-store` unless it says otherwise
    return response


def _without_separators(filename: str) -> str:
    """Replace the characters that Werkzeug would transliterate to path separators for old clients."""
    return "".join("_" if {"/", "\\"} & set(normalise(char, "NFKD")) else char for char in filename)


def _filename_in_headers() -> str:
    """Return the name in ``Content-Disposition``; without one, ``resume`` with the type's extension."""
    _, options = parse_options_header(request.headers.get("Content-Disposition"))
    extensions = {kind.content_type: kind.extension for kind in KINDS.values()}
    return options.get("filename") or f"{PART}.{extensions.get(request.mimetype, '')}"


def _read_whole(max_bytes: int) -> bytes:
    check_length(max_bytes)
    with spooled(max_bytes) as spool:
        for chunk in chunks():
            spool.write(chunk)
        return spool.content()
