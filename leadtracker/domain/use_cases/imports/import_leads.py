"""Import leads from the rows of a file."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from itertools import islice

from attrs import evolve, frozen

from leadtracker.domain.errors import ImportStopped, StorageUnavailable
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.account import cleaned_name
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.intake.lead_import import ImportState, LeadImport
from leadtracker.domain.model.leads.history import Action, entries_between, entry, left_out_entries
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.ports.system import Clock, IdSource, PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.imports.import_rows import (
    ImportRow,
    RowOutcome,
    RowResult,
    ValidRow,
    read_rows,
    with_owners,
)
from leadtracker.domain.use_cases.imports.running_import import ImportProgress, RunningImport
from leadtracker.domain.use_cases.ownership.check_owner import check_owner, is_enabled

_ROWS_PER_TRANSACTION = 1_000
_CHANGING_ROWS_PER_TRANSACTION = 50
"""Of an import that changes known leads, which takes many times as long: other new leads must not wait."""


@frozen(kw_only=True)
class ImportLeads:
    """Store the leads of a file with their original creation times and states, and a record of the import.

    Rows of a person who is stored, or occurs earlier in the file, are skipped as duplicates. A result is
    yielded only after its row is committed, so that an interrupted import can be repeated: what it has stored
    is known then. Invalid values of optional fields are left out, and the lead is kept.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _phones: PhoneParser
    _notifications: Notifications
    _zone: tzinfo = UTC

    def __call__(  # noqa: PLR0913 - one for each option
        self,
        actor: Actor,
        rows: Iterable[ImportRow],
        *,
        dry_run: bool = False,
        notify: bool = False,
        update: bool = False,
        owner: str | None = None,
        file_name: str | None = None,
        import_id: str | None = None,
    ) -> RunningImport:
        """Return an import, which begins when its results are read.

        Args:
            actor: the caller.
            rows: the records of a file.
            dry_run: yield the same results but store nothing.
            notify: enqueue the mails and events that captured and changed leads cause.
            update: fill in and change the fields of known leads, instead of skipping their rows. Empty cells
                change nothing, and neither do ``state`` and ``created_at``.
            owner: the user who owns the new leads whose rows name no owner, until the user is disabled.
            file_name: what the file is called, for the list of imports.
            import_id: that of a file, which is imported once; by default a new one.

        Raises:
            PermissionDenied: the actor may not import leads; raised before the first row is read.
            InvalidInput: ``owner`` is no enabled user.
            ImportExists: another import has ``import_id``; raised instead of the first result.
        """
        actor.require(Permission.LEAD_IMPORT)
        owner = None if owner is None else cleaned_name(owner)
        with self._unit_of_work.read_only() as tx:
            check_owner(tx, owner)
        record = self._new_record(actor, file_name, import_id, notify=notify)
        progress = ImportProgress(
            actor, record, update=update, owner=owner, dry_run_keys=set() if dry_run else None
        )
        return RunningImport(progress, self._results(progress, iter(rows)))

    def _new_record(
        self, actor: Actor, file_name: str | None, import_id: str | None, *, notify: bool
    ) -> LeadImport:
        now = self._clock.now()
        return LeadImport(
            id=import_id or self._ids.new_id(now),
            started_at=now,
            updated_at=now,
            actor=actor.name,
            file_name=file_name,
            notifies=notify,
        )

    def _results(self, progress: ImportProgress, rows: Iterator[ImportRow]) -> Generator[RowResult]:
        try:
            size = _CHANGING_ROWS_PER_TRANSACTION if progress.update else _ROWS_PER_TRANSACTION
            while chunk := list(islice(rows, size)):
                yield from self._store(progress, chunk)
            self._finish(progress, ImportState.COMPLETED)
        except BaseException:  # also the end of a client that reads the results
            with suppress(ImportStopped, StorageUnavailable):
                if progress.is_recorded:
                    self._finish(progress, ImportState.INTERRUPTED)
            raise

    def _store(self, progress: ImportProgress, chunk: Sequence[ImportRow]) -> list[RowResult]:
        """Import rows in one transaction."""
        now = self._clock.now()
        read = read_rows(chunk, self._phones, self._zone, now)
        with self._unit_of_work() as tx:
            tx.imports.lock_rows()
            self._check_running(tx, progress)
            results = self._import(tx, progress, read, now)
            created = [one for one in results if one.outcome is RowOutcome.CREATED]
            leads = [one.lead for one in created if one.lead]
            if leads:
                tx.history.begin(
                    entry(leads[0], progress.actor, Action.IMPORTED, now), [lead.id for lead in leads]
                )
            for one in created:
                if one.lead and one.inputs.left_out:
                    tx.history.append(left_out_entries(one.inputs, one.lead, progress.actor))
            for lead in leads if progress.record.notifies else ():
                self._notifications.lead_imported(tx, lead, now)
            if not progress.is_dry:
                self._commit(tx, progress, progress.record_after(results, now))
        return results

    def _import(
        self, tx: UnitOfWork, progress: ImportProgress, read: Sequence[ValidRow | RowResult], now: datetime
    ) -> list[RowResult]:
        owners = _enabled_owners(tx, progress, read)
        read = with_owners(read, owners)
        valid = [one for one in read if isinstance(one, ValidRow)]
        leads = self._leads(progress, valid, progress.owner if progress.owner in owners else None, now)
        candidates: dict[str, Lead] = {}
        for lead in leads:
            if progress.is_new(lead):
                candidates.setdefault(lead.identity, lead)
        primary_ids = tx.leads.add_all(list(candidates.values()))
        of_valid = iter(leads)
        return [
            one
            if isinstance(one, RowResult)
            else self._result(tx, progress, one, next(of_valid), primary_ids)
            for one in read
        ]

    def _leads(
        self, progress: ImportProgress, rows: Sequence[ValidRow], owner: str | None, now: datetime
    ) -> list[Lead]:
        """Return the leads of rows, with ids in their order, which is stored in less time than another."""
        ids = sorted(self._ids.new_id(now) for _ in rows)
        return [
            one.draft.to_lead(lead_id, now, import_id=progress.record.id, owner=one.owner or owner)
            for lead_id, one in zip(ids, rows, strict=True)
        ]

    def _result(
        self,
        tx: UnitOfWork,
        progress: ImportProgress,
        valid: ValidRow,
        lead: Lead,
        primary_ids: Mapping[str, str],
    ) -> RowResult:
        """Return the result of a row; ``primary_ids`` has the primary lead of each identity."""
        primary_id = primary_ids.get(lead.identity)
        if primary_id == lead.id:
            return RowResult(
                valid.row,
                RowOutcome.CREATED,
                lead=lead,
                left_out=valid.left_out,
                inputs=valid.draft.inputs,
            )
        if progress.update and primary_id is not None:
            known = tx.leads.get(primary_id)
            if known.import_id != progress.record.id:
                return self._update(tx, progress, valid, known)
        return RowResult(valid.row, RowOutcome.DUPLICATE)

    def _update(self, tx: UnitOfWork, progress: ImportProgress, valid: ValidRow, known: Lead) -> RowResult:
        """Fill in and change the fields of a known lead; the row is a duplicate if nothing differs."""
        filled = evolve(known, **_values_of(valid.draft))  # type: ignore[arg-type]  # each value was read for its field
        if filled == known:
            return RowResult(valid.row, RowOutcome.DUPLICATE, left_out=valid.left_out)
        changed = filled.changed(self._clock.now())
        tx.leads.save(changed)
        tx.history.append(entries_between(known, changed, progress.actor))
        if progress.record.notifies:
            self._notifications.lead_changed(tx, known, changed)
        return RowResult(valid.row, RowOutcome.UPDATED, left_out=valid.left_out, lead=changed)

    def _finish(self, progress: ImportProgress, state: ImportState) -> None:
        if progress.is_dry:
            return
        with self._unit_of_work() as tx:
            self._check_running(tx, progress)
            self._commit(tx, progress, evolve(progress.record, state=state, updated_at=self._clock.now()))

    def _check_running(self, tx: UnitOfWork, progress: ImportProgress) -> None:
        if progress.is_recorded:
            tx.imports.get(progress.record.id).check_running()

    def _commit(self, tx: UnitOfWork, progress: ImportProgress, record: LeadImport) -> None:
        if progress.is_recorded:
            tx.imports.save(record)
        else:
            tx.imports.add(record)
            tx.audit_log.append(
                AuditRecord.by(progress.actor, AuditAction.IMPORT_STARTED, record.started_at, record.id)
            )
        tx.commit()
        progress.record, progress.is_recorded = record, True


def _enabled_owners(
    tx: UnitOfWork, progress: ImportProgress, read: Sequence[ValidRow | RowResult]
) -> frozenset[str]:
    """Return the enabled ones of the users who are to own leads; they stay so until the leads are stored."""
    named = {one.named_owner for one in read if isinstance(one, ValidRow)} | {progress.owner}
    users = [user.name for user in tx.users.all()]  # sorted; a file may name thousands who are no users
    return frozenset(name for name in users if name in named and is_enabled(tx, name))


def _values_of(draft: LeadDraft) -> dict[str, object]:
    return {name: value for name, value in draft.values.items() if value is not None}
