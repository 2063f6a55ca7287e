"""Leads on their way out, as CSV or as one JSON object per line: piece by piece, never held whole."""

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
    """What leads are exported as; each is the end of a file's name, too."""

    CSV = "csv"
    NDJSON = "ndjson"


def export_pieces(leads: Iterable[LeadPayload], export_format: ExportFormat) -> Iterator[bytes]:
    """The text of an export in UTF-8; the first piece comes only after the primary leads were found."""
    return _WRITERS[export_format](_batches(leads))


def _batches(leads: Iterable[LeadPayload]) -> Iterator[list[LeadPayload]]:
    """At least one batch, so that an export without leads has its header, too."""
    iterator = iter(leads)
    yield list(islice(iterator, _LEADS_PER_PIECE))
    while batch := list(islice(iterator, _LEADS_PER_PIECE)):
        yield batch


def _csv(batches: Iterator[list[LeadPayload]]) -> Iterator[bytes]:
    header = [EXPORT_COLUMNS]
    for batch in batches:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([*header, *map(export_row, batch)])
        header = []
        yield text.getvalue().encode()


def _ndjson(batches: Iterator[list[LeadPayload]]) -> Iterator[bytes]:
    for batch in batches:
        yield b"".join(dump(payload) + b"\n" for payload in batch)


LAST_WORDS: Mapping[ExportFormat, bytes] = {
    ExportFormat.CSV: b'"The export broke off here. Please repeat it."\r\n',
    ExportFormat.NDJSON: b'{"error":"The export broke off here. Please repeat it."}\n',
}
"""What is put behind an export that cannot go on, where nothing else tells it from a whole one."""

_WRITERS: Mapping[ExportFormat, Callable[[Iterator[list[LeadPayload]]], Iterator[bytes]]] = {
    ExportFormat.CSV: _csv,
    ExportFormat.NDJSON: _ndjson,
}
