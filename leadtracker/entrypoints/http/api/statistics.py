"""``/stats``: numbers about the leads of a cohort."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import statistics_json
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.list_params import CohortParams
from leadtracker.entrypoints.http.responses import json_response


def statistics_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The route of statistics."""
    blueprint = Blueprint("statistics", __name__)
    read_statistics = container.read_statistics()
    zone = container.settings().timezone

    @blueprint.get("/stats")
    def show() -> Response:
        actor = authenticator.require_actor()
        cohort = CohortParams.read(request.args, zone=zone).time_range
        return json_response(statistics_json(cohort, read_statistics(actor, cohort)))

    return blueprint
