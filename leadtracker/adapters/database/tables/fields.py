"""Kinds of columns that each database has in its own way."""

from typing import Any

import peewee


class TimestampField(peewee.Field):
    """A timestamp; only the dialect knows how it is stored, so Peewee itself must not convert it."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value: Any) -> Any:  # noqa: ARG002 - the signature is Peewee's
        message = "statements take timestamps through parameters"
        raise TypeError(message)


class SearchDocumentField(peewee.Field):
    """Words to be searched, as each database keeps them; the dialect says what it calls that."""

    field_type = "SEARCH_DOCUMENT"
