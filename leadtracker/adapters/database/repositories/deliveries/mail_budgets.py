"""The counts of mail budgets in the database."""

from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor
from leadtracker.adapters.database.tables import DeliveryRow, MailBudgetRow, is_of
from leadtracker.domain.model.deliveries.delivery import Channel, DeliveryKind
from leadtracker.domain.ports.deliveries.mail_budgets import MailBudgets


@frozen
class PeeweeMailBudgets(MailBudgets):
    """See the port for its promises."""

    _executor: StatementExecutor

    def take(self, budget: str, window_start: datetime, limit: int) -> bool:
        values = {"budget": budget, "window_start": window_start, "limit": limit}
        # Schedulers that may not send take no lock, and so never wait for each other in a circle.
        if self._executor.row(_select_exhausted, **values) is not None:
            return False
        return self._executor.write(_count, **values) > 0

    def postpone(
        self, now: datetime, until: datetime, kind: DeliveryKind, recipient_key: str | None = None
    ) -> None:
        variant = (self._executor.dialect.skip_locked, kind, recipient_key is not None)
        self._executor.write(_postpone, *variant, now=now, until=until, recipient_key=recipient_key)


def _select_exhausted() -> peewee.Node:
    row = MailBudgetRow
    return row.select(row.number).where(
        row.budget == param("budget"),
        row.window_start == param("window_start"),
        row.number >= param("limit"),
    )


def _count() -> peewee.Node:
    row = MailBudgetRow
    is_same_window = row.window_start == param("window_start")
    one = peewee.SQL("1")
    return row.insert(
        {row.budget: param("budget"), row.window_start: param("window_start"), row.number: one}
    ).on_conflict(
        conflict_target=[row.budget],
        preserve=[row.window_start],
        update={row.number: peewee.Case(None, [(is_same_window, row.number + one)], one)},
        where=(row.number < param("limit")) | (row.window_start != param("window_start")),
    )


def _postpone(skip_locked: RowLock, kind: DeliveryKind, has_recipient: bool) -> peewee.Node:  # noqa: FBT001 - a variant consists of flags
    row = DeliveryRow
    query = row.select(row.id).where(is_of(Channel.MAIL), row.due_at.is_null(is_null=False))
    query = query.where(row.due_at <= param("now"), row.kind == peewee.Value(kind.value, converter=False))
    if has_recipient:
        query = query.where(row.recipient_key == param("recipient_key"))
    return row.update({row.due_at: param("until")}).where(row.id.in_(skip_locked(query)))
