"""An import in progress: its record so far, and the results that its caller reads."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime

from attrs import define, evolve, frozen

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.intake.lead_import import LeadImport
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.use_cases.imports.import_rows import RowOutcome, RowResult


@define
class ImportProgress:
    """The options of an import in progress, and how far it has come.

    Attributes:
        record: with the results that were stored last; ``is_recorded`` is false until then.
        dry_run_keys: the persons of a dry run so far, None without one.
    """

    actor: Actor
    record: LeadImport
    update: bool
    owner: str | None
    dry_run_keys: set[str] | None
    is_recorded: bool = False

    @property
    def is_dry(self) -> bool:
        """True for a dry run."""
        return self.dry_run_keys is not None

    def is_new(self, lead: Lead) -> bool:
        """Return False if a dry run has seen the person: the store forgets what the run rolls back."""
        if self.dry_run_keys is None:
            return True
        if lead.identity in self.dry_run_keys:
            return False
        self.dry_run_keys.add(lead.identity)
        return True

    def record_after(self, results: Iterable[RowResult], now: datetime) -> LeadImport:
        """Return the record with further results."""
        counts = Counter(one.outcome for one in results)
        return evolve(
            self.record,
            updated_at=now,
            created=self.record.created + counts[RowOutcome.CREATED],
            updated=self.record.updated + counts[RowOutcome.UPDATED],
            duplicates=self.record.duplicates + counts[RowOutcome.DUPLICATE],
            rejected=self.record.rejected + counts[RowOutcome.REJECTED],
        )


@frozen
class RunningImport(Iterator[RowResult]):
    """An import in progress; iterating over it imports the rows and yields the result of each, in order."""

    _progress: ImportProgress
    _results: Generator[RowResult]

    @property
    def import_id(self) -> str | None:
        """The id of the import; None for a dry run, of which nothing is stored."""
        return None if self._progress.is_dry else self._progress.record.id

    def __next__(self) -> RowResult:
        return next(self._results)

    def set_rows(self, number: int) -> None:
        """Set the number of rows of the file, which is stored with the results of the next ones."""
        self._progress.record = evolve(self._progress.record, rows=number)

    def close(self) -> None:
        """End the import before the end of the file; what it has stored stays."""
        self._results.close()
