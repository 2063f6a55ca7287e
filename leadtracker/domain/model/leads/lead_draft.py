"""Lead drafts: validated input that becomes a lead when it is stored."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from attrs import field, frozen

from leadtracker.domain.model.leads.fields import (
    FIELDS_BY_NAME,
    LEAD_FIELDS,
    NAME_FIELDS,
    LeadField,
    ToE164,
    read_field,
)
from leadtracker.domain.model.leads.inputs.inputs import Inputs
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import MAX_FILES, RESUME_ID, Attachment, LeadFile, Upload
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import MAX_WORD_LENGTH, FieldParser
from leadtracker.domain.model.values.filename import clean_filename
from leadtracker.domain.model.values.timestamps import parse_timestamp

_FIRST_YEAR, _LAST_YEAR = 1900, 2999  # years outside are typing errors, and their weeks have no name

_OTHER_FIELDS = LEAD_FIELDS[len(NAME_FIELDS) :]
_RESUME = "resume"
"""The name of the input of the resume, which may also be a text."""

_NO_FILES = frozenset({str, int, float, bool, type(None), tuple, dict})

Value = TypeVar("Value")
DRAFT_FIELDS = (*FIELDS_BY_NAME, "resume")
"""The input fields of a submission; all others are answers."""


@frozen(kw_only=True)
class LeadDraft:
    """The validated input of one submission or of one row of an import.

    Attributes:
        values: the values of all ``LEAD_FIELDS`` by name, as ``Lead`` takes them.
        files: the resume, under ``RESUME_ID``, and the attachments; none from an import.
        state: how far work on the lead has come; from an import only.
        created_at: when the lead was received; from an import, or from a user who was called.
        inputs: what was given, divided into fields and answers.
        left_out: invalid values of an import that become answers, by name.
    """

    values: Mapping[str, object]
    inputs: Inputs = field(eq=False)
    left_out: Mapping[str, object] = MappingProxyType({})
    files: Mapping[str, LeadFile] = MappingProxyType({})
    state: LeadState | None = None
    created_at: datetime | None = None

    @classmethod
    def read(
        cls,
        raw: Mapping[str, object],
        to_e164: ToE164,
        *,
        required: Collection[str] = (),
        from_import: bool = False,
        created_until: datetime | None = None,
    ) -> "LeadDraft":
        """Validate raw inputs; what is no field becomes an answer.

        Args:
            raw: the fields that a prospect, an API client or a file gave.
            to_e164: recognises phone numbers.
            required: the fields that must be given besides a name, and an e-mail address or a phone number.
            from_import: true to read ``state`` and ``created_at``, too, but no ``resume``.
            created_until: the latest ``created_at`` that is accepted without ``from_import``; None to
                ignore it.

        Raises:
            InvalidInput: with an error for every invalid field.
        """
        with_created_at = created_until is not None
        inputs = Inputs.of(without_files(raw), from_import=from_import, with_created_at=with_created_at)
        parser = FieldParser(inputs.fields)
        values = _read_values(parser, to_e164, required)
        draft = cls(
            values=values,
            inputs=inputs,
            files={} if from_import else _read_files(raw, parser, required),
            state=_word(parser, "state", LeadState.parse) if from_import else None,
            created_at=_read_created(parser, from_import=from_import, until=created_until),
        )
        parser.raise_if_errors()
        return draft

    def to_lead(
        self,
        lead_id: str,
        now: datetime,
        language: str | None = None,
        *,
        import_id: str | None = None,
        owner: str | None = None,
    ) -> Lead:
        """Return the lead that this draft becomes when it is stored at ``now``, maybe by an import."""
        created_at = self.created_at or now
        return Lead(
            id=lead_id,
            language=language,
            resume=self.files[RESUME_ID].metadata if RESUME_ID in self.files else None,
            attachments=_attachments(self.files) if self.files else (),
            answers=self.inputs.answers_with(self.left_out),
            state=self.state or LeadState.PENDING,
            import_id=import_id,
            owner=owner,
            created_at=created_at,
            updated_at=created_at,
            **self.values,  # type: ignore[arg-type]  # each value was read for its field
        )


def _attachments(files: Mapping[str, LeadFile]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(file_id, file.metadata) for file_id, file in files.items() if file_id != RESUME_ID
    )


def without_files(raw: Mapping[str, object]) -> Mapping[str, object]:
    """Return the inputs that are no files; a text beside files of the same name becomes the value."""
    if _has_no_files(raw):
        return raw
    texts: dict[str, object] = {}
    for name, value in raw.items():
        others = [one for one in _parts(value) if not isinstance(one, Upload)]
        if others:
            texts[name] = others[0] if len(others) == 1 else tuple(others)
    return texts


def _has_no_files(raw: Mapping[str, object]) -> bool:
    """Return True for inputs of types that are no files; most submissions have no others."""
    return _NO_FILES.issuperset(map(type, raw.values()))


def has_upload(raw: Mapping[str, object]) -> bool:
    """Return True if a file is among the inputs."""
    return any(isinstance(one, Upload) for value in raw.values() for one in _parts(value))


def _read_values(parser: FieldParser, to_e164: ToE164, required: Collection[str]) -> dict[str, object]:
    """Read all lead fields; a person needs a name, and an e-mail address or a phone number."""
    values: dict[str, object] = dict.fromkeys(FIELDS_BY_NAME)

    def read(fields: Iterable[LeadField]) -> None:
        for one in fields:
            is_required = one.name in required
            if is_required or parser.is_given(one.name):
                values[one.name] = read_field(one, parser, to_e164, is_required=is_required)

    read(NAME_FIELDS)
    if not values["first_name"]:
        # A single name is a first name, in whichever of the two fields it was given.
        values |= {"first_name": values["last_name"], "last_name": None}
    if not values["first_name"] and not parser.has_error("first_name", "last_name"):
        parser.add_error("first_name", InvalidValue("required"))
    read(_OTHER_FIELDS)
    if not values["email"] and not values["phone"] and not parser.has_error("email", "phone"):
        parser.add_error("email", InvalidValue("no-contact"))
    return values


def _read_files(
    raw: Mapping[str, object], parser: FieldParser, required: Collection[str]
) -> Mapping[str, LeadFile]:
    """Validate the files of a submission; the parser collects the errors, which name the files.

    Args:
        raw: the inputs by name. An upload is a value, or one of the values of a list.
        parser: of the same submission.
        required: the fields that must be given; a required resume may have come under any name.

    Returns:
        The first file of the input ``resume`` under ``RESUME_ID``, the others under ``"1"``, ``"2"`` and so
        on, in the order in which they came.
    """
    files: dict[str, LeadFile] = {}
    for name, value in _files_in(raw):
        if len(files) >= MAX_FILES or (isinstance(value, Upload) and value.is_excess):
            parser.add_error(name, _too_many(value))
            continue
        try:
            file = LeadFile.read(value)
        except ValueError as error:
            parser.add_error(name, error)
            continue
        if file is not None:
            is_resume = name == _RESUME and RESUME_ID not in files
            files[RESUME_ID if is_resume else str(len(files.keys() - {RESUME_ID}) + 1)] = file
    if not files and _RESUME in required and not parser.has_error(_RESUME):
        parser.add_error(_RESUME, InvalidValue("required"))
    return files


def _read_created(parser: FieldParser, *, from_import: bool, until: datetime | None) -> datetime | None:
    if not from_import and until is None:
        return None
    created_at = _word(parser, "created_at", parse_created)
    if created_at and until and created_at > until:
        parser.add_error("created_at", InvalidValue("in-the-future"))
    return created_at


def parse_created(text: str) -> datetime:
    """Return the time at which an imported or entered lead was received.

    Raises:
        ValueError: the text is no such time; the message is for its author.
    """
    created_at = parse_timestamp(text)
    if not _FIRST_YEAR <= created_at.year <= _LAST_YEAR:
        raise InvalidValue("year-out-of-range", first=_FIRST_YEAR, last=_LAST_YEAR)
    return created_at


def _word(parser: FieldParser, name: str, parse: Callable[[str], Value]) -> Value | None:
    return parser.parsed(name, parser.optional(name, limit=MAX_WORD_LENGTH), parse)


def _files_in(raw: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the files among the inputs with the names of these; a resume may also be a text."""
    if _RESUME not in raw and _has_no_files(raw):
        return
    for name, value in raw.items():
        for one in _parts(value):
            if isinstance(one, Upload) or (name == _RESUME and one is not None):
                yield name, one


def _parts(value: object) -> list[object]:
    """Return the values that came under one name; a list without a file, as in JSON, is a single value."""
    if isinstance(value, list) and any(isinstance(one, Upload) for one in value):
        return value
    return [value]


def _too_many(value: object) -> InvalidValue:
    name = clean_filename(value.filename) if isinstance(value, Upload) else "the text"
    return InvalidValue("file-too-many", file=name, max=MAX_FILES)
