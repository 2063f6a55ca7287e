"""The table of lead fields: one specification for each field that a sender or a user can give.

Drafts, patches, history, labels, search terms, CSV columns, the OpenAPI schema, forms and e-mails are
derived from this table by plain loops. A new text field needs its line here, its attribute of ``Lead``
and its column in the database.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import frozen

from leadtracker.domain.model.values.email_address import MAX_EMAIL_LENGTH, MAX_WRAPPED_LENGTH, EmailAddress
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import FieldParser
from leadtracker.domain.model.values.phone import MAX_PHONE_LENGTH, normalise_phone

MAX_NAME_LENGTH = 100
MAX_MESSAGE_LENGTH = 5_000
MAX_SOURCE_LENGTH = 200
MAX_LOST_REASON_LENGTH = 200
MAX_TOUCH_LENGTH = 200
TOUCH_SEPARATOR = "\x1f"
"""Separates the texts of a touch in one text; no field contains a control character."""

Touch = Mapping[str, str | None]
"""The texts of ``TOUCH_FIELDS`` by name; None for an empty field."""

ToE164 = Callable[[str], str | None]
"""Recognises a phone number: returns it in E.164, or None if the text is no number of the region."""


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
        label: the text beside it in pages, forms and e-mails.
        public_label: the label in the public form, if it differs.
        kind: decides about line breaks, validation and the input element.
        max_length: in characters (code points), after cleaning.
        is_required: true if every lead has it.
        description: one sentence for the API documentation; empty if the label says it all.
        example: a valid value for the API documentation.
        hint: a sentence for users who edit the field; empty if the label says it all.
        is_searchable: true if its words find the lead.
        is_submitted: true if a new lead can have it; else users and imports give it.
        is_touch: true for a part of the touch, which senders give and users do not edit in forms.
        autocomplete: the HTML autofill token of the public form; None keeps the field out of the form.
    """

    name: str
    label: str
    public_label: str = ""
    kind: FieldKind = FieldKind.LINE
    max_length: int
    is_required: bool = False
    description: str = ""
    example: str
    hint: str = ""
    is_searchable: bool = True
    is_submitted: bool = True
    is_touch: bool = False
    autocomplete: str | None = None

    @property
    def is_multiline(self) -> bool:
        """True if the text may hold line breaks."""
        return self.kind is FieldKind.MULTILINE

    @property
    def input_type(self) -> str:
        """The type of the HTML input element for one line of this kind."""
        return {FieldKind.EMAIL: "email", FieldKind.PHONE: "tel"}.get(self.kind, "text")


def _touch(name: str, label: str, example: str, description: str, *, is_searchable: bool = True) -> LeadField:
    return LeadField(
        name=name,
        label=label,
        max_length=MAX_TOUCH_LENGTH,
        description=description,
        example=example,
        is_searchable=is_searchable,
        is_touch=True,
    )


LEAD_FIELDS: tuple[LeadField, ...] = (
    LeadField(
        name="first_name",
        label="First name",
        max_length=MAX_NAME_LENGTH,
        is_required=True,
        example="Ada",
        autocomplete="given-name",
    ),
    LeadField(
        name="last_name",
        label="Last name",
        max_length=MAX_NAME_LENGTH,
        description="null for a person with one name.",
        example="Lovelace",
        autocomplete="family-name",
    ),
    LeadField(
        name="email",
        label="E-mail",
        public_label="E-mail address",
        kind=FieldKind.EMAIL,
        max_length=MAX_EMAIL_LENGTH,
        description="Kept in the spelling of its sender; null if there is a phone number only.",
        example="ada@example.com",
        autocomplete="email",
    ),
    LeadField(
        name="phone",
        label="Phone",
        public_label="Phone number",
        kind=FieldKind.PHONE,
        max_length=MAX_PHONE_LENGTH,
        description="A number of 4 to 15 digits, kept in E.164 format if it is recognised, else as typed.",
        example="+442079460018",
        autocomplete="tel",
    ),
    LeadField(
        name="message",
        label="Message",
        public_label="Your message",
        kind=FieldKind.MULTILINE,
        max_length=MAX_MESSAGE_LENGTH,
        description="May contain line breaks.",
        example="I need help with a contract.",
        autocomplete="off",
    ),
    LeadField(
        name="source",
        label="Source",
        max_length=MAX_SOURCE_LENGTH,
        description="Where the lead comes from.",
        example="website",
        hint="Where the lead came from",
        is_searchable=False,
    ),
    LeadField(
        name="lost_reason",
        label="Lost reason",
        max_length=MAX_LOST_REASON_LENGTH,
        description="Why a lead was lost, for statistics; kept in every state.",
        example="too expensive",
        hint="Why the lead was lost",
        is_searchable=False,
        is_submitted=False,
    ),
    _touch("utm_source", "UTM source", "google", "The site that sent the visitor."),
    _touch("utm_medium", "UTM medium", "cpc", "The kind of advertisement or link."),
    _touch("utm_campaign", "UTM campaign", "spring", "The campaign of the advertisement."),
    _touch("utm_term", "UTM term", "employment lawyer", "The words that the visitor had searched for."),
    _touch("utm_content", "UTM content", "banner-2", "The version of the advertisement."),
    _touch("gclid", "Google click ID", "EAIaIQobChMI", "Google's identifier of a click on an advertisement."),
    _touch(
        "referrer",
        "Referrer",
        "https://blog.example/",
        "The page that linked to the landing page.",
        is_searchable=False,
    ),
    _touch(
        "landing_page",
        "Landing page",
        "https://www.firm.example/contact",
        "The page on which the visitor arrived.",
        is_searchable=False,
    ),
)
"""All fields, in the order in which forms, exports and e-mails show them."""

FIELDS_BY_NAME: Mapping[str, LeadField] = MappingProxyType({field.name: field for field in LEAD_FIELDS})

SUBMITTED_FIELDS = tuple(field for field in LEAD_FIELDS if field.is_submitted)
"""The fields that a submission can have."""

NAME_FIELDS = LEAD_FIELDS[:2]
"""The fields that make up a person's name, which pages and e-mails show as a heading."""

TOUCH_FIELDS = tuple(field for field in LEAD_FIELDS if field.is_touch)
"""The fields of the touch: how the sender of an enquiry came to the form."""

LAST_TOUCH = "last_"
"""Begins the names of query parameters that are about the last touch; the rest is the name of the field."""

EDITED_FIELDS = tuple(field for field in LEAD_FIELDS if not field.is_touch)
"""The fields of forms in which users enter or edit leads."""

DETAIL_FIELDS = tuple(field for field in LEAD_FIELDS[2:] if not field.is_multiline)
"""The fields of one line that pages and e-mails list below the name."""

LONG_FIELDS = tuple(field for field in LEAD_FIELDS if field.is_multiline)
"""The fields that pages and e-mails show as paragraphs."""


def touch_from_text(text: str | None) -> Touch | None:
    """Return the touch of a text that has the texts of all ``TOUCH_FIELDS`` in their order; None for none."""
    if text is None:
        return None
    texts = text.split(TOUCH_SEPARATOR)
    return {field.name: one or None for field, one in zip(TOUCH_FIELDS, texts, strict=True)}


def read_field(field: LeadField, parser: FieldParser, to_e164: ToE164, *, is_required: bool) -> object:
    """Read and validate one field; the parser collects its errors.

    Returns:
        The cleaned text, or an ``EmailAddress``; None if an optional field is absent. Meaningless if the
        parser has recorded an error.
    """
    if field.kind is FieldKind.EMAIL:
        text = parser.compact(field.name, limit=MAX_WRAPPED_LENGTH)
        value: object = parser.parsed(field.name, text, EmailAddress.extract)
    elif field.kind is FieldKind.PHONE:
        text = parser.compact(field.name, limit=field.max_length)
        value = parser.parsed(field.name, text, lambda number: normalise_phone(number, to_e164))
    else:
        value = parser.optional(field.name, limit=field.max_length, multiline=field.is_multiline)
    if value is None and is_required and not parser.has_error(field.name):
        parser.add_error(field.name, InvalidValue("required"))
    return value
