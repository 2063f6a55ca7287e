"""The routes of resumes."""

from leadtracker.domain.model.intake.resume_kind import KINDS
from leadtracker.entrypoints.http.openapi.operations import (
    AUTHENTICATED,
    IF_MATCH,
    LEAD_ID,
    VERSION,
    OpenApiObject,
    error_responses,
    header,
    in_query,
    operation,
)
from leadtracker.entrypoints.http.openapi.types import object_of, resume_file


def resume_paths() -> dict[str, OpenApiObject]:
    """The paths of resumes."""
    return {"/leads/{lead_id}/resume": {"get": _show_resume(), "put": _replace_resume()}}


def _show_resume() -> OpenApiObject:
    headers = {
        "Content-Disposition": header("An attachment, with the name of the file."),
        "Content-Security-Policy": header("`sandbox`: no browser runs anything in it."),
    }
    response = {"description": "The file, bit for bit.", "headers": headers, "content": _FILES}
    return operation(
        "getResume",
        "Work",
        "Hand out the resume of a lead",
        {"200": response, **error_responses(404)},
        parameters=[LEAD_ID],
        **AUTHENTICATED,
    )


def _replace_resume() -> OpenApiObject:
    form = object_of(resume=resume_file())
    return operation(
        "putResume",
        "Work",
        "Give a lead a resume, in place of the one it has",
        {
            "204": {"description": "It is durably kept.", "headers": VERSION},
            **error_responses(400, 404, 411, 412, 413, 415, 422),
        },
        description=_ABOUT,
        parameters=[LEAD_ID, in_query("filename", "What the file is called."), IF_MATCH],
        requestBody={"required": True, "content": {"multipart/form-data": {"schema": form}, **_FILES}},
        **AUTHENTICATED,
    )


_FILES: OpenApiObject = {kind.content_type: {} for kind in KINDS.values()}
_ABOUT = f"""\
The file is a part of a form, or the whole body; then `filename` or a `Content-Disposition` names it, or else
its type does. Its name must end in {", ".join(KINDS)}, and its content must be what the name says.
"""
