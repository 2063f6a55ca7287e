"""``/dashboard/account/second-factor``: set up, renew and remove the second factor of the signed-in user."""

from typing import Any

import segno
from attrs import evolve
from flask import Blueprint, Response, g, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import AuthenticationFailed, SecondFactorRequired
from leadtracker.domain.use_cases.accounts.credentials.manage_second_factor import ManageSecondFactor
from leadtracker.entrypoints.http.web.rendering.page import page, redirect_with_message
from leadtracker.i18n.texts import gettext as _

SENSITIVE = frozenset(
    {
        "account_pages.second_factor",
        "account_pages.enable_second_factor",
        "account_pages.renew_recovery_codes",
        "account_pages.remove_second_factor",
    }
)
"""The endpoints that ask for the password again after a while."""

_PIXELS_PER_MODULE = 4


def add_second_factor_pages(blueprint: Blueprint, container: Container) -> None:
    """Add the routes of the second factor to those of the account."""
    manage = container.manage_second_factor()

    @blueprint.get("/second-factor")
    def second_factor() -> Response:
        return _page(manage)

    @blueprint.post("/second-factor")
    def enable_second_factor() -> Response:
        try:
            codes = manage.enable(g.signed_in.session, request.form.get("code", ""), request.remote_addr)
        except AuthenticationFailed:
            return _page(
                manage, 422, _("This code is wrong. Check the clock of your phone, and enter the next code.")
            )
        return _recovery_codes(codes)

    @blueprint.post("/second-factor/recovery-codes")
    def renew_recovery_codes() -> AnyResponse:
        try:
            return _recovery_codes(manage.renew_recovery_codes(g.signed_in.user, request.remote_addr))
        except AuthenticationFailed:
            return redirect_with_message("account_pages.show", _("You have no second factor."), "error")

    @blueprint.post("/second-factor/remove")
    def remove_second_factor() -> AnyResponse:
        try:
            manage.remove_own(g.signed_in.user, request.remote_addr)
        except SecondFactorRequired:
            message = _(
                "You must have a second factor. An admin can remove it, so that you can set up another one."
            )
            return redirect_with_message("account_pages.second_factor", message, "error")
        return redirect_with_message("account_pages.show", _("Your second factor was removed."))


def _page(manage: ManageSecondFactor, status: int = 200, error: str = "") -> Response:
    user = g.signed_in.user
    context: dict[str, Any] = {"user": user, "error": error}
    if user.second_factor_at is None:
        setup = manage.set_up(user)
        context |= {"secret": setup.secret, "qr_code": _qr_code(setup.uri)}
    else:
        context["number_left"] = manage.count_recovery_codes(user)
    return page(
        "public/second_factor.html", status, address=url_for("account_pages.second_factor"), **context
    )


def _recovery_codes(codes: list[str]) -> Response:
    g.signed_in = evolve(g.signed_in, must_have_second_factor=False, is_overdue=False)
    # Shown in this response: a redirect would need to store the codes until the next request.
    return page("public/recovery_codes.html", address=url_for("account_pages.second_factor"), codes=codes)


def _qr_code(uri: str) -> str:
    """Return the URL of an image, dark on light in every colour scheme, because scanners expect that."""
    return segno.make(uri, error="m").svg_data_uri(scale=_PIXELS_PER_MODULE, dark="#000", light="#fff")
