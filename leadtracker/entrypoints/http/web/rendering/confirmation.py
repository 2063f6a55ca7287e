"""Ask for the password, or a code of the second factor, before sensitive pages, without losing a form."""

from flask import Response, g, redirect, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import AuthenticationFailed, SecondFactorLocked, SecretUnreadable
from leadtracker.domain.use_cases.accounts.user_sessions import SignedIn
from leadtracker.entrypoints.http.auth.authentication import SAFE_METHODS, LoginSessions
from leadtracker.entrypoints.http.web.rendering.page import (
    CONFIRMATION_FIELD,
    CSRF_FIELD,
    dashboard_target,
    page,
    wants_part,
)
from leadtracker.i18n.texts import gettext as _


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
        return confirmation_form(403)
    rejected = _reject(login_sessions, signed_in, proof)
    return None if rejected is None else confirmation_form(*rejected)


def confirm_and_continue(login_sessions: LoginSessions, signed_in: SignedIn) -> AnyResponse:
    """Answer the form that was shown instead of a page: confirm, and redirect to that page."""
    next_url = request.form.get("next", "")
    rejected = _reject(login_sessions, signed_in, request.form.get(CONFIRMATION_FIELD, ""))
    if rejected is not None:
        return confirmation_form(*rejected, next_url=next_url)
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


def confirmation_form(status: int, error: str = "", *, next_url: str = "") -> Response:
    """Render the form that asks for the confirmation.

    Args:
        status: the HTTP status.
        error: why the last confirmation was rejected.
        next_url: the page to open afterwards, if it was not a form that was interrupted; the URL of the
            request by default.
    """
    is_read = request.method in SAFE_METHODS
    own = {CSRF_FIELD, CONFIRMATION_FIELD}
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    here = request.full_path.rstrip("?")
    return page(
        "public/confirm.html",
        status,
        fields=[("next", next_url or here)] if is_read or next_url else fields,
        target=None if is_read or next_url else here,
        error=error,
        user=g.signed_in.user,
        session_of_provider=g.signed_in.session.is_from_provider,
        next_url=next_url or (here if is_read else url_for("dashboard.index")),
        field=CONFIRMATION_FIELD,
    )
