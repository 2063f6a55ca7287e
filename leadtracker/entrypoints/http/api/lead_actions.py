"""What the staff do with leads: history, notes, moving many, handing out a person's data."""

from flask import Blueprint, Response

from leadtracker.container import Container
from leadtracker.domain.use_cases.leads.change_states import StateChangeResult
from leadtracker.entrypoints.formats.as_json import Json, history_json, lead_json, personal_data_json
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.middleware.problems import problem_json
from leadtracker.entrypoints.http.requests.body import read_fields
from leadtracker.entrypoints.http.responses import json_response


def lead_actions_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of work on leads."""
    blueprint = Blueprint("lead_actions", __name__)
    change_lead_states = container.change_lead_states()
    read_history = container.read_history()
    add_note = container.add_note()
    export_personal_data = container.export_personal_data()

    @blueprint.post("/leads/bulk")
    def change_state() -> Response:
        results = change_lead_states(authenticator.require_actor(), read_fields())
        return json_response({"results": [_result_json(result) for result in results]})

    @blueprint.get("/leads/<lead_id:lead_id>/history")
    def history(lead_id: str) -> Response:
        return json_response(
            [history_json(entry) for entry in read_history(authenticator.require_actor(), lead_id)]
        )

    @blueprint.post("/leads/<lead_id:lead_id>/notes")
    def note(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        return json_response(history_json(add_note(actor, lead_id, read_fields())), 201)

    @blueprint.get("/leads/<lead_id:lead_id>/export")
    def export(lead_id: str) -> Response:
        return json_response(personal_data_json(export_personal_data(authenticator.require_actor(), lead_id)))

    return blueprint


def _result_json(result: StateChangeResult) -> Json:
    if isinstance(result.outcome, Exception):
        problem = problem_json(result.outcome)
        return {"id": result.lead_id, "status": problem["status"], "lead": None, "problem": problem}
    return {"id": result.lead_id, "status": 200, "lead": lead_json(result.outcome), "problem": None}
