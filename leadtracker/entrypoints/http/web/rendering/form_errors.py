"""The errors of a submitted public form, as sentences for the sender."""

from collections.abc import Mapping

from attrs import field, frozen
from flask import g
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, TooManyRequests

from leadtracker.domain.errors import (
    DuplicateLead,
    IdempotencyKeyReused,
    InvalidInput,
    LeadTrackerError,
    StorageUnavailable,
)
from leadtracker.domain.model.leads.fields import LEAD_FIELDS
from leadtracker.domain.model.leads.inputs.field_names import CONSENT_FIELD
from leadtracker.entrypoints.formats.field_messages import field_message
from leadtracker.entrypoints.http.middleware.problems import RETRY_AFTER_SECONDS, error_response_for
from leadtracker.entrypoints.http.requests.multipart import FileTooLarge
from leadtracker.entrypoints.http.web.rendering.error_pages import log_unexpected_error
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark
from leadtracker.settings import Settings

LABELS: Mapping[str, str] = {
    **{field.name: field.public_label or field.label for field in LEAD_FIELDS if field.autocomplete},
    "resume": mark("Files"),
    CONSENT_FIELD: mark("Your consent"),
}
"""The labels of the fields that the sender can correct, in the order of the form."""

_SENT_BEFORE = mark(
    "We have already received this form, with other answers. To send these, too, press Send again."
)
_KNOWN = mark("We already know you: we have received your earlier message and will answer it.")
_NO_ROOM = mark("We cannot store your message at this moment. Please try again in a few seconds.")
_TOO_LARGE = mark("A file must not be larger than %(max)s MB.")
_FILE_TOO_LARGE = mark("The file “%(file)s” must not be larger than %(max)s MB.")
_TOO_MANY = mark("We have received too many messages from your network. Please try again later.")
_NOT_READ = mark("Your message could not be read. Please try again.")
_BUG = mark(
    "Something went wrong on our side. Please try again later. If it happens again, send us this number: "
    "%(number)s"
)


@frozen(kw_only=True)
class FormErrors:
    """The errors of a form.

    Attributes:
        status: the HTTP status of the response.
        fields: a sentence for each field that the sender can correct, in the language of the sender.
        others: sentences about everything else.
        headers: additional headers of the response.
        was_sent_before: true if the same form was stored before with other input.
        lost_file: true if the form had a file that was too large to read.
    """

    status: int
    fields: Mapping[str, str] = field(factory=dict)
    others: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    was_sent_before: bool = False
    lost_file: bool = False


def form_errors_for(error: Exception, settings: Settings) -> FormErrors:
    """Translate an exception into errors to show with the form; unexpected exceptions are logged."""
    if isinstance(error, InvalidInput):
        return _field_errors(error)
    if isinstance(error, DuplicateLead):
        return FormErrors(status=409, others=(_(_KNOWN),))
    if isinstance(error, IdempotencyKeyReused):
        return FormErrors(status=422, others=(_(_SENT_BEFORE),), was_sent_before=True)
    if isinstance(error, StorageUnavailable):
        return FormErrors(status=503, others=(_(_NO_ROOM),), headers=(("Retry-After", RETRY_AFTER_SECONDS),))
    if isinstance(error, HTTPException):
        return _request_errors(error, settings)
    return _server_errors(error)


def _field_errors(error: InvalidInput) -> FormErrors:
    known: dict[str, str] = {}
    others = []
    for one in error.errors:
        if one.field in LABELS:
            text = field_message(one)
            known[one.field] = f"{known[one.field]} {text}" if one.field in known else text
        else:
            others.append(field_message(one))
    ordered = {name: known[name] for name in LABELS if name in known}
    return FormErrors(status=422, fields=ordered, others=tuple(others))


def _request_errors(error: HTTPException, settings: Settings) -> FormErrors:
    if isinstance(error, RequestEntityTooLarge):
        too_large = _(_TOO_LARGE, max=settings.max_upload_mb)
        if isinstance(error, FileTooLarge):
            too_large = _(_FILE_TOO_LARGE, file=error.filename, max=settings.max_upload_mb)
        return FormErrors(status=413, fields={"resume": too_large}, lost_file=True)
    text = _(_TOO_MANY if isinstance(error, TooManyRequests) else _NOT_READ)
    headers = tuple(item for item in error.get_headers() if item[0] == "Retry-After")
    return FormErrors(status=error.code or 500, others=(text,), headers=headers)


def _server_errors(error: Exception) -> FormErrors:
    error_response = error_response_for(type(error)) if isinstance(error, LeadTrackerError) else None
    if error_response is not None:
        return FormErrors(
            status=error_response.status, others=(_(_NOT_READ),), headers=error_response.headers
        )
    log_unexpected_error(error)
    return FormErrors(status=500, others=(_(_BUG, number=g.request_id),))
