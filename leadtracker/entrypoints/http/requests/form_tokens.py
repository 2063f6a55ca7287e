"""Form tokens: signed, so that the public form needs neither a stored row nor a cookie."""

from collections.abc import Callable
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from leadtracker.domain.model.intake.consent import text_mark
from leadtracker.domain.model.intake.form_token import FormToken
from leadtracker.domain.model.values.timestamps import format_timestamp


class FormTokens:
    """Signs form tokens, and reads those that it has signed.

    Args:
        secret_key: signs the tokens.
        consent: returns the consent that the form asks for in the language in use; None if it asks for none.
    """

    def __init__(self, secret_key: str, consent: Callable[[], str | None] = lambda: None) -> None:
        self._serializer = URLSafeSerializer(secret_key, salt="public form")
        self._consent = consent

    @property
    def consent(self) -> str:
        """The mark of the consent in the language in use."""
        return text_mark(self._consent())

    def sign(self, form_token: FormToken) -> str:
        """Encode and sign a token for the hidden field of a form."""
        opened_at = format_timestamp(form_token.opened_at)
        signed: str = self._serializer.dumps([form_token.id, opened_at, self.consent])
        return signed

    def is_outdated(self, form_token: FormToken) -> bool:
        """Return True if the form of a token showed another text of the consent than forms show now."""
        return form_token.consent not in {None, self.consent}

    def read(self, signed: object) -> FormToken | None:
        """Return the token of a form field; None if it is no text that this server has signed."""
        if not isinstance(signed, str):
            return None
        try:
            token_id, opened_at, *consent = self._serializer.loads(signed)
        except BadData:
            return None
        return FormToken(token_id, datetime.fromisoformat(opened_at), next(iter(consent), None))
