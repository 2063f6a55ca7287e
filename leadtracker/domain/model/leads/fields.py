"""The table of lead fields: one specification for each field that a sender or a user can give.

Drafts, patches, history, labels, search terms, CSV columns, the OpenAPI schema, forms and e-mails are
derived from this table by plain loops. A new text field needs its line here, its attribute of ``Lead``
and its column in the database.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import frozen

from leadtracker.domain.model.email_address import MAX_EMAIL_LENGTH
from leadtracker.domain.model.phone import MAX_PHONE_LENGTH


class FieldKind(StrEnum):
    """How the text of a field is read, shown and entered."""

    LINE = "line"
    MULTILINE = "multiline"
    EMAIL = "email"
    PHONE = "phone"


@frozen(kw_only=True)
class LeadField:
    """The specification of one field.

    Attributes:
        name: of the attribute, the JSON property, the form input and the CSV column.
        label: the text beside it in pages, forms and mails.
        kind: decides about line breaks, validation and the input element.
        max_length: in characters (code points), after cleaning.
        is_required: true if every submission must have it.
        description: one sentence for the API documentation; empty if the label says it all.
        example: a valid value for the API documentation.
        is_searchable: true if its words find the lead.
        autocomplete: the HTML autofill token of the public form; None keeps the field out of the form.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    max_length: int
    is_required: bool = False
    description: str = ""
    example: str
    is_searchable: bool = True
    autocomplete: str | None = None

    @property
    def is_multiline(self) -> bool:
        """True if the text may hold line breaks."""
        return self.kind is FieldKind.MULTILINE


LEAD_FIELDS: tuple[LeadField, ...] = (
    LeadField(
        name="first_name",
        label="First name",
        max_length=100,
        is_required=True,
        example="Ada",
        autocomplete="given-name",
    ),
    LeadField(
        name="last_name",
        label="Last name",
        max_length=100,
        is_required=True,
        example="Lovelace",
        autocomplete="family-name",
    ),
    LeadField(
        name="email",
        label="E-mail",
        kind=FieldKind.EMAIL,
        max_length=MAX_EMAIL_LENGTH,
        is_required=True,
        description="Kept in the spelling of its sender.",
        example="ada@example.com",
        autocomplete="email",
    ),
    LeadField(
        name="phone",
        label="Phone",
        kind=FieldKind.PHONE,
        max_length=MAX_PHONE_LENGTH,
        description="A number of 4 to 15 digits, kept in E.164 format if it is recognised, else as typed.",
        example="+442079460018",
        autocomplete="tel",
    ),
    LeadField(
        name="message",
        label="Message",
        kind=FieldKind.MULTILINE,
        max_length=5_000,
        description="May contain line breaks.",
        example="I need help with a contract.",
        autocomplete="off",
    ),
    LeadField(
        name="source",
        label="Source",
        max_length=200,
        description="Where the lead comes from.",
        example="website",
        is_searchable=False,
    ),
)
"""In the order in which forms, exports and mails show them."""

FIELDS_BY_NAME: Mapping[str, LeadField] = MappingProxyType({field.name: field for field in LEAD_FIELDS})
