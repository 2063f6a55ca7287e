"""Explain a sealed number by its leads."""

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.reports.sealed_leads import Explanation, SealedLead
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory


@frozen(kw_only=True)
class ExplainReport:
    """List the leads that a sealed number counts, and those of its week that it does not."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self, actor: Actor, week: str) -> Explanation:
        """Return all leads of the sealed week with this ISO name.

        Raises:
            PermissionDenied: the actor may not read reports.
            ReportNotFound: the week has no report.
        """
        return self._read(actor, week, None, None, None)

    def page(
        self,
        actor: Actor,
        week: str,
        *,
        limit: int,
        after_counted: Cursor | None = None,
        after_excluded: Cursor | None = None,
    ) -> Explanation:
        """Return at most ``limit`` counted and ``limit`` excluded leads after the two cursors.

        Errors are those of a call.
        """
        return self._read(actor, week, limit, after_counted, after_excluded)

    def _read(
        self,
        actor: Actor,
        week: str,
        limit: int | None,
        after_counted: Cursor | None,
        after_excluded: Cursor | None,
    ) -> Explanation:
        actor.require(Permission.REPORT_READ)
        more = None if limit is None else limit + 1
        with self._unit_of_work.snapshot() as tx:
            report = tx.ledger.get(week).with_expired_lease_closed(self._clock.now())
            counted = tx.sealed_leads.counted(report.week, limit=more, after=after_counted)
            excluded = tx.sealed_leads.excluded(report.week, limit=more, after=after_excluded)
            difference = tx.sealed_leads.difference(report.week)
            reads_linked = limit is not None and difference.linked > 0
            linked = _linked(tx, counted[:limit]) if reads_linked else frozenset()
        return Explanation(
            report=report,
            difference=difference,
            counted=tuple(counted[:limit]),
            excluded=tuple(excluded[:limit]),
            linked=linked,
            next_counted=_next_cursor(counted, limit),
            next_excluded=_next_cursor(excluded, limit),
        )


def _linked(tx: UnitOfWork, counted: list[SealedLead]) -> frozenset[str]:
    """Return the ids of the stored leads that are repeat enquiries."""
    stored = (tx.leads.get(one.id) for one in counted if not one.erased)
    return frozenset(lead.id for lead in stored if lead.duplicate_of is not None)


def _next_cursor(found: list[SealedLead], limit: int | None) -> Cursor | None:
    """Return the cursor of the last lead of a page; None without a lead beyond the page."""
    return None if limit is None or len(found) <= limit else found[limit - 1].cursor
