"""Read the audit log, and delete its oldest entries."""

from collections.abc import Iterator
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import (
    AuditAction,
    AuditEntry,
    AuditFilter,
    AuditRecord,
)
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

_EXPORT_PAGE = 500


@frozen
class AuditPage:
    """A page of entries, the latest first.

    Attributes:
        next: the number to continue before; None on the last page.
    """

    entries: tuple[AuditEntry, ...]
    next: int | None


@frozen(kw_only=True)
class ReadAuditLog:
    """Return entries of the audit log.

    Args:
        retention: for how long entries are kept; None keeps them forever.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _retention: timedelta | None = None

    def page(
        self, actor: Actor, audit_filter: AuditFilter, *, limit: int, before: int | None = None
    ) -> AuditPage:
        """Return at most ``limit`` entries before a number, the latest first.

        Raises:
            PermissionDenied: the actor may not read the audit log.
        """
        actor.require(Permission.AUDIT_READ)
        with self._unit_of_work.read_only() as tx:
            found = tx.audit_log.page(audit_filter, limit=limit + 1, before=before)
        shown = tuple(found[:limit])
        return AuditPage(shown, shown[-1].number if len(found) > limit else None)

    def all(self, actor: Actor, audit_filter: AuditFilter) -> Iterator[AuditEntry]:
        """Yield every entry, the latest first; no transaction is open between them.

        Raises:
            PermissionDenied: the actor may not read the audit log; raised before any entry is read.
        """
        actor.require(Permission.AUDIT_READ)
        return self._all(actor, audit_filter)

    def export(self, actor: Actor, audit_filter: AuditFilter) -> Iterator[AuditEntry]:
        """Yield what ``all`` yields; the export is recorded before any entry is read.

        Raises:
            PermissionDenied: the actor may not read the audit log.
        """
        actor.require(Permission.AUDIT_READ)
        with self._unit_of_work() as tx:
            tx.audit_log.append(AuditRecord.by(actor, AuditAction.AUDIT_EXPORTED, self._clock.now()))
            tx.commit()
        return self._all(actor, audit_filter)

    def _all(self, actor: Actor, audit_filter: AuditFilter) -> Iterator[AuditEntry]:
        before: int | None = None
        while True:
            page = self.page(actor, audit_filter, limit=_EXPORT_PAGE, before=before)
            yield from page.entries
            if page.next is None:
                return
            before = page.next

    def purge_expired(self) -> int:
        """Delete the entries older than the retention, and return their number; schedulers call it."""
        if self._retention is None:
            return 0
        with self._unit_of_work() as tx:
            purged = tx.audit_log.purge(self._clock.now() - self._retention)
            tx.commit()
        return purged
