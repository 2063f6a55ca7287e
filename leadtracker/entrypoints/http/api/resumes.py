"""``/leads/{id}/resume``: the file that came with a lead."""

from flask import Blueprint, Response

from leadtracker.container import Container
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.conditional_requests import if_match_versions
from leadtracker.entrypoints.http.requests.resume_uploads import read_resume, resume_response
from leadtracker.entrypoints.http.responses import etag, no_content


def resumes_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of resumes."""
    blueprint = Blueprint("resumes", __name__)
    get_resume = container.get_resume()
    put_resume = container.put_resume()
    max_bytes = container.settings().max_upload_bytes

    @blueprint.get("/leads/<lead_id:lead_id>/resume")
    def show(lead_id: str) -> Response:
        return resume_response(get_resume(authenticator.require_actor(), lead_id))

    @blueprint.put("/leads/<lead_id:lead_id>/resume")
    def replace(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        changed = put_resume(actor, lead_id, read_resume(max_bytes), if_match_versions())
        response = no_content()
        response.headers.update(etag(changed))
        return response

    return blueprint
