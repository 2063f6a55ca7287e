"""The routes of leads as files."""

from itertools import permutations

from leadtracker.entrypoints.formats.export import ExportFormat
from leadtracker.entrypoints.formats.lead_csv import KNOWN_COLUMNS, REQUIRED_COLUMNS
from leadtracker.entrypoints.http.openapi.operations import (
    AUTHENTICATED,
    OpenApiObject,
    error_responses,
    header,
    in_query,
    json_response,
    operation,
)
from leadtracker.entrypoints.http.openapi.types import ref
from leadtracker.entrypoints.http.requests.csv_body import MAX_CSV_BYTES


def data_paths() -> dict[str, OpenApiObject]:
    """The paths of files."""
    return {
        "/leads/import": {"post": _import_leads()},
        "/leads/export": {"get": _export_leads()},
    }


def _import_leads() -> OpenApiObject:
    content = {"text/csv": {"schema": {"type": "string", "pattern": _HEADER}, "example": _EXAMPLE}}
    return operation(
        "importLeads",
        "Leads",
        "Import leads from a CSV file",
        {
            "200": json_response("What became of the rows.", ref("ImportResult")),
            **error_responses(400, 413, 415, 422),
        },
        description=_ABOUT_IMPORT,
        parameters=[
            in_query("dry_run", "Tell the same, store nothing.", type="boolean", default=False),
            in_query("notify", "Send the mails that a new lead causes.", type="boolean", default=False),
        ],
        requestBody={"required": True, "content": content},
        **AUTHENTICATED,
    )


def _export_leads() -> OpenApiObject:
    name = "The name of the file, such as `leads-2026-11-21.csv`."
    response = {
        "description": "Every lead, duplicates included, oldest first.",
        "headers": {"Content-Disposition": header(name)},
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/x-ndjson": {
                "schema": {"type": "string", "description": "A lead per line, each as GET /leads shows it."}
            },
        },
    }
    return operation(
        "exportLeads",
        "Leads",
        "Export all leads",
        {"200": response, **error_responses(422)},
        description=_ABOUT_EXPORT,
        parameters=[
            in_query("format", "CSV, or a JSON object per line.", enum=_FORMATS, default=ExportFormat.CSV)
        ],
        **AUTHENTICATED,
    )


# Other columns in between, quotes and separators other than the comma are fine, too, if not told here.
_HEADER = f'^({"|".join(",".join(names) for names in permutations(REQUIRED_COLUMNS))})(\\r?\\n[^"]*)?$'
_FORMATS = [export_format.value for export_format in ExportFormat]
_ABOUT_EXPORT = """\
Cells that a spreadsheet would take for a formula begin with an apostrophe, which the import takes away again;
phone numbers are left alone. An export that cannot be finished ends with a line that says so.
"""
_OPTIONAL_COLUMNS = [column for column in KNOWN_COLUMNS if column not in REQUIRED_COLUMNS]
_ABOUT_IMPORT = f"""\
The first line names the columns, in any order: {", ".join(REQUIRED_COLUMNS)}; optional are
{", ".join(_OPTIONAL_COLUMNS)}; others are ignored. Rows with a known e-mail address are skipped as
duplicates.

The file may have {MAX_CSV_BYTES // 1024**2} MiB. It is read and stored piece by piece: after 400, 413
or 503, or if no answer came, some of its leads may be stored. Import it again; those are duplicates then.

Chunks that were cut short cannot be told from whole ones: without `Content-Length` the last line, too,
must end with a line break.
"""
_EXAMPLE = "first_name,last_name,email\r\nAda,Lovelace,ada@example.com\r\n"
