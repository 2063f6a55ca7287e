"""Keep a form while its user proves their identity at the OpenID provider."""

import json
from datetime import timedelta

from attrs import frozen
from werkzeug.wrappers import Response

from leadtracker.domain.errors import SecretUnreadable
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from leadtracker.domain.ports.system import Clock
from leadtracker.entrypoints.http.auth.private_cookie import PrivateCookie

KEPT_FOR = timedelta(minutes=10)
"""For how long a form is kept; a sign-in at the provider must be finished within the same time."""

_MAX_LENGTH = 3_800
"""Browsers accept cookies of at most 4,096 characters, name and attributes included."""

_COOKIE = PrivateCookie("leadtracker-form")


@frozen
class InterruptedForm:
    """A form that was sent but not processed.

    Attributes:
        target: the URL to which it was sent.
        fields: names and values, which may hold a password.
    """

    target: str
    fields: tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class InterruptedForms:
    """Keeps one form in an encrypted cookie: the server keeps no input of a form that it has not accepted."""

    _secret_box: SecretBox
    _clock: Clock

    def seal(self, user: str, form: InterruptedForm) -> str | None:
        """Encrypt a form of a user for ``keep``; None if it is too long for a cookie."""
        text = json.dumps([self._clock.now().timestamp(), form.target, form.fields], ensure_ascii=False)
        sealed = self._secret_box.seal(text, _purpose(user))
        return sealed if len(sealed) <= _MAX_LENGTH else None

    def keep(self, response: Response, sealed: str) -> None:
        """Have the browser keep an encrypted form."""
        _COOKIE.keep(response, sealed, int(KEPT_FOR.total_seconds()))

    def read(self, user: str) -> InterruptedForm | None:
        """Return the form that the browser keeps for a user; None without one, or if it is too old."""
        try:
            text = self._secret_box.open(_COOKIE.read(), _purpose(user))
        except SecretUnreadable:
            return None
        kept_at, target, fields = json.loads(text)
        is_recent = self._clock.now().timestamp() - kept_at < KEPT_FOR.total_seconds()
        return InterruptedForm(target, tuple((name, value) for name, value in fields)) if is_recent else None

    def remove(self, response: Response) -> None:
        """Have the browser forget the form."""
        _COOKIE.remove(response)


def _purpose(user: str) -> str:
    return f"interrupted form of the user {user}"
