"""``/imports``: list imports of leads, and undo them."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.entrypoints.formats.json_models.imports import LeadImportJson, UndoneImportJson
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.operations import Paths, error_responses, id_in_path, operation
from leadtracker.entrypoints.http.openapi.schemas import array_of
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import IMPORTS, ImportListParams
from leadtracker.entrypoints.http.requests.query import openapi_parameters
from leadtracker.entrypoints.http.responses import json_response

_TAG = "Leads"


def imports_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of imports."""
    blueprint = Blueprint("imports", __name__, url_prefix="/imports")
    manage_imports = container.manage_imports()

    @blueprint.get("")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = ImportListParams.read(request.args)
        page = manage_imports.page(actor, limit=params.limit, after=params.after)
        headers = next_link(IMPORTS, page.next.at, page.next.id) if page.next else None
        return json_response([LeadImportJson.of(one) for one in page.items], headers=headers)

    @blueprint.post("/<name:import_id>/undo")
    def undo(import_id: str) -> Response:
        undone = manage_imports.undo(authenticator.require_actor(), import_id)
        return json_response(UndoneImportJson.of_result(undone))

    return blueprint


def imports_operations() -> Paths:
    """The operations of imports."""
    return {
        "/imports": {
            "get": operation(
                "listImports",
                _TAG,
                "List imports, newest first",
                openapi.json_response(200, "A page.", array_of(LeadImportJson), openapi.NEXT_LINK)
                | error_responses(422),
                parameters=openapi_parameters(ImportListParams),
            )
        },
        "/imports/{import_id}/undo": {
            "post": operation(
                "undoImport",
                _TAG,
                "Remove the unchanged leads of an import",
                openapi.json_response(200, "What was removed and what stays.", UndoneImportJson)
                | error_responses(404),
                description=(
                    "Removes the leads that the import created and that were not changed since, for example "
                    "edited, noted, followed up or mailed; the others stay and are listed. What the import "
                    "changed in known leads stays, and so do the numbers of sealed weeks. An import in "
                    "progress is stopped. If the request is interrupted, repeat it."
                ),
                parameters=[id_in_path("import_id", "The id of the import.")],
            )
        },
    }
