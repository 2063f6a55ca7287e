"""The last activity of leads in the database.

No column has it, so that capturing a lead writes no further index: the index over the last change bounds what
is read, and the history of what is left is looked at.
"""

from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Likelihood, Select
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_rows import to_lead
from leadtracker.adapters.database.repositories.leads.lead_statements import lead_columns
from leadtracker.adapters.database.tables import LeadHistoryRow, LeadRow
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import NEVER
from leadtracker.domain.model.leads.retention import NO_ACTIVITY, InactiveLead
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.leads.lead_activity import LeadActivity

_NO_ACTIVITY = [peewee.Value(action.value, converter=False) for action in sorted(NO_ACTIVITY)]


@frozen
class PeeweeLeadActivity(LeadActivity):
    """See the port for its promises."""

    _executor: StatementExecutor

    def inactive(
        self, state: LeadState, before: datetime, *, limit: int, after: Cursor | None = None
    ) -> list[InactiveLead]:
        rows = self._executor.rows(
            _select_inactive,
            state,
            self._executor.dialect.likelihood,
            after is not None,
            before=before,
            never=NEVER,
            limit=limit,
            after_time=after and after.at,
            after_id=after and after.id,
        )
        leads = [to_lead(row, self._executor.dialect.from_db_timestamp) for row in rows]
        return [InactiveLead(lead, last) for lead in leads if (last := self.last(lead.id))]

    def count(self, state: LeadState, before: datetime, *, limit: int) -> int:
        row = self._executor.row(
            _count_inactive, state, self._executor.dialect.likelihood, before=before, never=NEVER, limit=limit
        )
        return int(row.leads) if row else 0

    def last(self, lead_id: str) -> datetime | None:
        rows = self._executor.rows(_select_times, lead_id=lead_id, never=NEVER)
        times = [time for row in rows for time in self._times(row)]
        return max(times, default=None)

    def _times(self, row: Row) -> list[datetime]:
        decode = self._executor.dialect.from_db_timestamp
        return [decode(time) for time in (row.changed, row.scheduled, row.entered) if time is not None]


def _select_inactive(
    state: LeadState,
    likelihood: Likelihood,
    has_cursor: bool,  # noqa: FBT001 - a variant consists of flags
) -> peewee.Node:
    query = _inactive(state, likelihood, lead_columns(LeadRow))
    if has_cursor:
        after = peewee.Tuple(param("after_time"), param("after_id"))
        query = query.where(peewee.Tuple(LeadRow.updated_at, LeadRow.id) > after)
    return query.order_by(LeadRow.updated_at, LeadRow.id).limit(param("limit"))


def _count_inactive(state: LeadState, likelihood: Likelihood) -> peewee.Node:
    query = _inactive(state, likelihood, (LeadRow.id,))
    found = query.order_by(LeadRow.updated_at, LeadRow.id).limit(param("limit"))
    return peewee.Select([found.alias("found")], [peewee.fn.COUNT(peewee.SQL("*")).alias("leads")])


def _inactive(state: LeadState, likelihood: Likelihood, columns: tuple[peewee.Node, ...]) -> Select:
    row, duplicate = LeadRow, LeadRow.alias()
    # The high number keeps SQLite from the index over states: leads are read in the order of the last change.
    has_state = likelihood(row.state == peewee.SQL(f"'{state.value}'"), 0.95)
    is_duplicate = duplicate.duplicate_of == row.id
    is_active = (
        (duplicate.updated_at >= param("before"))
        | ((duplicate.follow_up_at >= param("before")) & (duplicate.follow_up_at != param("never")))
        | duplicate.hold.is_null(is_null=False)
        | peewee.fn.EXISTS(_entries(duplicate.id))
    )
    return row.select(*columns).where(
        row.duplicate_of.is_null(),
        row.updated_at < param("before"),
        has_state,
        row.hold.is_null(),
        (row.follow_up_at < param("before")) | (row.follow_up_at == param("never")),
        ~peewee.fn.EXISTS(_entries(row.id)),
        ~peewee.fn.EXISTS(duplicate.select(peewee.SQL("1")).where(is_duplicate, is_active)),
    )


def _entries(lead_id: peewee.Field) -> Select:
    """The entries of a lead that are activities, not earlier than ``before``."""
    entry = LeadHistoryRow.alias()
    return entry.select(peewee.SQL("1")).where(
        entry.lead_id == lead_id, entry.at >= param("before"), entry.action.not_in(_NO_ACTIVITY)
    )


def _select_times() -> peewee.Node:
    """Select the times of a lead and its duplicates: of the last change, the follow-up, the last entry."""
    row, entry = LeadRow, LeadHistoryRow.alias()
    entered = entry.select(peewee.fn.MAX(entry.at)).where(
        entry.lead_id == row.id, entry.action.not_in(_NO_ACTIVITY)
    )
    times = (
        row.updated_at.alias("changed"),
        peewee.fn.NULLIF(row.follow_up_at, param("never")).alias("scheduled"),
        entered.alias("entered"),
    )
    itself = row.select(*times).where(row.id == param("lead_id"))
    return itself.union_all(row.select(*times).where(row.duplicate_of == param("lead_id")))
