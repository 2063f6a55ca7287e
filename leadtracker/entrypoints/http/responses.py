"""Make the responses of routes: JSON, files, no content."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import IO
from wsgiref.types import WSGIEnvironment

import structlog
from flask import Response
from werkzeug.datastructures import Headers

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.domain.use_cases.leads.export_personal_data import ExportedFile, PersonalDataExport
from leadtracker.entrypoints.formats.as_json import dump
from leadtracker.entrypoints.formats.export import LAST_WORDS, ExportFormat, export_pieces
from leadtracker.entrypoints.formats.personal_data_archive import CONTENT_TYPE as ZIP_TYPE
from leadtracker.entrypoints.formats.personal_data_archive import archive_of

_EXPORT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.NDJSON: "application/x-ndjson",
}


class JsonResponse(Response):
    """A response with a JSON body, whose headers are sent unchanged.

    Werkzeug would otherwise process them again, although they are final here: the length, and a ``Location``
    that is an absolute URI already.
    """

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:  # noqa: ARG002 - the signature is Werkzeug's
        """Return the headers to send."""
        return self.headers


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Make a response with a JSON body.

    Args:
        value: anything that ``dump`` writes.
        status: the HTTP status.
        headers: to be sent besides ``Content-Type`` and ``Content-Length``.
    """
    return JsonResponse(dump(value), status, headers, content_type="application/json")


def no_content() -> Response:
    """Make a response with status 204, which reports success without a body."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


_CHUNK_BYTES = 64 * 1024


def etag(lead: Lead) -> dict[str, str]:
    """Return the ``ETag`` header with the version of ``lead``, for ``If-Match``."""
    return {"ETag": f'"{lead.version}"'}


def export_response(leads: Iterable[LeadPayload], export_format: ExportFormat, today: date) -> Response:
    """Stream leads as a file that is named after ``today``.

    The first leads are read before the response starts, so that errors of the query still get their status.
    If reading fails later, the file ends with ``LAST_WORDS``: the server ends the body properly even then,
    so that a truncated file would look complete.
    """
    pieces = export_pieces(leads, export_format)
    body = _with_last_words(next(pieces), pieces, LAST_WORDS[export_format])
    headers = {"Content-Disposition": f'attachment; filename="leads-{today}.{export_format}"'}
    return Response(body, 200, headers, content_type=_EXPORT_TYPES[export_format])


def _with_last_words(first: bytes, rest: Iterator[bytes], last_words: bytes) -> Iterator[bytes]:
    yield first
    try:
        yield from rest
    except Exception:  # noqa: BLE001 - after any error, the body must not look complete
        structlog.get_logger(__name__).exception("response broke off")
        yield last_words


def personal_data_response(person: PersonalDataExport, files: Iterable[ExportedFile]) -> Response:
    """Send all data about a person as a ZIP archive, which is complete before its first byte is sent."""
    archive = archive_of(person, files)
    filename = f"person-{person.record.lead.id}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    pieces = _pieces(archive)
    # Started, so that it closes the archive even if nothing of it is sent, as in the response to HEAD.
    first = next(pieces)
    return Response(chain([first], pieces), 200, headers, content_type=ZIP_TYPE)


def _pieces(archive: IO[bytes]) -> Iterator[bytes]:
    with archive:
        while piece := archive.read(_CHUNK_BYTES):
            yield piece
