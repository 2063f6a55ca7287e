"""Ask before a page does something, without losing a form.

Sensitive pages ask for the password or a code of the second factor, and forms whose effect cannot be undone
ask whether it is meant.
"""

from attrs import frozen
from flask import Response, g, redirect, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import AuthenticationFailed, SecondFactorLocked, SecretUnreadable
from leadtracker.domain.use_cases.accounts.user_sessions import SignedIn
from leadtracker.entrypoints.http.auth.interrupted_form import InterruptedForm
from leadtracker.entrypoints.http.auth.login_sessions import SAFE_METHODS, LoginSessions
from leadtracker.entrypoints.http.web.rendering.page import (
    ASKS_FIELD,
    CONFIRMATION_FIELD,
    CSRF_FIELD,
    dashboard_target,
    page,
    wants_part,
)
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark


@frozen
class Question:
    """The question to a user before a form does what cannot be undone.

    Attributes:
        text: the question; ``%(name)s`` in it is the name in the URL of the form.
        button: the label of the button that does it.
        back: the endpoint of the page for users who do not want it.
    """

    text: str
    button: str
    back: str


QUESTIONS = {
    "account_pages.remove_second_factor": Question(
        mark("Remove your second factor?"), mark("Remove the second factor"), "account_pages.show"
    ),
    "delivery_pages.retry_failed": Question(
        mark("Retry all failed deliveries?"), mark("Retry all failed"), "delivery_pages.listing"
    ),
    "import_pages.undo": Question(
        mark("Remove the leads of this import? Those that were changed since will stay."),
        mark("Undo the import"),
        "import_pages.listing",
    ),
    "key_pages.revoke": Question(mark("Revoke %(name)s permanently?"), mark("Revoke"), "key_pages.listing"),
    "quarantine_pages.discard": Question(
        mark("Discard this message permanently?"), mark("Discard"), "quarantine_pages.listing"
    ),
    "user_pages.remove_second_factor": Question(
        mark("Remove the second factor of %(name)s?"), mark("Remove the second factor"), "user_pages.listing"
    ),
    "user_pages.unlink": Question(mark("Unlink %(name)s?"), mark("Unlink"), "user_pages.listing"),
}
"""By the endpoints of the forms. With JavaScript the browser asks, without it a page does."""


def question_text(endpoint: str, name: str = "") -> str:
    """Return the question of a form about something with this name, in the language in use."""
    return _(QUESTIONS[endpoint].text, name=name)


def question_page() -> Response | None:
    """Return the page that asks whether the form is meant; None if the form does not need it.

    Its template lets browsers without scripts send a field for that. The page holds the fields of the form,
    and sends them again without this one.
    """
    endpoint = request.endpoint or ""
    question = QUESTIONS.get(endpoint)
    if question is None or ASKS_FIELD not in request.form:
        return None
    name = "".join((request.view_args or {}).values())
    text = question_text(endpoint, name)
    return page("question.html", fields=_fields(), text=text, question=question)


def confirmation_page(login_sessions: LoginSessions, signed_in: SignedIn) -> AnyResponse | None:
    """Return the page that asks the user to confirm their identity; None if they have.

    The page holds the fields of the form that was sent, and sends them again with the confirmation, so that
    the request continues as if it had not been interrupted.
    """
    if signed_in.is_confirmed:
        return None
    if wants_part():
        return Response(status=204, headers={"HX-Redirect": request.path})
    proof = request.form.get(CONFIRMATION_FIELD)
    if request.method in SAFE_METHODS or proof is None:
        return confirmation_form(login_sessions, 403)
    rejected = _reject(login_sessions, signed_in, proof)
    return None if rejected is None else confirmation_form(login_sessions, *rejected)


def confirm_and_continue(login_sessions: LoginSessions, signed_in: SignedIn) -> AnyResponse:
    """Answer the form that was shown instead of a page: confirm, and redirect to that page."""
    next_url = request.form.get("next", "")
    rejected = _reject(login_sessions, signed_in, request.form.get(CONFIRMATION_FIELD, ""))
    if rejected is not None:
        return confirmation_form(login_sessions, *rejected, next_url=next_url)
    return redirect(dashboard_target(next_url), 303)


def _reject(login_sessions: LoginSessions, signed_in: SignedIn, proof: str) -> tuple[int, str] | None:
    """Return the status and the sentence by which a confirmation is rejected; None if it is accepted."""
    try:
        login_sessions.confirm(signed_in, proof)
    except AuthenticationFailed:
        return 422, _("This is neither your password nor a current code.")
    except (SecondFactorLocked, TooManyRequests):
        return 429, _("There were too many failed attempts. Please try again later.")
    except SecretUnreadable:
        return 503, _("The code cannot be checked. Please enter your password.")
    return None


def confirmation_form(
    login_sessions: LoginSessions, status: int, error: str = "", *, next_url: str = ""
) -> Response:
    """Render the form that asks for the confirmation.

    Args:
        login_sessions: keeps the form that was sent while its user is at the OpenID provider.
        status: the HTTP status.
        error: why the last confirmation was rejected.
        next_url: the page to open afterwards, if it was not a form that was interrupted; the URL of the
            request by default.
    """
    here = request.full_path.rstrip("?")
    is_form = request.method not in SAFE_METHODS and not next_url
    if g.signed_in.session.is_from_provider:
        return _page_of_provider(login_sessions, status, None if is_form else next_url or here)
    return page(
        "public/confirm.html",
        status,
        fields=_fields() if is_form else [("next", next_url or here)],
        target=here if is_form else None,
        error=error,
        user=g.signed_in.user,
        field=CONFIRMATION_FIELD,
    )


def _page_of_provider(login_sessions: LoginSessions, status: int, next_url: str | None) -> Response:
    """Render the page that leads to the provider; the browser keeps a form that was sent.

    Args:
        login_sessions: encrypts the form.
        status: the HTTP status.
        next_url: the page to open afterwards; None if a form was sent.
    """
    forms, sealed = login_sessions.interrupted_forms, None
    if next_url is None:
        form = InterruptedForm(request.full_path.rstrip("?"), tuple(_fields()))
        sealed = forms.seal(g.signed_in.user.name, form)
    fallback = url_for("dashboard.index" if sealed is None else "account_pages.continue_form")
    is_lost = next_url is None and sealed is None
    response = page(
        "public/confirm_at_provider.html",
        status,
        next_url=next_url or fallback,
        is_kept=sealed,
        is_lost=is_lost,
    )
    if sealed is not None:
        forms.keep(response, sealed)
    return response


def continue_form(login_sessions: LoginSessions) -> Response:
    """Show the form that the browser has kept, ready to be sent."""
    forms = login_sessions.interrupted_forms
    response = page("public/continue.html", form=forms.read(g.signed_in.user.name))
    forms.remove(response)
    return response


def _fields() -> list[tuple[str, str]]:
    own = {CSRF_FIELD, CONFIRMATION_FIELD, ASKS_FIELD}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in own]
