"""``POST /leads`` as programs see it."""

from collections.abc import Callable

from flask import Response, url_for

from leadtracker.entrypoints.formats.as_json import lead_json
from leadtracker.entrypoints.http.api.responses import json_answer
from leadtracker.entrypoints.http.requests.conditional_requests import etag
from leadtracker.entrypoints.http.requests.submit_lead import Intake


def capture_for_programs(intake: Intake) -> Callable[[], Response]:
    """Takes a lead in and answers it as JSON; errors become problem documents."""

    def capture() -> Response:
        actor = intake.admit()
        captured = intake.take(actor, intake.read())
        lead = captured.lead
        replayed = {"Idempotent-Replayed": "true"} if captured.is_replay else {}
        url = url_for("leads.show", lead_id=lead.id, _external=True)
        return json_answer(lead_json(lead), 201, {"Location": url, **etag(lead), **replayed})

    return capture
