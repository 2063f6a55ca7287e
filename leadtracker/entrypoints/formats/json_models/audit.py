"""The JSON object, and the CSV file, of the audit log."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import Field

from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditEntry
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.formats.as_json import JsonModel, Timestamp
from leadtracker.entrypoints.formats.tables.cell_marks import guarded

_HEADER = ("number", "at", "actor", "action", "subject", "network")


class AuditEntryJson(JsonModel):
    """An entry of the audit log."""

    number: int = Field(
        description="Counts up by one from entry to entry.", examples=[17], json_schema_extra={"minimum": 1}
    )
    at: Timestamp
    actor: str = Field(description="Who did it.", examples=["user:ann"])
    action: AuditAction
    subject: str = Field(
        description="To what: the id of a lead or import, the name of a user or key, or a week; "
        "empty if the action says it all.",
        examples=["0190c3a2f1d87cc0a3b1e0d3c5a79b12"],
    )
    network: str | None = Field(
        description="The network of the client's address; null outside of HTTP.", examples=["192.0.2.0/24"]
    )

    @classmethod
    def of_entry(cls, entry: AuditEntry) -> Self:
        """The JSON object of an entry."""
        record = entry.record
        return cls(
            number=entry.number,
            at=record.at,
            actor=record.actor,
            action=record.action,
            subject=record.subject,
            network=record.network,
        )


def audit_csv(entries: Iterable[AuditEntry]) -> Iterator[bytes]:
    """Yield a CSV file of the entries, in UTF-8 with a byte order mark; no cell begins like a formula."""
    yield codecs.BOM_UTF8 + _line(_HEADER)
    for entry in entries:
        record = entry.record
        cells = (record.actor, record.action.value, record.subject, record.network or "")
        yield _line((str(entry.number), format_timestamp(record.at), *map(guarded, cells)))


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()
