"""Port: the audit log."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.accounts.audit_entry import AuditEntry, AuditFilter, AuditRecord


class AuditLog(Protocol):
    """Stores entries that are never changed; a record is stored if and only if its unit of work commits."""

    def append(self, record: AuditRecord) -> None:
        """Append a record under the next number.

        Units of work that append wait for each other until they end, so that no number is left out.
        """
        ...

    def page(self, audit_filter: AuditFilter, *, limit: int, before: int | None = None) -> list[AuditEntry]:
        """Return at most ``limit`` entries, the latest first.

        Args:
            audit_filter: the filter of the entries.
            limit: how many at most.
            before: only entries with a smaller number; None begins with the latest.
        """
        ...

    def purge(self, before: datetime) -> int:
        """Delete the oldest entries up to the first one of ``before`` or later; return their number.

        The latest entry always stays.
        """
        ...

    def gaps(self) -> list[str]:
        """Return what is missing, as ranges of numbers such as ``4-6``; empty if the log is complete."""
        ...
