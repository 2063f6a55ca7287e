"""Follow-ups: recording them, planning the next one, and listing them."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import follow_up_json
from leadtracker.entrypoints.http.api.responses import json_answer
from leadtracker.entrypoints.http.auth.authentication import Callers
from leadtracker.entrypoints.http.requests.body import read_optional_fields
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import follow_up_listing, read_follow_up_listing


def follow_ups_blueprint(container: Container, callers: Callers) -> Blueprint:
    """The routes of follow-ups."""
    blueprint = Blueprint("follow_ups", __name__)
    record_follow_up = container.record_follow_up()
    find_follow_ups = container.find_follow_ups()

    @blueprint.post("/leads/<lead_id:lead_id>/follow-up")
    def record(lead_id: str) -> Response:
        actor = callers.known()
        recorded = record_follow_up(actor, lead_id, read_optional_fields())
        return json_answer(follow_up_json(recorded), 201)

    @blueprint.get("/follow-ups")
    def listing() -> Response:
        actor = callers.known()
        asked = read_follow_up_listing(request.args)
        page = find_follow_ups(actor, asked.status, limit=asked.limit, after=asked.after)
        name, cursor = follow_up_listing(asked.status), page.next
        headers = next_link(name, cursor.at, cursor.follow_up_id) if cursor else None
        return json_answer([follow_up_json(one) for one in page.follow_ups], headers=headers)

    return blueprint
