"""Collect the content of the e-mail about a sealed week."""

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from leadtracker.domain.model.deliveries.delivery import DeliveryState
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.queries.lead_query import MAX_PAGE_SIZE, LeadFilter
from leadtracker.domain.model.reports.sealed_leads import Exclusion
from leadtracker.domain.model.reports.statistics import Delays
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_summary import (
    WEEKS_SHOWN,
    Progress,
    WeeklySummary,
    lost_reasons_of,
    progress_by,
)
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from leadtracker.domain.use_cases.deliveries.read_digest import ReadDigest


@frozen(kw_only=True)
class ReadWeeklySummary:
    """Read how the leads of a sealed week have fared, and what waits for work."""

    _read_digest: ReadDigest

    def __call__(self, tx: UnitOfWork, week: str, now: datetime) -> WeeklySummary:
        """Return the summary of the week with that ISO name, as of ``now``.

        Raises:
            ReportNotFound: the week is not sealed.
        """
        report = tx.ledger.get(week)
        reports = [one for one in tx.ledger.all() if one.week.start <= report.week.start]
        leads = list(_leads_of(tx, report.week))
        excluded = tx.sealed_leads.excluded(report.week)
        has_owners = any(lead.owner for lead in leads)
        return WeeklySummary(
            reports=tuple(reports[-WEEKS_SHOWN:]),
            repeats=sum(lead.reason is Exclusion.REPEAT for lead in excluded),
            total=Progress.of(None, leads),
            sources=progress_by(leads, lambda lead: lead.source),
            owners=progress_by(leads, lambda lead: lead.owner) if has_owners else (),
            lost_reasons=lost_reasons_of(leads),
            time_to_contact=Delays.of_all(
                tx.statistics.delays(TimeRange(report.week.start, report.week.end))
            ),
            digest=self._read_digest(tx, now),
            number_failed=tx.deliveries.count_open()[DeliveryState.FAILED],
        )


def _leads_of(tx: UnitOfWork, week: Week) -> Iterator[Lead]:
    """Yield the primary leads of a week as they are now."""
    lead_filter = LeadFilter(created_from=week.start, created_to=week.end)
    page = tx.leads.page(lead_filter, limit=MAX_PAGE_SIZE)
    yield from page.items
    while page.next is not None:
        page = tx.leads.page(lead_filter, limit=MAX_PAGE_SIZE, after=page.next)
        yield from page.items
