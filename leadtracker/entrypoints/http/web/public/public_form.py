"""``/``, ``/form/embed`` and ``/thanks``: the form for anonymous clients and its thank-you page."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from attrs import frozen
from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.model.intake.form_token import FormToken
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, LEAD_FIELDS, TOUCH_FIELDS
from leadtracker.domain.model.leads.inputs.answers import Answers
from leadtracker.domain.model.leads.inputs.field_names import CONSENT_FIELD, HONEYPOT_FIELD, TOKEN_FIELD
from leadtracker.domain.model.leads.inputs.inputs import Inputs
from leadtracker.domain.model.leads.lead_draft import has_upload, without_files
from leadtracker.domain.model.leads.lead_file import MAX_FILES
from leadtracker.domain.model.values.file_kind import EXTENSIONS, KINDS
from leadtracker.domain.use_cases.intake.issue_form_token import IssueFormToken
from leadtracker.entrypoints.http.capture import EMBEDDED_PARAMETER, LeadSubmission
from leadtracker.entrypoints.http.middleware.language import LANGUAGE_PARAMETER
from leadtracker.entrypoints.http.requests.form_tokens import FormTokens
from leadtracker.entrypoints.http.requests.forms import UndecodableForm
from leadtracker.entrypoints.http.requests.resume_uploads import texts_beside
from leadtracker.entrypoints.http.web.public.touch import source_of, touch_of_visitor, touch_on_page
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages
from leadtracker.entrypoints.http.web.rendering.form_errors import LABELS, FormErrors, form_errors_for
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.settings import Settings

_INPUTS = tuple(field for field in LEAD_FIELDS if field.autocomplete)
_FORM_FIELDS = (*FIELDS_BY_NAME, CONSENT_FIELD, "redirect_to")
_ORIGIN = re.compile(r"[a-z]+://[^/?#]*", re.IGNORECASE | re.ASCII)


@frozen
class PublicForm:
    """The form for anonymous clients: renders it, submits it, and shows it again with input and errors."""

    _settings: Settings
    _issue_form_token: IssueFormToken
    _tokens: FormTokens
    _lead_submission: LeadSubmission

    def blueprint(self) -> Blueprint:
        """Create the routes of the form and its thank-you page, and those of their embedded versions."""
        blueprint = Blueprint("public_form", __name__)
        install_error_pages(blueprint)
        for path, embedded in (("", False), ("/form/embed", True)):
            suffix = "_embedded" if embedded else ""
            blueprint.add_url_rule(path or "/", f"form{suffix}", self._view(self._fresh, embedded=embedded))
            blueprint.add_url_rule(
                f"{path}/thanks", f"thanks{suffix}", self._view(self._thanks, embedded=embedded)
            )
        return blueprint

    def receive(self) -> AnyResponse:
        """Handle a form that a browser sent to ``POST /leads`` from this site or another one."""
        embedded = EMBEDDED_PARAMETER in request.args
        fields: Mapping[str, Any] = {}
        try:
            actor = self._lead_submission.authenticate()
            fields = self._lead_submission.parse()
            given = Inputs.of(without_files(fields)).fields
            source = source_of({}, request.referrer, request.host)
            page_of_form = {**touch_on_page({}, request.referrer, request.host), "source": source}
            missing = {name: text for name, text in page_of_form.items() if text and not given.get(name)}
            captured = self._lead_submission.submit(actor, {**fields, **missing})
        except (RequestEntityTooLarge, TooManyRequests, UndecodableForm) as error:
            return self._again({}, texts_beside(error), error, embedded=embedded)
        except Exception as error:  # noqa: BLE001 - after any error the input is shown again
            return self._again(fields, fields, error, embedded=embedded)
        endpoint = "public_form.thanks_embedded" if embedded else "public_form.thanks"
        files_missing = "1" if captured.rejected_files else None
        language = request.args.get(LANGUAGE_PARAMETER) or None
        thanks = url_for(endpoint, lang=language, without_files=files_missing)
        # Another site's page could not say that the files are missing.
        elsewhere = _allowed(fields.get("redirect_to"), self._settings.redirect_sites)
        return redirect(thanks if files_missing else elsewhere or thanks, 303)

    def _view(self, show: Callable[..., Response], *, embedded: bool) -> Callable[[], Response]:
        return lambda: show(embedded=embedded)

    def _fresh(self, *, embedded: bool) -> Response:
        args, referrer, host = request.args, request.referrer, request.host
        touch = (
            touch_on_page(args, referrer, host)
            if embedded
            else touch_of_visitor(args, referrer, request.base_url, host)
        )
        form_data = {"source": source_of(args, referrer, host), **touch}
        token = self._tokens.sign(self._issue_form_token())
        return self._page("public/form.html", embedded=embedded, form_data=form_data, token=token)

    def _thanks(self, *, embedded: bool) -> Response:
        return self._page("public/thanks.html", embedded=embedded)

    def _again(
        self, sent: Mapping[str, Any], fields: Mapping[str, Any], error: Exception, *, embedded: bool
    ) -> Response:
        """Keep what was ``sent``, as far as it could be read, and show the form with ``fields`` again."""
        errors = form_errors_for(error, self._settings)
        form_token = None if errors.was_sent_before else self._tokens.read(fields.get(TOKEN_FIELD))
        next_token = self._issue_form_token.again(form_token)
        self._lead_submission.keep_rejected(sent, error, next_token)
        return self._shown_again(fields, errors, next_token, embedded=embedded)

    def _shown_again(
        self, fields: Mapping[str, Any], errors: FormErrors, form_token: FormToken, *, embedded: bool
    ) -> Response:
        inputs = Inputs.of(without_files(fields))
        shown = {**fields, **inputs.fields}
        form_data = {
            name: shown[name]
            for name in _FORM_FIELDS
            if isinstance(shown.get(name), str) and not (name == CONSENT_FIELD and name in errors.fields)
        }
        response = self._page(
            "public/form.html",
            errors.status,
            embedded=embedded,
            form_data=form_data,
            answers=_not_shown(inputs.answers, form_data),
            token=self._tokens.sign(form_token),
            errors=errors,
            had_file=has_upload(fields) or errors.lost_file,
        )
        response.headers.extend(errors.headers)
        return response

    def _page(self, template: str, status: int = 200, *, embedded: bool, **context: object) -> Response:
        sites = " ".join(self._settings.embedding_sites) if embedded else ""
        return page(
            template,
            status,
            frame_ancestors=sites or "'none'",
            embedded=EMBEDDED_PARAMETER if embedded else None,
            settings=self._settings,
            kinds=list(KINDS),
            extensions=EXTENSIONS,
            max_files=MAX_FILES,
            fields=_INPUTS,
            touch_fields=TOUCH_FIELDS,
            labels=LABELS,
            honeypot=HONEYPOT_FIELD,
            token_field=TOKEN_FIELD,
            consent_field=CONSENT_FIELD,
            **context,
        )


def _not_shown(answers: Answers, form_data: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the texts of answers by name, but no text that a visible input of that name shows already."""
    return [
        (name, text)
        for name, answer in answers.items()
        for text in ([answer] if isinstance(answer, str) else answer)
        if text != form_data.get(name)
    ]


def _allowed(url: object, sites: Collection[str]) -> str | None:
    """Return the form's redirect URL if its origin is one of ``sites``, else None."""
    if not isinstance(url, str) or not url.isprintable() or "\\" in url or " " in url:
        return None
    origin = _ORIGIN.match(url)  # urlsplit would normalise a host of any length
    return url if origin and origin[0].lower() in sites else None
