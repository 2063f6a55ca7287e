"""The tickets of forms as texts that only we can make."""

from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from leadtracker.domain.model.intake.form_token import FormToken
from leadtracker.domain.model.timestamps import format_timestamp


class FormTokens:
    """Signs tickets, so that forms can be handed out without anything being stored, and without a cookie."""

    def __init__(self, secret_key: str) -> None:
        self._serializer = URLSafeSerializer(secret_key, salt="public form")

    def of(self, form_token: FormToken) -> str:
        """The token of a ticket, for a field of the form."""
        token: str = self._serializer.dumps([form_token.id, format_timestamp(form_token.opened_at)])
        return token

    def read(self, token: object) -> FormToken | None:
        """The ticket that a token was made of; None if we did not make it."""
        if not isinstance(token, str):
            return None
        try:
            token_id, opened_at = self._serializer.loads(token)
        except BadData:
            return None
        return FormToken(token_id, datetime.fromisoformat(opened_at))
