"""``POST /leads`` as programs see it."""

from collections.abc import Callable

from flask import Response, url_for

from leadtracker.entrypoints.formats.as_json import lead_json
from leadtracker.entrypoints.http.api.responses import json_response
from leadtracker.entrypoints.http.requests.conditional_requests import etag
from leadtracker.entrypoints.http.requests.submit_lead import LeadSubmission


def json_capture_view(lead_submission: LeadSubmission) -> Callable[[], Response]:
    """Takes a lead in and answers it as JSON; errors become problem documents."""

    def capture() -> Response:
        actor = lead_submission.authenticate()
        captured = lead_submission.submit(actor, lead_submission.parse())
        lead = captured.lead
        replayed = {"Idempotent-Replayed": "true"} if captured.is_replay else {}
        url = url_for("leads.show", lead_id=lead.id, _external=True)
        return json_response(lead_json(lead), 201, {"Location": url, **etag(lead), **replayed})

    return capture
