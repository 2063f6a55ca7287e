"""``/leads/import`` and ``/leads/export``: leads as files."""

from collections.abc import Iterator

from flask import Blueprint, Response, request
from pydantic import Field

from leadtracker.container import Container
from leadtracker.domain.use_cases.leads.import_leads import ImportRow
from leadtracker.entrypoints.formats.import_summary import ImportSummary
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.csv_body import read_csv
from leadtracker.entrypoints.http.requests.list_params import ExportParams
from leadtracker.entrypoints.http.requests.query import Flag, QueryParams
from leadtracker.entrypoints.http.responses import export_response, json_response


class ImportParams(QueryParams):
    """The parameters of ``POST /leads/import``."""

    dry_run: Flag = Field(
        default=False, description="Report the result of the import without storing anything."
    )
    notify: Flag = Field(default=False, description="Send the mails and webhooks that new leads cause.")


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
        params = ImportParams.read(request.args)
        summary = ImportSummary()
        results = import_leads(actor, _rows(summary), dry_run=params.dry_run, notify=params.notify)
        for result in results:
            summary.add(result)
        return json_response(summary.as_json())

    @blueprint.get("/export")
    def export_file() -> Response:
        actor = authenticator.require_actor()
        export_format = ExportParams.read(request.args).format
        return export_response(export_leads(actor), export_format, clock.now().astimezone(zone).date())

    return blueprint


def _rows(summary: ImportSummary) -> Iterator[ImportRow]:
    """The rows of the request's file, which is not touched until the first of them is asked for."""
    leads_csv = read_csv()
    summary.ignored_columns = leads_csv.ignored
    yield from leads_csv.rows()
