"""Exports of leads as CSV or NDJSON, streamed in pieces."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice

from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.entrypoints.formats.as_json import dump
from leadtracker.entrypoints.formats.lead_csv import EXPORT_COLUMNS, export_row

_LEADS_PER_PIECE = 200


class ExportFormat(StrEnum):
    """The formats of an export; each value is also the extension of the file name."""

    CSV = "csv"
    NDJSON = "ndjson"


def export_pieces(leads: Iterable[LeadPayload], export_format: ExportFormat) -> Iterator[bytes]:
    """Yield the UTF-8 text of an export; the first piece is yielded after the first leads were read."""
    return _WRITERS[export_format](_batches(leads))


def _batches(leads: Iterable[LeadPayload]) -> Iterator[list[LeadPayload]]:
    """Yield batches of leads, at least one, so that an export without leads has a header."""
    iterator = iter(leads)
    yield list(islice(iterator, _LEADS_PER_PIECE))
    while batch := list(islice(iterator, _LEADS_PER_PIECE)):
        yield batch


def _csv(batches: Iterator[list[LeadPayload]]) -> Iterator[bytes]:
    header = [EXPORT_COLUMNS]
    mark = codecs.BOM_UTF8  # without it, spreadsheets take the text for one in the system's encoding
    for batch in batches:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([*header, *map(export_row, batch)])
        header = []
        yield mark + text.getvalue().encode()
        mark = b""


def _ndjson(batches: Iterator[list[LeadPayload]]) -> Iterator[bytes]:
    for batch in batches:
        yield b"".join(dump(payload) + b"\n" for payload in batch)


LAST_WORDS: Mapping[ExportFormat, bytes] = {
    ExportFormat.CSV: b'"The export broke off here. Please repeat it."\r\n',
    ExportFormat.NDJSON: b'{"error":"The export broke off here. Please repeat it."}\n',
}
"""The last piece of an export that fails, since nothing else distinguishes it from a complete one."""

_WRITERS: Mapping[ExportFormat, Callable[[Iterator[list[LeadPayload]]], Iterator[bytes]]] = {
    ExportFormat.CSV: _csv,
    ExportFormat.NDJSON: _ndjson,
}
