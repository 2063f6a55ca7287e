"""What pages do with the forms that people send."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import InvalidInput

CSRF_FIELD = "csrf_token"


def form_fields() -> dict[str, str]:
    """The fields of the form, each once, without the token against forgery."""
    return {name: value for name, value in request.form.items() if name != CSRF_FIELD}


def errors_by_field(error: InvalidInput) -> Mapping[str, str]:
    """What is wrong, by the name of the field."""
    return {one.field: one.message for one in error.errors}


def back_to(endpoint: str, message: str, category: str = "success", **values: Any) -> AnyResponse:
    """Lead to a page that tells how it went, so that a reload sends nothing again."""
    flash(message, category)
    return redirect(url_for(endpoint, **values), 303)
