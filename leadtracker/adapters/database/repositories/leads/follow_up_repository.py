"""Follow-ups in the database."""

from datetime import datetime

import peewee
from attrs import asdict, evolve, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.paging import page_of
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import Build, RowLock, StatementExecutor
from leadtracker.adapters.database.tables import FollowUpRow
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.follow_up_repository import FollowUpRepository

_COLUMNS = tuple(FollowUpRow._meta.sorted_fields)


@frozen
class PeeweeFollowUpRepository(FollowUpRepository):
    """See the port for its promises."""

    _executor: StatementExecutor

    def save(self, follow_up: FollowUp) -> None:
        self._executor.write(_upsert, **asdict(follow_up))

    def find_open(self, lead_id: str) -> FollowUp | None:
        row = self._executor.row(_select_open, lead_id=lead_id)
        return None if row is None else self._to_follow_up(row)

    def of(self, lead_id: str) -> list[FollowUp]:
        return [self._to_follow_up(row) for row in self._executor.rows(_select_of, lead_id=lead_id)]

    def claim_unreminded(self, now: datetime, *, limit: int) -> list[FollowUp]:
        lock = self._executor.dialect.skip_locked
        rows = self._executor.rows(_select_unreminded, lock, now=now, limit=limit)
        claimed = [evolve(self._to_follow_up(row), reminded_at=now) for row in rows]
        for follow_up in claimed:
            self._executor.write(_mark_reminded, id=follow_up.id, reminded_at=now)
        return claimed

    def remove(self, follow_up_id: str) -> None:
        self._executor.write(_delete, id=follow_up_id)

    def erase(self, lead_id: str) -> None:
        self._executor.erase(_delete_of, lead_id=lead_id)

    def open_page(self, due: TimeRange, *, limit: int, after: Cursor | None = None) -> Page[FollowUp]:
        # Only the tighter one of start and cursor is a part of the statement: SQLite would scan from the
        # looser one.
        is_behind_start = after is not None and (due.start is None or after.at >= due.start)
        has_start = due.start is not None and not is_behind_start
        variant = (has_start, due.end is not None, is_behind_start)
        return self._page(_select_open_page, variant, limit, after, start=due.start, end=due.end)

    def done_page(self, *, limit: int, after: Cursor | None = None) -> Page[FollowUp]:
        return self._page(_select_done_page, (after is not None,), limit, after)

    def _page(
        self,
        build: Build,
        variant: tuple[bool, ...],
        limit: int,
        after: Cursor | None,
        **values: object,
    ) -> Page[FollowUp]:
        cursor = {"at": after and after.at, "id": after and after.id}
        rows = self._executor.rows(build, *variant, limit=limit + 1, **cursor, **values)
        return Page.cut([self._to_follow_up(row) for row in rows], limit, lambda one: one.cursor)

    def _to_follow_up(self, row: Row) -> FollowUp:
        return FollowUp(
            id=row.id,
            lead_id=row.lead_id,
            due_at=self._timestamp(row.due_at),
            note=row.note,
            message=row.message,
            created_at=self._executor.dialect.from_db_timestamp(row.created_at),
            created_by=row.created_by,
            done_at=self._timestamp(row.done_at),
            reminded_at=self._timestamp(row.reminded_at),
        )

    def _timestamp(self, stored: object) -> datetime | None:
        return None if stored is None else self._executor.dialect.from_db_timestamp(stored)


def _upsert() -> peewee.Node:
    row = FollowUpRow
    values = {column: param(column.column_name) for column in _COLUMNS}
    return row.insert(values).on_conflict(
        conflict_target=[row.id], preserve=[row.due_at, row.note, row.message, row.done_at]
    )


def _select_unreminded(skip_locked: RowLock) -> peewee.Node:
    row = FollowUpRow
    query: Select = row.select(*_COLUMNS).where(
        row.done_at.is_null(), row.reminded_at.is_null(), row.due_at <= param("now")
    )
    return skip_locked(query.order_by(row.due_at, row.id).limit(param("limit")))


def _mark_reminded() -> peewee.Node:
    return FollowUpRow.update(reminded_at=param("reminded_at")).where(FollowUpRow.id == param("id"))


def _delete() -> peewee.Node:
    return FollowUpRow.delete().where(FollowUpRow.id == param("id"))


def _delete_of() -> peewee.Node:
    return FollowUpRow.delete().where(FollowUpRow.lead == param("lead_id"))


def _select_open() -> peewee.Node:
    row = FollowUpRow
    return row.select(*_COLUMNS).where(row.lead == param("lead_id"), row.done_at.is_null())


def _select_of() -> peewee.Node:
    row = FollowUpRow
    return row.select(*_COLUMNS).where(row.lead == param("lead_id")).order_by(row.created_at, row.id)


def _select_open_page(has_start: bool, has_end: bool, has_cursor: bool) -> peewee.Node:  # noqa: FBT001
    row = FollowUpRow
    query = row.select(*_COLUMNS).where(row.done_at.is_null())
    if has_start:
        query = query.where(row.due_at >= param("start"))
    if has_end:
        query = query.where(row.due_at < param("end"))
    return page_of(query, row.due_at, row.id, has_cursor=has_cursor, latest_first=False)


def _select_done_page(has_cursor: bool) -> peewee.Node:  # noqa: FBT001 - a variant consists of flags
    row = FollowUpRow
    query = row.select(*_COLUMNS).where(row.done_at.is_null(is_null=False))
    return page_of(query, row.done_at, row.id, has_cursor=has_cursor)
