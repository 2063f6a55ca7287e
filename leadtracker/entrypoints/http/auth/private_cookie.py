"""Cookies that only this server reads, for what a browser keeps while it is at the OpenID provider."""

from attrs import frozen
from flask import current_app, request
from werkzeug.wrappers import Response


@frozen
class PrivateCookie:
    """A cookie that scripts and other sites cannot read; its content is signed or encrypted by the caller.

    Args:
        name: its name; browsers that use TLS get it with the prefix ``__Host-``.
    """

    _name: str

    def read(self) -> str:
        """Return the content; empty without the cookie."""
        return request.cookies.get(self._full_name(), "")

    def keep(self, response: Response, content: str, seconds: int) -> None:
        """Have the browser keep the content for some seconds."""
        response.set_cookie(
            self._full_name(),
            content,
            max_age=seconds,
            secure=current_app.config["SESSION_COOKIE_SECURE"] or request.is_secure,
            httponly=True,
            samesite="Lax",  # the browser comes back from the site of the provider
        )

    def remove(self, response: Response) -> None:
        """Have the browser forget the content."""
        self.keep(response, "", 0)

    def _full_name(self) -> str:
        return f"__Host-{self._name}" if current_app.config["SESSION_COOKIE_SECURE"] else self._name
