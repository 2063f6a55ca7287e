"""Leads as a file on its way out: made while it is sent."""

from collections.abc import Iterable, Iterator
from datetime import date

import structlog
from flask import Response

from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.entrypoints.formats.export import LAST_WORDS, ExportFormat, export_pieces

_CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.NDJSON: "application/x-ndjson",
}


def export_response(leads: Iterable[LeadPayload], export_format: ExportFormat, today: date) -> Response:
    """A file of leads, named after the day; the first of them are found before anything is sent.

    A server ends the body properly even if it breaks off, so last words tell of that: without them nobody
    would notice.
    """
    pieces = export_pieces(leads, export_format)
    body = _to_the_end(next(pieces), pieces, LAST_WORDS[export_format])
    headers = {"Content-Disposition": f'attachment; filename="leads-{today}.{export_format}"'}
    return Response(body, 200, headers, content_type=_CONTENT_TYPES[export_format])


def _to_the_end(first: bytes, rest: Iterator[bytes], last_words: bytes) -> Iterator[bytes]:
    yield first
    try:
        yield from rest
    except Exception:  # noqa: BLE001 - whatever it is, the body must not look whole
        structlog.get_logger(__name__).exception("response broke off")
        yield last_words
