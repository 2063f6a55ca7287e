"""``POST /leads``: authenticate the caller, read the submission and capture the lead.

API clients get JSON. Browsers that submit a form get pages, which are made by ``web.public``.
"""

import hmac
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from attrs import frozen
from flask import Blueprint, g, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.wrappers import Response

from leadtracker.domain.errors import FieldError, IdempotencyKeyReused, InvalidInput, LeadTrackerError
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.intake.consent import ConsentForm, means_consent
from leadtracker.domain.model.intake.form_token import FormToken
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.inputs.field_names import CONSENT_FIELD, HONEYPOT_FIELD, TOKEN_FIELD
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.use_cases.intake.capture_lead import Captured, CaptureLead, DuplicatePolicy
from leadtracker.domain.use_cases.intake.keep_rejected import KeepRejected
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.auth.client_address import limit_keys
from leadtracker.entrypoints.http.auth.rate_limit import PublicLimit, UploadLimit
from leadtracker.entrypoints.http.middleware.language import language_in_url, requested_language
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES, read_fields, unread_body
from leadtracker.entrypoints.http.requests.form_tokens import FormTokens
from leadtracker.entrypoints.http.requests.forms import UndecodableForm
from leadtracker.entrypoints.http.requests.lead_params import CaptureParams
from leadtracker.entrypoints.http.requests.multipart import MULTIPART, read_parts
from leadtracker.entrypoints.http.responses import etag, json_response
from leadtracker.i18n.languages import Language, supported_language

EMBEDDED_PARAMETER = "embedded"
"""The URL parameter of an embedded form, so that the response to it may be shown in the same frame."""
_LANGUAGE_FIELD = "language"
_DISK_NEARLY_FULL = "was not stored, because the disk is nearly full; the rest of the lead was"
_JSON, _HTML = "application/json", "text/html"
_NO_PARAMS = CaptureParams()


@frozen(kw_only=True)
class LeadSubmission:
    """The steps of ``POST /leads``, for JSON, for the public form and for the forms of other sites.

    Attributes:
        consent: returns the consent that the public form asks for; None if it asks for none.
        max_file_bytes: the maximum size of each file.
    """

    _capture_lead: CaptureLead
    _authenticator: Authenticator
    _limit: PublicLimit
    _upload_limit: UploadLimit
    _tokens: FormTokens
    _consent: Callable[[], str | None]
    _max_file_bytes: int
    _keep_rejected: KeepRejected
    _client_key: bytes

    def authenticate(self) -> Actor:
        """Return the caller. Anonymous callers are rate-limited by their client address.

        Raises:
            AuthenticationFailed: the credentials are wrong.
            TooManyRequests: too many requests came from this address.
        """
        actor = self._authenticator.optional_actor()
        if actor.is_anonymous:
            address = request.remote_addr or ""
            self._limit.count(address)
            if self._is_upload():
                self._upload_limit.check(address)
        return actor

    def parse(self) -> Mapping[str, Any]:
        """Return the fields of the body, with the files among them.

        Raises:
            HTTPException: as ``read_parts`` for a multipart form, as ``read_fields`` for any other body.
            InvalidInput: the body is JSON, but no object.
            StorageUnavailable: there is no disk space for the file.
        """
        if request.mimetype == MULTIPART:
            return read_parts(self._max_file_bytes)
        return read_fields(keeps_repeated=True)

    def keep_rejected(
        self, fields: Mapping[str, Any], error: Exception, next_token: FormToken | None = None
    ) -> None:
        """Keep the submission of a public actor that ``error`` rejects, for a user to correct it.

        The client does not see whether that was possible.

        Args:
            fields: the inputs, if they could be read.
            error: an error that was raised by another method.
            next_token: the token of the form that is shown again, whose success makes this submission
                obsolete; by default, that of the submission.
        """
        actor: Actor | None = g.get("actor")
        reasons = _reasons(error)
        if actor is None or not reasons:
            return
        texts = fields or (error.texts if isinstance(error, UndecodableForm) else unread_body())
        if not texts and not isinstance(error, InvalidInput):
            return  # nothing of the body was read
        [(network, _), *_larger] = limit_keys(request.remote_addr or "")
        client = hmac.digest(self._client_key, network.encode(), "sha256").hex()
        form_token = next_token or self._tokens.read(texts.get(TOKEN_FIELD))
        try:
            self._keep_rejected(actor, texts, reasons, client, form_token)
        except LeadTrackerError as failure:
            structlog.get_logger(__name__).warning("rejected submission not kept", error=str(failure))

    def submit(self, actor: Actor, fields: Mapping[str, Any]) -> Captured:
        """Capture the lead. The header ``Idempotency-Key`` and a form's token are its idempotency keys.

        Raises:
            InvalidInput: a query parameter of a user or an API client is invalid.
            LeadTrackerError: as ``CaptureLead``.
        """
        if actor.is_anonymous and self._is_upload():
            self._upload_limit.count(request.remote_addr or "", request.content_length or 0)
        params = _params(actor)
        is_ours = TOKEN_FIELD in fields
        form_token = self._tokens.read(fields[TOKEN_FIELD]) if is_ours else None
        submission = Submission(
            form_token=form_token,
            has_invalid_token=is_ours and form_token is None,
            filled_honeypot=bool(fields.get(HONEYPOT_FIELD)),
            requested_consent=self._consent() if is_ours else None,
            has_consented=CONSENT_FIELD in fields and means_consent(fields[CONSENT_FIELD]),
            has_outdated_consent=form_token is not None and self._tokens.is_outdated(form_token),
            consent_form=ConsentForm.EMBEDDED if EMBEDDED_PARAMETER in request.args else ConsentForm.PAGE,
            language=_language(actor, fields.get(_LANGUAGE_FIELD)),
            sends_mail=params.notify,
            keeps_duplicate=params.duplicates is DuplicatePolicy.LINK,
        )
        captured = self._capture_lead(actor, fields, request.headers.get("Idempotency-Key"), submission)
        if captured.rejected_files:
            structlog.get_logger(__name__).warning(
                "files not stored, the disk is nearly full", lead=captured.lead.id
            )
        return captured

    def _is_upload(self) -> bool:
        """Check whether the request is larger than any text."""
        return request.mimetype == MULTIPART and (request.content_length or 0) > MAX_BODY_BYTES


def capture_blueprint(lead_submission: LeadSubmission, html_view: Callable[[], Response]) -> Blueprint:
    """Make the route.

    Args:
        lead_submission: reads and captures the leads of API clients.
        html_view: handles the forms that browsers submit.
    """
    blueprint = Blueprint("capture", __name__)

    @blueprint.post("/leads")
    def capture() -> Response:
        return html_view() if _is_browser_form() else _json_view(lead_submission)

    return blueprint


def _params(actor: Actor) -> CaptureParams:
    """Return the query parameters; those of public actors have no effect, as unknown ones have none."""
    if actor.is_public:
        return _NO_PARAMS
    names = set(CaptureParams.model_fields)
    known = MultiDict((name, value) for name, value in request.args.items(multi=True) if name in names)
    return CaptureParams.read(known)


def _language(actor: Actor, given: object) -> Language | None:
    """Return the language of the prospect: that of the field, of the form's URL, or of their browser."""
    in_field = supported_language(given) if isinstance(given, str) else None
    return in_field or (requested_language() if actor.is_anonymous else language_in_url())


def _is_browser_form() -> bool:
    """Check whether a form prefers a page in response; a script that sends JSON gets JSON in any case."""
    return request.mimetype != _JSON and request.accept_mimetypes.best_match((_JSON, _HTML)) == _HTML


def _reasons(error: Exception) -> list[FieldError]:
    """Return the errors with which a submission is kept; empty if it is not kept."""
    if isinstance(error, InvalidInput):
        return list(error.errors)
    if isinstance(error, IdempotencyKeyReused):
        return [field_error("body", InvalidValue("sent-before"))]
    if isinstance(error, BadRequest | UnsupportedMediaType):
        return [FieldError("body", error.description or error.name, "unreadable-body")]
    return []


def _json_view(lead_submission: LeadSubmission) -> Response:
    actor = lead_submission.authenticate()
    fields: Mapping[str, Any] = {}
    try:
        fields = lead_submission.parse()
        captured = lead_submission.submit(actor, fields)
    except (InvalidInput, IdempotencyKeyReused, BadRequest, UnsupportedMediaType) as error:
        lead_submission.keep_rejected(fields, error)
        raise
    lead = captured.lead
    replayed = {"Idempotent-Replayed": "true"} if captured.is_replay else {}
    url = url_for("leads.show", lead_id=lead.id, _external=True)
    rejected = [{"filename": name, "message": _DISK_NEARLY_FULL} for name in captured.rejected_files]
    body = lead_payload(lead) | ({"rejected_files": rejected} if rejected else {})
    return json_response(body, 201, {"Location": url, **etag(lead), **replayed})
