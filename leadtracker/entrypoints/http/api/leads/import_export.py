"""``/leads/import`` and ``/leads/export``: leads as files."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import Field

from leadtracker.container import Container
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH
from leadtracker.domain.model.values.filename import clean_filename
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from leadtracker.entrypoints.formats.import_summary import MAX_LISTED_ROWS, ImportSummary
from leadtracker.entrypoints.formats.lead_csv import KNOWN_COLUMNS
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import (
    EXAMPLE_ID,
    OpenApiObject,
    Paths,
    error_responses,
    operation,
)
from leadtracker.entrypoints.http.openapi.schemas import (
    Schema,
    array_of,
    file,
    line,
    object_of,
    or_null,
    text,
)
from leadtracker.entrypoints.http.requests.csv_body import MAX_CSV_BYTES, XLSX_TYPE, read_csv
from leadtracker.entrypoints.http.requests.lead_params import ExportParams
from leadtracker.entrypoints.http.requests.query import Flag, QueryParams, openapi_parameters, parsed_by
from leadtracker.entrypoints.http.responses import export_response, json_response

_TAG = "Leads"
FileName = Annotated[str, parsed_by(clean_filename)]
OwnerName = Annotated[str, parsed_by(str.strip, **line(maxLength=MAX_ACCOUNT_NAME_LENGTH))]


class ImportParams(QueryParams):
    """The parameters of ``POST /leads/import``."""

    dry_run: Flag = Field(
        default=False, description="Report the result of the import without storing anything."
    )
    ignore_others: Flag = Field(
        default=False, description="Leave out the columns that are no field, instead of keeping answers."
    )
    file_name: FileName | None = Field(
        default=None, description="What the file is called, for the list of imports.", examples=["leads.csv"]
    )
    update: Flag = Field(
        default=False, description="Fill in and change fields of known leads instead of skipping their rows."
    )
    owner: OwnerName | None = Field(
        default=None,
        description="The enabled user who owns the new leads whose rows name no owner.",
        examples=["ann"],
    )
    notify: Flag = Field(default=False, description="Send the e-mails and webhooks that new leads cause.")


def import_export_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of leads as files."""
    blueprint = Blueprint("import_export", __name__, url_prefix="/leads")
    import_leads = container.import_leads()
    export_leads = container.export_leads()
    clock = container.clock()
    zone = container.settings().timezone

    @blueprint.post("/import")
    def import_file() -> Response:
        actor = authenticator.require_actor()
        params = ImportParams.read(request.args)
        summary = ImportSummary()
        running = import_leads(
            actor,
            _rows(summary, zone, ignores_others=params.ignore_others),
            dry_run=params.dry_run,
            notify=params.notify,
            update=params.update,
            owner=params.owner,
            file_name=params.file_name,
        )
        summary.import_id = running.import_id
        for result in running:
            summary.add(result)
        return json_response(summary.as_json())

    @blueprint.get("/export")
    def export_file() -> Response:
        actor = authenticator.require_actor()
        export_format = ExportParams.read(request.args).format
        return export_response(export_leads(actor), export_format, clock.now().astimezone(zone).date())

    return blueprint


def _rows(summary: ImportSummary, zone: tzinfo, *, ignores_others: bool) -> Iterator[ImportRow]:
    """Read the rows of the request's file, which stays untouched until the first of them is requested."""
    with read_csv(zone, ignores_others=ignores_others) as leads_csv:
        summary.encoding = leads_csv.dialect.encoding_label
        summary.ignored_columns = leads_csv.ignored
        yield from leads_csv.rows()


def import_export_operations() -> Paths:
    """The operations of leads as files."""
    return {
        "/leads/import": {"post": _import_leads()},
        "/leads/export": {"get": _export_leads()},
    }


def _import_leads() -> OpenApiObject:
    content = {
        "text/csv": {"schema": text("The first line names the columns."), "example": _CSV_EXAMPLE},
        XLSX_TYPE: {
            "schema": file(
                "An Excel workbook; its first sheet with a header is read, or else the first with cells."
            )
        },
    }
    return operation(
        "importLeads",
        _TAG,
        "Import leads from a CSV or Excel file",
        openapi.json_response(200, "The result for each row.", _import_result())
        | error_responses(400, 413, 415, 422),
        description=_ABOUT_IMPORT,
        parameters=openapi_parameters(ImportParams),
        requestBody={"required": True, "content": content},
    )


def _export_leads() -> OpenApiObject:
    name = openapi.header("The name of the file.", 'attachment; filename="leads-2026-11-21.csv"')
    content = {
        "text/csv": {"schema": text(), "example": _CSV_EXAMPLE},
        "application/x-ndjson": {"schema": text("A lead per line, in the form of GET /leads.")},
    }
    return operation(
        "exportLeads",
        _TAG,
        "Export all leads",
        openapi.response(
            200,
            "All leads, duplicates included, oldest first.",
            content,
            {"Content-Disposition": name},
        )
        | error_responses(422),
        description=_ABOUT_EXPORT,
        parameters=openapi_parameters(ExportParams),
    )


_LINE = {
    "type": "integer",
    "minimum": 2,
    "description": "The first line of the row; the header is line 1.",
    "examples": [3],
}


def _duplicate_row() -> Schema:
    return object_of(
        ("line", "email"),
        line=_LINE,
        email=or_null(text("As in the file; null if the row has none.", examples=["ada@example.com"])),
        phone=text("Of a row without an e-mail address, as in the file.", examples=["+442079460018"]),
    )


def _rejected_row() -> Schema:
    return object_of(
        line=_LINE,
        field=text("The first invalid column, or `row`.", examples=["email"]),
        message=text(examples=["is required"]),
    )


def _import_result() -> Component:
    number = {"type": "integer", "minimum": 0, "examples": [7]}
    rejected = _rejected_row()
    ignored = text("A column without a meaning for LeadTracker.", examples=["shoe size"])
    return Component(
        "ImportResult",
        object_of(
            ("created", "duplicates", "rejected"),
            created=number,
            duplicates=_at_most(_duplicate_row()),
            rejected=_at_most(rejected),
            import_id=text(
                "The id of the import, by which it can be undone; absent after a dry run.",
                examples=[EXAMPLE_ID],
            ),
            encoding=text("The encoding in which the file was read.", examples=["windows-1252"]),
            updated=number | {"description": "With `update`: how many leads were changed; absent if none."},
            left_out=_at_most(rejected)
            | {
                "description": "Invalid optional values, which became answers of their leads; absent if none."
            },
            ignored_columns=array_of(ignored) | {"description": "Absent if there are none."},
            not_listed=object_of(duplicates=number, rejected=number)
            | {"description": "How many rows there are beyond those listed; absent if there are none."},
        ),
    )


def _at_most(row: Schema) -> Schema:
    return array_of(row) | {"maxItems": MAX_LISTED_ROWS}


_CSV_EXAMPLE = "first_name,last_name,email\r\nAda,Lovelace,ada@example.com\r\n"
_ABOUT_EXPORT = """\
A cell that a spreadsheet would execute as a formula begins with an apostrophe, which the import removes
again; phone numbers stay as they are. An export that cannot be completed ends with a line that says so.
"""
_ABOUT_IMPORT = f"""\
The first line names the columns, in any order: {", ".join(KNOWN_COLUMNS)}. Others become answers, unless
`ignore_others` is true. A name, and an e-mail address or a phone number, are needed. Rows with a known e-mail
address, or without one a known phone number, are skipped as duplicates.

The file may have {MAX_CSV_BYTES // 1024**2} MiB. A file in no encoding that is understood is
rejected as a whole: its byte order mark, UTF-8, the declared `charset`, windows-1252 and Mac Roman are tried
in this order. The delimiter is found, also by a first line `sep=;`. Times without an offset are in the time
zone of the business; one later than tomorrow is rejected. Other invalid values of optional columns are left
out and reported, and the lead is kept.

The leads are stored in parts: after 503, or without a response, some of them may be stored. Import the file
again; those are then skipped as duplicates.

A request without `Content-Length` must end its last line with a line break, because a truncated chunked body
looks like a complete one.
"""
