"""The leads of sealed weeks in memory."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from attrs import frozen

from leadtracker.domain.model.intake.rejected_submission import QuarantineEntry
from leadtracker.domain.model.reports.sealed_leads import Difference, Exclusion, SealedLead
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.reports.sealed_leads import SealedLeads
from tests.support.memory.store import Transaction


@frozen
class MemorySealedLeads(SealedLeads):
    """An in-memory ``SealedLeads``; see the port for its promises."""

    _transaction: Transaction

    def seal(self, week: Week) -> int:
        sealed = [*self._stored(week), *self._quarantined(week), *self._erased(week, Exclusion.ERASED)]
        self._transaction.for_writing().sealed_leads[week.name] = tuple(sealed)
        return sum(one.reason is None for one in sealed)

    def counted(
        self, week: Week, *, limit: int | None = None, after: Cursor | None = None
    ) -> list[SealedLead]:
        return _page((one for one in self._sealed(week) if one.reason is None), limit, after)

    def excluded(
        self, week: Week, *, limit: int | None = None, after: Cursor | None = None
    ) -> list[SealedLead]:
        sealed = self._sealed(week)
        known = {one.id for one in sealed}
        later = [one._replace(reason=Exclusion.ADDED_LATER) for one in self._stored(week)]
        later += self._erased(week, Exclusion.ADDED_LATER)
        excluded = [one for one in sealed if one.reason] + [one for one in later if one.id not in known]
        return _page(excluded, limit, after)

    def difference(self, week: Week) -> Difference:
        leads, sealed = self._transaction.tables.leads, self._sealed(week)
        today = {one.id for one in self._stored(week) if one.reason is None}
        counted = [one for one in sealed if one.reason is None]
        regained = Counter(one.reason for one in sealed if one.id in today)
        return Difference.between(
            len(counted),
            len(today),
            erased=sum(one.id not in leads for one in counted),
            linked=sum(one.id in leads and one.id not in today for one in counted),
            unlinked=regained[Exclusion.REPEAT],
            released=regained[Exclusion.QUARANTINED],
        )

    def _sealed(self, week: Week) -> list[SealedLead]:
        tables = self._transaction.tables
        sealed = tables.sealed_leads.get(week.name, ())
        return [one._replace(erased=one.id not in tables.leads) for one in sealed]

    def _stored(self, week: Week) -> Iterable[SealedLead]:
        for lead in self._transaction.tables.leads.values():
            if week.start <= lead.created_at < week.end:
                yield SealedLead(lead.id, lead.created_at, Exclusion.REPEAT if lead.duplicate_of else None)

    def _quarantined(self, week: Week) -> Iterable[SealedLead]:
        tables = self._transaction.tables
        entries: list[QuarantineEntry] = [entry for entry, _ in tables.quarantined_leads.values()]
        for entry in (*entries, *tables.rejected_submissions.values()):
            if week.start <= entry.received_at < week.end:
                yield SealedLead(entry.id, entry.received_at, Exclusion.QUARANTINED)

    def _erased(self, week: Week, reason: Exclusion) -> Iterable[SealedLead]:
        for lead_id, created_at in self._transaction.tables.erased_leads.items():
            if week.start <= created_at < week.end:
                yield SealedLead(lead_id, created_at, reason, erased=True)


def _page(leads: Iterable[SealedLead], limit: int | None, after: Cursor | None) -> list[SealedLead]:
    ordered = sorted(leads, key=lambda one: (one.created_at, one.id))
    rest = (one for one in ordered if after is None or _key(one.cursor) > _key(after))
    return list(islice(rest, limit))


def _key(cursor: Cursor) -> tuple[object, str]:
    return cursor.at, cursor.id
