"""Import leads from the rows of a file."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import islice

from attrs import evolve, frozen

from leadtracker.domain.errors import DuplicateLead, FieldError, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, NAME_FIELDS
from leadtracker.domain.model.leads.history import Action, entries_between, entry, left_out_entries
from leadtracker.domain.model.leads.inputs.inputs import NO_INPUTS, Inputs
from leadtracker.domain.model.leads.inputs.lead_draft import LeadDraft
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.timestamps import start_of_day
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.leads.phone_parser import PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications

_ROWS_PER_TRANSACTION = 500
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
    """

    line: int
    fields: Mapping[str, object]
    errors: tuple[FieldError, ...] = ()
    cells: tuple[str, ...] = ()
    left_out: tuple[FieldError, ...] = ()


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


@frozen(kw_only=True)
class ImportLeads:
    """Store the leads of a file with their original creation times and states.

    Rows of a person who is stored, or occurs earlier in the file, are skipped as duplicates. A result is
    yielded only after its row is committed, so that an interrupted import can be repeated. Invalid values of
    optional fields are left out, and the lead is kept.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _phones: PhoneParser
    _notifications: Notifications
    _zone: tzinfo = UTC

    def __call__(
        self,
        actor: Actor,
        rows: Iterable[ImportRow],
        *,
        dry_run: bool = False,
        notify: bool = False,
        update: bool = False,
    ) -> Iterator[RowResult]:
        """Import rows and yield the result of each, in order.

        Args:
            actor: the caller.
            rows: the records of a file.
            dry_run: yield the same results but store nothing.
            notify: enqueue the mails and events that captured and changed leads cause.
            update: fill in and change the fields of known leads, instead of skipping their rows. Empty cells
                change nothing, and neither do ``state`` and ``created_at``.

        Raises:
            PermissionDenied: the actor may not import leads; raised before the first row is read.
        """
        actor.require(Permission.LEAD_IMPORT)
        options = _Options(actor, notify=notify, update=update, dry_run_keys=set() if dry_run else None)
        return self._in_chunks(options, iter(rows))

    def _in_chunks(self, options: "_Options", rows: Iterator[ImportRow]) -> Iterator[RowResult]:
        while chunk := list(islice(rows, _ROWS_PER_TRANSACTION)):
            now = self._clock.now()
            with self._unit_of_work() as tx:
                new_ids: set[str] = set()
                results = [self._import(tx, row, now, options, new_ids) for row in chunk]
                created = [
                    result.lead for result in results if result.lead and result.outcome is RowOutcome.CREATED
                ]
                tx.history.append(entry(lead, options.actor, Action.IMPORTED, now) for lead in created)
                for result in results:
                    if result.lead and result.outcome is RowOutcome.CREATED:
                        tx.history.append(left_out_entries(result.inputs, result.lead, options.actor))
                for lead in created if options.notify else ():
                    self._notifications.lead_imported(tx, lead, now)
                if options.dry_run_keys is None:
                    tx.commit()
            yield from results

    def _import(
        self, tx: UnitOfWork, row: ImportRow, now: datetime, options: "_Options", new_ids: set[str]
    ) -> RowResult:
        if row.errors:
            return RowResult(row, RowOutcome.REJECTED, row.errors)
        try:
            draft, left_out = self._read(row, now)
        except InvalidInput as error:
            return RowResult(row, RowOutcome.REJECTED, (*error.errors, *row.left_out))
        lead = draft.to_lead(self._ids.new_id(now), now)
        if options.dry_run_keys is not None:
            # A dry run rolls each chunk back, so the store does not know the persons of earlier chunks.
            if lead.identity in options.dry_run_keys:
                return RowResult(row, RowOutcome.DUPLICATE)
            options.dry_run_keys.add(lead.identity)
        try:
            tx.leads.add(lead)
        except DuplicateLead as duplicate:
            if options.update and duplicate.lead_id not in new_ids:
                result = RowResult(row, RowOutcome.UPDATED, left_out=left_out)
                return self._update(tx, result, draft, tx.leads.get(duplicate.lead_id), options)
            return RowResult(row, RowOutcome.DUPLICATE)
        new_ids.add(lead.id)
        return RowResult(row, RowOutcome.CREATED, lead=lead, left_out=left_out, inputs=draft.inputs)

    def _read(self, row: ImportRow, now: datetime) -> tuple[LeadDraft, tuple[FieldError, ...]]:
        """Validate a row, without the invalid ones of its optional values.

        Raises:
            InvalidInput: an invalid value is needed.
        """
        left_out = row.left_out
        try:
            draft = LeadDraft.read(row.fields, self._phones.to_e164, from_import=True)
        except InvalidInput as error:
            invalid = {one.field for one in error.errors}
            if not invalid <= _OPTIONAL:
                raise
            rest = {name: value for name, value in row.fields.items() if name not in invalid}
            try:
                draft = LeadDraft.read(rest, self._phones.to_e164, from_import=True)
            except InvalidInput:
                raise error from None
            draft = evolve(draft, left_out={name: row.fields.get(name) for name in sorted(invalid)})
            left_out = (*left_out, *error.errors)
        if draft.created_at is not None and draft.created_at >= self._end_of_tomorrow(now):
            raise InvalidInput.of("created_at", "must not be later than tomorrow")
        return draft, left_out

    def _end_of_tomorrow(self, now: datetime) -> datetime:
        return start_of_day(now.astimezone(self._zone).date() + timedelta(days=2), self._zone)

    def _update(
        self, tx: UnitOfWork, result: RowResult, draft: LeadDraft, lead: Lead, options: "_Options"
    ) -> RowResult:
        """Fill in and change the fields of a known lead; ``result`` is that of the row if nothing differs."""
        given = {name: value for name, value in draft.values.items() if value is not None}
        filled = evolve(lead, **given)  # type: ignore[arg-type]  # each value was read for its field
        if filled == lead:
            return evolve(result, outcome=RowOutcome.DUPLICATE)
        changed = filled.changed(self._clock.now())
        tx.leads.save(changed)
        tx.history.append(entries_between(lead, changed, options.actor))
        if options.notify:
            self._notifications.lead_changed(tx, lead, changed)
        return evolve(result, lead=changed)


@frozen
class _Options:
    """The options of one import; ``dry_run_keys`` are the persons of a dry run so far, None without one."""

    actor: Actor
    notify: bool
    update: bool
    dry_run_keys: set[str] | None
