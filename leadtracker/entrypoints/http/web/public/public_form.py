"""``/``, ``/form/embed`` and ``/thanks``: the form by which people ask for help, and what they get back."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from attrs import frozen
from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.model.intake.resume_kind import KINDS
from leadtracker.domain.model.intake.submission import CONSENT_FIELD, HONEYPOT_FIELD, TOKEN_FIELD
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, LEAD_FIELDS
from leadtracker.domain.use_cases.leads.issue_form_token import IssueFormToken
from leadtracker.entrypoints.http.auth.form_tokens import FormTokens
from leadtracker.entrypoints.http.requests.resume_uploads import texts_beside
from leadtracker.entrypoints.http.requests.submit_lead import LeadSubmission
from leadtracker.entrypoints.http.web.public.sources import source_of
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages
from leadtracker.entrypoints.http.web.rendering.form_errors import FormErrors, form_errors_for
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.settings import Settings

_INPUTS = tuple(field for field in LEAD_FIELDS if field.autocomplete)
_FORM_FIELDS = (*FIELDS_BY_NAME, CONSENT_FIELD, "redirect_to")
_ORIGIN = re.compile(r"[a-z]+://[^/?#]*", re.IGNORECASE | re.ASCII)
_EMBEDDED = "embedded"
"""What the address of a form in a frame says, so that its answers can be shown in that frame, too."""


@frozen
class PublicForm:
    """Shows the form, takes in what is sent with it, and shows it again if that cannot be kept."""

    _settings: Settings
    _issue_form_token: IssueFormToken
    _tokens: FormTokens
    _lead_submission: LeadSubmission

    def blueprint(self) -> Blueprint:
        """The routes of the form and its thank-you page, each also to be embedded."""
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
        """Answer a form that a browser sent to ``POST /leads``, ours or another site's."""
        embedded = _EMBEDDED in request.args
        fields: Mapping[str, Any] = {}
        try:
            fields = self._lead_submission.parse()
            source = fields.get("source") or source_of({}, request.referrer, request.host)
            self._lead_submission.submit(self._lead_submission.authenticate(), {**fields, "source": source})
        except RequestEntityTooLarge as error:
            fields = texts_beside(error)
            return self._again(fields, form_errors_for(error, self._settings), embedded=embedded)
        except Exception as error:  # noqa: BLE001 - whatever it is, what was typed is shown again
            return self._again(fields, form_errors_for(error, self._settings), embedded=embedded)
        thanks = url_for("public_form.thanks_embedded" if embedded else "public_form.thanks")
        return redirect(_allowed(fields.get("redirect_to"), self._settings.redirect_sites) or thanks, 303)

    def _view(self, show: Callable[..., Response], *, embedded: bool) -> Callable[[], Response]:
        return lambda: show(embedded=embedded)

    def _fresh(self, *, embedded: bool) -> Response:
        form_data = {"source": source_of(request.args, request.referrer, request.host)}
        token = self._tokens.of(self._issue_form_token())
        return self._page("public/form.html", embedded=embedded, form_data=form_data, token=token)

    def _thanks(self, *, embedded: bool) -> Response:
        return self._page("public/thanks.html", embedded=embedded)

    def _again(self, fields: Mapping[str, Any], errors: FormErrors, *, embedded: bool) -> Response:
        form_token = None if errors.was_sent_before else self._tokens.read(fields.get(TOKEN_FIELD))
        response = self._page(
            "public/form.html",
            errors.status,
            embedded=embedded,
            form_data={name: fields[name] for name in _FORM_FIELDS if isinstance(fields.get(name), str)},
            token=self._tokens.of(self._issue_form_token.again(form_token)),
            errors=errors,
            had_file=bool(fields.get("resume")) or errors.lost_file,
        )
        response.headers.extend(errors.headers)
        return response

    def _page(self, template: str, status: int = 200, *, embedded: bool, **context: object) -> Response:
        sites = " ".join(self._settings.embedding_sites) if embedded else ""
        return page(
            template,
            status,
            frame_ancestors=sites or "'none'",
            embedded=_EMBEDDED if embedded else None,
            settings=self._settings,
            kinds=list(KINDS),
            fields=_INPUTS,
            honeypot=HONEYPOT_FIELD,
            token_field=TOKEN_FIELD,
            consent_field=CONSENT_FIELD,
            **context,
        )


def _allowed(url: object, sites: Collection[str]) -> str | None:
    """A URL to which a form asks to go, if it leads to one of these origins."""
    if not isinstance(url, str) or not url.isprintable() or "\\" in url or " " in url:
        return None
    origin = _ORIGIN.match(url)  # urlsplit would normalise a host of any length
    return url if origin and origin[0].lower() in sites else None
