"""Imports: the record of one file of leads, by which it can be undone."""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.errors import ImportStopped
from leadtracker.domain.model.leads.history import Action, HistoryEntry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import check_utc

_MAX_PAUSE = timedelta(minutes=2)
"""The longest time between two batches of rows; the process that stores none for longer has died."""
_ACTIONS_OF_IMPORT = {Action.IMPORTED, Action.INPUTS_LEFT_OUT}


class ImportState(StrEnum):
    """How far an import has come."""

    RUNNING = "running"
    """Rows are being stored."""
    INTERRUPTED = "interrupted"
    """It ended before the end of the file; what it has stored can be undone, or the file imported again."""
    COMPLETED = "completed"
    """Every row was stored, skipped or rejected."""
    UNDOING = "undoing"
    """Leads are being removed; if that was interrupted, undoing it again continues."""
    UNDONE = "undone"
    """The leads that were not changed since are removed."""


@frozen(kw_only=True)
class LeadImport:
    """One import and its counts so far.

    Attributes:
        updated_at: when a row was last stored or a lead last removed.
        actor: the name of the user, API key or process that imported.
        file_name: as its sender named the file; None if it has no name.
        notifies: true if mails and events were enqueued for its leads.
        created: the number of new leads.
        updated: the number of known leads that were changed.
        duplicates: the number of rows that were skipped because the person is known.
        rejected: the number of invalid rows.
        removed: the number of leads that undoing it has removed.
        rows: the number of rows of the file; None if it is not known.
    """

    id: str
    started_at: datetime = field(validator=check_utc)
    updated_at: datetime = field(validator=check_utc)
    actor: str
    file_name: str | None = None
    state: ImportState = ImportState.RUNNING
    notifies: bool = False
    created: int = 0
    updated: int = 0
    duplicates: int = 0
    rejected: int = 0
    removed: int = 0
    rows: int | None = None

    @property
    def cursor(self) -> Cursor:
        """The position after this import in the list of imports."""
        return Cursor(self.started_at, self.id)

    @property
    def finished_rows(self) -> int:
        """The number of rows that were stored, skipped or rejected so far; in the end, of all ``rows``."""
        return self.created + self.updated + self.duplicates + self.rejected

    @property
    def percent(self) -> int | None:
        """The share of finished rows, rounded down; None if the number of rows is not known, or zero."""
        return 100 * self.finished_rows // self.rows if self.rows else None

    def seen_at(self, now: datetime) -> "LeadImport":
        """Return the import as users see it: one that has stored nothing for long was interrupted."""
        is_interrupted = self.state is ImportState.RUNNING and self._has_stopped(now)
        return evolve(self, state=ImportState.INTERRUPTED) if is_interrupted else self

    def is_in_progress(self, now: datetime) -> bool:
        """Return True while rows are being stored or leads removed, unless that was interrupted."""
        return self.state in {ImportState.RUNNING, ImportState.UNDOING} and not self._has_stopped(now)

    def _has_stopped(self, now: datetime) -> bool:
        return now - self.updated_at > _MAX_PAUSE

    def check_running(self) -> None:
        """Check that further rows may be stored.

        Raises:
            ImportStopped: the import was undone in the meantime.
        """
        if self.state is not ImportState.RUNNING:
            raise ImportStopped(self.id)


@frozen
class FilePiece:
    """A piece of a file that is to be imported, or of the rejected rows of an import.

    Attributes:
        file_id: of an uploaded file, which its import has, too; or of the rejected rows of an import.
        number: counts the pieces of a file, beginning with 0.
        name: of the file.
    """

    file_id: str
    number: int
    name: str
    received_at: datetime = field(validator=check_utc)
    content: bytes = field(repr=False)


@frozen
class KeptLead:
    """A lead that undoing an import does not remove; ``reason`` is what has happened to it since."""

    lead_id: str
    reason: Action


def change_since_import(lead: Lead, history: list[HistoryEntry]) -> Action | None:
    """Return what has happened to a lead since it was imported; None if nothing has.

    Args:
        lead: an imported lead.
        history: all its entries.
    """
    since = [entry.action for entry in history if entry.action not in _ACTIONS_OF_IMPORT]
    if since:
        return since[0]
    if lead.enquiries:  # another lead was linked to it, which only the other's history shows
        return Action.ENQUIRED_AGAIN
    return Action.EDITED if lead.version > 1 else None
