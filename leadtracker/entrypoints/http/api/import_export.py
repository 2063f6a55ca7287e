"""``/leads/import`` and ``/leads/export``: leads as files."""

from collections.abc import Iterator

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.domain.use_cases.leads.import_leads import ImportRow
from leadtracker.entrypoints.formats.export import ExportFormat
from leadtracker.entrypoints.formats.import_summary import ImportSummary
from leadtracker.entrypoints.http.api.responses import json_response
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.exports import export_response
from leadtracker.entrypoints.http.requests.csv_body import read_csv
from leadtracker.entrypoints.http.requests.query import QueryParser, one_of, read_flag


def import_export_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of files."""
    blueprint = Blueprint("import_export", __name__, url_prefix="/leads")
    import_leads = container.import_leads()
    export_leads = container.export_leads()
    clock = container.clock()
    zone = container.settings().timezone

    @blueprint.post("/import")
    def import_file() -> Response:
        actor = authenticator.require_actor()
        dry_run, notify = _read_flags("dry_run", "notify")
        summary = ImportSummary()
        for result in import_leads(actor, _rows(summary), dry_run=dry_run, notify=notify):
            summary.add(result)
        return json_response(summary.as_json())

    @blueprint.get("/export")
    def export_file() -> Response:
        actor = authenticator.require_actor()
        export_format = _read_format()
        return export_response(export_leads(actor), export_format, clock.now().astimezone(zone).date())

    return blueprint


def _read_flags(*names: str) -> list[bool]:
    parser = QueryParser(request.args)
    flags = [parser.one(name, read_flag) or False for name in names]
    parser.raise_if_errors()
    return flags


def _read_format() -> ExportFormat:
    parser = QueryParser(request.args)
    export_format = parser.one("format", one_of(ExportFormat)) or ExportFormat.CSV
    parser.raise_if_errors()
    return export_format


def _rows(summary: ImportSummary) -> Iterator[ImportRow]:
    """The rows of the request's file, which is not touched until the first of them is asked for."""
    leads_csv = read_csv()
    summary.ignored_columns = leads_csv.ignored
    yield from leads_csv.rows()
