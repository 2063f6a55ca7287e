"""Follow-ups: recording them, planning the next one, and listing them."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import follow_up_json
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.body import read_optional_fields
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import FollowUpListParams, follow_up_list_name
from leadtracker.entrypoints.http.responses import json_response


def follow_ups_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of follow-ups."""
    blueprint = Blueprint("follow_ups", __name__)
    record_follow_up = container.record_follow_up()
    find_follow_ups = container.find_follow_ups()

    @blueprint.post("/leads/<lead_id:lead_id>/follow-up")
    def record(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        recorded = record_follow_up(actor, lead_id, read_optional_fields())
        return json_response(follow_up_json(recorded), 201)

    @blueprint.get("/follow-ups")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = FollowUpListParams.read(request.args)
        page = find_follow_ups(actor, params.status, limit=params.limit, after=params.after)
        name, cursor = follow_up_list_name(params.status), page.next
        headers = next_link(name, cursor.at, cursor.follow_up_id) if cursor else None
        return json_response([follow_up_json(one) for one in page.follow_ups], headers=headers)

    return blueprint
