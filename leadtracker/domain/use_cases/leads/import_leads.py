"""Import leads from the rows of a file."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import islice

from attrs import frozen

from leadtracker.domain.errors import DuplicateLead, FieldError, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.leads.phone_parser import PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications

_ROWS_PER_TRANSACTION = 500


class RowOutcome(StrEnum):
    """The result of importing a row."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@frozen
class ImportRow:
    """One record of a file.

    Attributes:
        line: the physical line on which the record starts; the header is line 1.
        fields: the unvalidated fields by name.
        errors: the reasons why the record could not be parsed.
    """

    line: int
    fields: Mapping[str, object]
    errors: tuple[FieldError, ...] = ()


@frozen
class RowResult:
    """A row and its outcome, with the created ``lead`` or the ``errors`` of a rejected row."""

    row: ImportRow
    outcome: RowOutcome
    errors: tuple[FieldError, ...] = ()
    lead: Lead | None = None


@frozen(kw_only=True)
class ImportLeads:
    """Store the leads of a file with their original creation times and states.

    Rows of a person who is stored, or occurs earlier in the file, are skipped as duplicates. A result is
    yielded only after its row is committed, so that an interrupted import can be repeated.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _phones: PhoneParser
    _notifications: Notifications

    def __call__(
        self, actor: Actor, rows: Iterable[ImportRow], *, dry_run: bool = False, notify: bool = False
    ) -> Iterator[RowResult]:
        """Import rows and yield the result of each, in order.

        Args:
            actor: the caller.
            rows: the records of a file.
            dry_run: yield the same results but store nothing.
            notify: enqueue the mails that a captured lead causes.

        Raises:
            PermissionDenied: the actor may not import leads; raised before the first row is read.
        """
        actor.require(Permission.LEAD_IMPORT)
        return self._in_chunks(actor, iter(rows), dry_run=dry_run, notify=notify)

    def _in_chunks(
        self, actor: Actor, rows: Iterator[ImportRow], *, dry_run: bool, notify: bool
    ) -> Iterator[RowResult]:
        dry_run_keys: set[str] | None = set() if dry_run else None
        while chunk := list(islice(rows, _ROWS_PER_TRANSACTION)):
            now = self._clock.now()
            with self._unit_of_work() as tx:
                results = [self._import(tx, row, now, dry_run_keys) for row in chunk]
                created = [result.lead for result in results if result.lead]
                tx.history.append(entry(lead, actor, Action.IMPORTED, now) for lead in created)
                for lead in created if notify else ():
                    self._notifications.lead_imported(tx, lead, now)
                if not dry_run:
                    tx.commit()
            yield from results

    def _import(
        self, tx: UnitOfWork, row: ImportRow, now: datetime, dry_run_keys: set[str] | None
    ) -> RowResult:
        if row.errors:
            return RowResult(row, RowOutcome.REJECTED, row.errors)
        try:
            draft = LeadDraft.read(row.fields, self._phones.to_e164, from_import=True)
        except InvalidInput as error:
            return RowResult(row, RowOutcome.REJECTED, error.errors)
        lead = draft.to_lead(self._ids.new_id(now), now)
        if dry_run_keys is not None:
            # A dry run rolls each chunk back, so the store does not know the persons of earlier chunks.
            if lead.identity in dry_run_keys:
                return RowResult(row, RowOutcome.DUPLICATE)
            dry_run_keys.add(lead.identity)
        try:
            tx.leads.add(lead)
        except DuplicateLead:
            return RowResult(row, RowOutcome.DUPLICATE)
        return RowResult(row, RowOutcome.CREATED, lead=lead)
