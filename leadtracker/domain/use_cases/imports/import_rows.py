"""The rows of an imported file, their validation and their results."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from attrs import evolve, frozen

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.accounts.account import cleaned_name
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, NAME_FIELDS
from leadtracker.domain.model.leads.inputs.inputs import NO_INPUTS, Inputs
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.timestamps import start_of_day
from leadtracker.domain.ports.system import PhoneParser
from leadtracker.domain.use_cases.imports.plain_rows import plain_draft

_OPTIONAL = {*FIELDS_BY_NAME, "state", "created_at"} - {field.name for field in NAME_FIELDS}


class RowOutcome(StrEnum):
    """The result of importing a row."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    UPDATED = "updated"


@frozen
class ImportRow:
    """One record of a file.

    Attributes:
        line: the physical line on which the record starts; the header is line 1.
        fields: the unvalidated fields by name.
        errors: the reasons why the record could not be parsed.
        cells: the record as it is in the file.
        left_out: the reasons why optional fields are missing in ``fields`` although the record has them.
        unread: the values of these fields, which become answers.
    """

    line: int
    fields: Mapping[str, object]
    errors: tuple[FieldError, ...] = ()
    cells: tuple[str, ...] = ()
    left_out: tuple[FieldError, ...] = ()
    unread: Mapping[str, str] = MappingProxyType({})


@frozen
class RowResult:
    """A row and its outcome, with the created ``lead`` or the ``errors`` of a rejected row.

    Attributes:
        left_out: the errors of optional values, without which the row was taken; they became answers.
        inputs: what the row of a created lead gave.
    """

    row: ImportRow
    outcome: RowOutcome
    errors: tuple[FieldError, ...] = ()
    lead: Lead | None = None
    left_out: tuple[FieldError, ...] = ()
    inputs: Inputs = NO_INPUTS


@frozen
class ValidRow:
    """A row that can become a lead; ``left_out`` is as in ``RowResult``.

    Attributes:
        owner: the enabled user whom the row names, once that is known; None without one.
    """

    row: ImportRow
    draft: LeadDraft
    left_out: tuple[FieldError, ...]
    owner: str | None = None

    @property
    def named_owner(self) -> str:
        """The name in the column of the owner; empty without one."""
        return cleaned_name(str(self.row.fields.get("owner", "")))


def read_rows(
    rows: Iterable[ImportRow], phones: PhoneParser, zone: tzinfo, now: datetime
) -> list[ValidRow | RowResult]:
    """Validate rows, without the invalid ones of their optional values.

    Args:
        rows: the rows.
        phones: recognises phone numbers.
        zone: the time zone in which tomorrow ends, after which no lead can have been created.
        now: the present.

    Returns:
        For each row what can be stored, or the result of a rejected row.
    """
    end_of_tomorrow = start_of_day(now.astimezone(zone).date() + timedelta(days=2), zone)
    return [_read_row(row, phones, end_of_tomorrow) for row in rows]


def _read_row(row: ImportRow, phones: PhoneParser, end_of_tomorrow: datetime) -> ValidRow | RowResult:
    if row.errors:
        return RowResult(row, RowOutcome.REJECTED, row.errors)
    draft = None if row.left_out else plain_draft(row.fields, phones.to_e164)
    left_out: tuple[FieldError, ...] = ()
    try:
        if draft is None:
            draft, left_out = _read(row, phones)
        if draft.created_at is not None and draft.created_at >= end_of_tomorrow:
            raise InvalidInput([field_error("created_at", InvalidValue("after-tomorrow"))])
    except InvalidInput as error:
        return RowResult(row, RowOutcome.REJECTED, (*error.errors, *row.left_out))
    return ValidRow(row, draft, left_out)


def with_owners(read: Sequence[ValidRow | RowResult], names: Collection[str]) -> list[ValidRow | RowResult]:
    """Return rows with the owners that they name, of the enabled users ``names``.

    Another name becomes an answer of the lead, so that nothing of the file is lost.
    """
    return [
        _with_owner(one, owner, names) if isinstance(one, ValidRow) and (owner := one.named_owner) else one
        for one in read
    ]


def _with_owner(valid: ValidRow, owner: str, names: Collection[str]) -> ValidRow:
    if owner in names:
        return evolve(valid, owner=owner)
    draft = evolve(valid.draft, left_out={**valid.draft.left_out, "owner": owner})
    error = field_error("owner", InvalidValue("unknown-owner"))
    return evolve(valid, draft=draft, left_out=(*valid.left_out, error))


def _read(row: ImportRow, phones: PhoneParser) -> tuple[LeadDraft, tuple[FieldError, ...]]:
    """Validate a row without the optional fields that are invalid, which become answers."""
    fields, left_out, errors = row.fields, dict[str, object](row.unread), row.left_out
    try:
        draft = LeadDraft.read(fields, phones.to_e164, from_import=True)
    except InvalidInput as error:
        invalid = {one.field for one in error.errors}
        if not invalid <= _OPTIONAL:
            raise
        rest = {name: value for name, value in fields.items() if name not in invalid}
        try:
            draft = LeadDraft.read(rest, phones.to_e164, from_import=True)
        except InvalidInput:
            raise error from None
        left_out |= {name: fields.get(name) for name in sorted(invalid)}
        errors = (*errors, *error.errors)
    return evolve(draft, left_out=left_out) if left_out else draft, errors
