"""The leads of sealed weeks in the database."""

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import Build, StatementExecutor
from leadtracker.adapters.database.tables import (
    ErasedLeadRow,
    LeadRow,
    QuarantinedLeadRow,
    RejectedSubmissionRow,
    SealedLeadRow,
)
from leadtracker.domain.model.reports.sealed_leads import Difference, Exclusion, SealedLead
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.reports.sealed_leads import SealedLeads

_COLUMNS = (SealedLeadRow.week, SealedLeadRow.created_at, SealedLeadRow.lead_id, SealedLeadRow.reason)
_COUNT = peewee.fn.COUNT(peewee.SQL("*"))
_IS_COUNTED = SealedLeadRow.reason.is_null()


@frozen
class PeeweeSealedLeads(SealedLeads):
    """See the port for its promises."""

    _executor: StatementExecutor

    def seal(self, week: Week) -> int:
        for insert in (_insert_leads, _insert_quarantined, _insert_rejected, _insert_erased):
            self._executor.write(insert, **_values(week))
        return self._number(_count_counted, week)

    def counted(
        self, week: Week, *, limit: int | None = None, after: Cursor | None = None
    ) -> list[SealedLead]:
        return self._page(_select_counted, week, limit, after)

    def excluded(
        self, week: Week, *, limit: int | None = None, after: Cursor | None = None
    ) -> list[SealedLead]:
        return self._page(_select_excluded, week, limit, after)

    def difference(self, week: Week) -> Difference:
        primary = {row.reason: int(row.leads) for row in self._executor.rows(_count_primary, week=week.name)}
        return Difference.between(
            self._number(_count_counted, week),
            self._number(_count_today, week),
            erased=self._number(_count_erased, week),
            linked=self._number(_count_linked, week),
            unlinked=primary.get(Exclusion.REPEAT.value, 0),
            released=primary.get(Exclusion.QUARANTINED.value, 0),
        )

    def _number(self, build: Build, week: Week) -> int:
        row = self._executor.row(build, **_values(week))
        return int(row.leads) if row else 0

    def _page(self, build: Build, week: Week, limit: int | None, after: Cursor | None) -> list[SealedLead]:
        cursor = {"after_at": after and after.at, "after_id": after and after.id}
        variant = (after is not None, limit is not None)
        rows = self._executor.rows(build, *variant, limit=limit, **cursor, **_values(week))
        decode = self._executor.dialect.from_db_timestamp
        return [
            SealedLead(
                row.lead_id,
                decode(row.created_at),
                row.reason and Exclusion(row.reason),
                bool(row.is_erased),
            )
            for row in rows
        ]


def insert_erased() -> peewee.Node:
    """Keep the id and time of a lead that is erased next."""
    kept = LeadRow.select(LeadRow.created_at, LeadRow.id).where(LeadRow.id == param("id"))
    return ErasedLeadRow.insert_from(kept, (ErasedLeadRow.created_at, ErasedLeadRow.lead_id))


def _values(week: Week) -> dict[str, object]:
    return {"week": week.name, "start": week.start, "end": week.end}


def _within_week(query: Select, created_at: peewee.Field) -> Select:
    return query.where(created_at >= param("start"), created_at < param("end"))


def _insert(query: Select) -> peewee.Node:
    # A lead that is stored twice must not keep the week from being sealed.
    return SealedLeadRow.insert_from(query, _COLUMNS).on_conflict(action="nothing")


def _insert_leads() -> peewee.Node:
    reason = peewee.Case(None, [(LeadRow.duplicate_of.is_null(is_null=False), _literal(Exclusion.REPEAT))])
    lead = LeadRow.select(param("week"), LeadRow.created_at, LeadRow.id, reason)
    return _insert(_within_week(lead, LeadRow.created_at))


def _insert_quarantined() -> peewee.Node:
    row, reason = QuarantinedLeadRow, _literal(Exclusion.QUARANTINED)
    return _insert(_within_week(row.select(param("week"), row.received_at, row.id, reason), row.received_at))


def _insert_rejected() -> peewee.Node:
    row, reason = RejectedSubmissionRow, _literal(Exclusion.QUARANTINED)
    return _insert(_within_week(row.select(param("week"), row.received_at, row.id, reason), row.received_at))


def _insert_erased() -> peewee.Node:
    row, reason = ErasedLeadRow, _literal(Exclusion.ERASED)
    erased = row.select(param("week"), row.created_at, row.lead_id, reason)
    return _insert(_within_week(erased, row.created_at))


def _literal(reason: Exclusion) -> peewee.SQL:
    return peewee.SQL(f"'{reason.value}'")


def _count_counted() -> peewee.Node:
    return SealedLeadRow.select(_COUNT.alias("leads")).where(SealedLeadRow.week == param("week"), _IS_COUNTED)


def _count_today() -> peewee.Node:
    return _within_week(
        LeadRow.select(_COUNT.alias("leads")).where(LeadRow.duplicate_of.is_null()), LeadRow.created_at
    )


def _count_erased() -> peewee.Node:
    """Count the counted leads that were erased since."""
    row = ErasedLeadRow
    query = row.select(_COUNT.alias("leads")).join(
        SealedLeadRow, on=_is_sealed_as(row.created_at, row.lead_id)
    )
    return _within_week(query, row.created_at).where(_IS_COUNTED)


def _count_linked() -> peewee.Node:
    """Count the counted leads that have become repeat enquiries since: few leads are any."""
    row = LeadRow
    query = row.select(_COUNT.alias("leads")).join(SealedLeadRow, on=_is_sealed_as(row.created_at, row.id))
    return _within_week(query, row.created_at).where(row.duplicate_of.is_null(is_null=False), _IS_COUNTED)


def _count_primary() -> peewee.Node:
    """Count the leads that are primary today, for each reason why the week does not count them."""
    row = SealedLeadRow
    joined = row.select(row.reason, _COUNT.alias("leads")).join(LeadRow, on=_is_lead_of(row))
    is_excluded = row.reason.is_null(is_null=False)
    primary = joined.where(row.week == param("week"), is_excluded, LeadRow.duplicate_of.is_null())
    return primary.group_by(row.reason)


def _is_sealed_as(created_at: peewee.Field, lead_id: peewee.Field) -> peewee.Expression:
    row = SealedLeadRow
    return (row.week == param("week")) & (row.created_at == created_at) & (row.lead_id == lead_id)


def _select_counted(has_cursor: bool, has_limit: bool) -> peewee.Node:  # noqa: FBT001 - flags of a variant
    return _cut(_sealed(has_cursor, is_counted=True), has_limit)


def _select_excluded(has_cursor: bool, has_limit: bool) -> peewee.Node:  # noqa: FBT001 - flags of a variant
    sealed = _sealed(has_cursor, is_counted=False)
    return _cut(sealed + _added(has_cursor) + _erased_later(has_cursor), has_limit)


def _cut(query: peewee.SelectBase, has_limit: bool) -> peewee.Node:  # noqa: FBT001 - a flag of a variant
    ordered = query.order_by(peewee.SQL("1"), peewee.SQL("2"))  # by time and id
    return ordered.limit(param("limit")) if has_limit else ordered


def _sealed(has_cursor: bool, *, is_counted: bool) -> Select:  # noqa: FBT001 - a flag of a variant
    row = SealedLeadRow
    columns = (row.created_at, row.lead_id, row.reason)
    if is_counted:  # the erased ones are few, the others many
        is_erased = (ErasedLeadRow.created_at == row.created_at) & (ErasedLeadRow.lead_id == row.lead_id)
        query = row.select(*columns, ErasedLeadRow.lead_id.is_null(is_null=False).alias("is_erased"))
        joined = query.join(ErasedLeadRow, peewee.JOIN.LEFT_OUTER, on=is_erased)
    else:
        query = row.select(*columns, LeadRow.id.is_null().alias("is_erased"))
        joined = query.join(LeadRow, peewee.JOIN.LEFT_OUTER, on=_is_lead_of(row))
    of_week = joined.where(row.week == param("week"), row.reason.is_null(is_null=is_counted))
    return _after(of_week, row.created_at, row.lead_id) if has_cursor else of_week


def _is_lead_of(row: type[SealedLeadRow]) -> peewee.Expression:
    """The condition of a join: the leads of a week are neighbours in the index over their creation.

    The expression keeps SQLite from the primary key, by which each lead is somewhere else.
    """
    return (LeadRow.created_at == row.created_at) & (LeadRow.id.concat("") == row.lead_id)


def _added(has_cursor: bool) -> Select:  # noqa: FBT001 - a flag of a variant
    row, reason = LeadRow, _literal(Exclusion.ADDED_LATER)
    query = row.select(row.created_at, row.id.alias("lead_id"), reason.alias("reason"), peewee.SQL("FALSE"))
    missing = _within_week(query, row.created_at).where(~_is_sealed(row.created_at, row.id))
    return _after(missing, row.created_at, row.id) if has_cursor else missing


def _erased_later(has_cursor: bool) -> Select:  # noqa: FBT001 - a flag of a variant
    row, reason = ErasedLeadRow, _literal(Exclusion.ADDED_LATER)
    query = row.select(row.created_at, row.lead_id, reason.alias("reason"), peewee.SQL("TRUE"))
    missing = _within_week(query, row.created_at).where(~_is_sealed(row.created_at, row.lead_id))
    return _after(missing, row.created_at, row.lead_id) if has_cursor else missing


def _is_sealed(created_at: peewee.Field, lead_id: peewee.Field) -> peewee.Function:
    row = SealedLeadRow.alias()
    is_same = (row.week == param("week"), row.created_at == created_at, row.lead_id == lead_id)
    return peewee.fn.EXISTS(row.select(peewee.SQL("1")).where(*is_same))


def _after(query: Select, created_at: peewee.Field, lead_id: peewee.Field) -> Select:
    cursor = peewee.Tuple(param("after_at"), param("after_id"))
    return query.where(peewee.Tuple(created_at, lead_id) > cursor)
