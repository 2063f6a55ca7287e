"""Rejected submissions in the database; inputs and errors are stored as JSON, which no query looks into."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.paging import page_of
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor
from leadtracker.adapters.database.tables import RejectedSubmissionRow
from leadtracker.domain.errors import FieldError, QuarantinedLeadNotFound
from leadtracker.domain.model.intake.rejected_submission import (
    MAX_REJECTED,
    MAX_REJECTED_BYTES,
    MAX_REJECTED_PER_CLIENT,
    RejectedSubmission,
)
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.intake.rejected_submissions import RejectedSubmissions

_COLUMNS = tuple(RejectedSubmissionRow._meta.sorted_fields)
_ADDING_LOCK = 0x4EC7  # an arbitrary number that no other advisory lock of this package uses


@frozen
class PeeweeRejectedSubmissions(RejectedSubmissions):
    """See the port for its promises."""

    _executor: StatementExecutor

    def is_full(self, client: str, since: datetime, digest: str) -> bool:
        if self._executor.row(_select_known, digest=digest) is not None:
            return True
        row = self._executor.row(_count_of_client, client=client, since=since)
        return row is not None and row.number >= MAX_REJECTED_PER_CLIENT

    def add(self, rejected: RejectedSubmission, since: datetime) -> bool:
        self._executor.hold_lock(_ADDING_LOCK)  # the bounds hold for all processes together
        if self.is_full(rejected.client, since, rejected.digest):
            return False
        fields = json.dumps(rejected.fields)
        errors = json.dumps([[one.field, one.message, one.code, one.data] for one in rejected.errors])
        self._executor.write(
            _insert,
            id=rejected.id,
            received_at=rejected.received_at,
            fields=fields,
            errors=errors,
            size=len(fields) + len(errors),
            digest=rejected.digest,
            client=rejected.client,
            form_id=rejected.form_id,
            request_id=rejected.request_id,
        )
        self._drop_oldest()
        return True

    def get(self, rejected_id: str) -> RejectedSubmission:
        row = self._executor.row(_select, self._executor.lock_row, id=rejected_id)
        if row is None:
            raise QuarantinedLeadNotFound(rejected_id)
        return _to_rejected(row, self._executor.dialect.from_db_timestamp)

    def page(self, *, limit: int, after: Cursor | None = None) -> list[RejectedSubmission]:
        cursor = {"at": after and after.at, "id": after and after.id}
        rows = self._executor.rows(_select_page, after is not None, limit=limit, **cursor)
        return [_to_rejected(row, self._executor.dialect.from_db_timestamp) for row in rows]

    def count(self, *, limit: int) -> int:
        return len(self._executor.rows(_select_ids, limit=limit))

    def remove(self, rejected_id: str) -> None:
        if not self._executor.erase(_delete, id=rejected_id):
            raise QuarantinedLeadNotFound(rejected_id)

    def remove_of_form(self, form_id: str) -> None:
        self._executor.write(_delete_of_form, form_id=form_id)

    def purge(self, before: datetime) -> int:
        return self._executor.erase(_delete_before, before=before)

    def _drop_oldest(self) -> None:
        size = 0
        for number, row in enumerate(self._executor.rows(_select_sizes), 1):
            size += row.size
            if number > MAX_REJECTED or size > MAX_REJECTED_BYTES:
                self._executor.write(_delete, id=row.id)


def _to_rejected(row: Row, decode: Callable[[Any], datetime]) -> RejectedSubmission:
    return RejectedSubmission(
        id=row.id,
        received_at=decode(row.received_at),
        fields=json.loads(row.fields),
        errors=tuple(FieldError(*one) for one in json.loads(row.errors)),
        digest=row.digest,
        client=row.client,
        form_id=row.form_id,
        request_id=row.request_id,
    )


def _insert() -> peewee.Node:
    return RejectedSubmissionRow.insert({column: param(column.name) for column in _COLUMNS})


def _select_known() -> peewee.Node:
    row = RejectedSubmissionRow
    return row.select(row.id).where(row.digest == param("digest"))


def _count_of_client() -> peewee.Node:
    row = RejectedSubmissionRow
    number = peewee.fn.COUNT(peewee.SQL("*")).alias("number")
    return row.select(number).where(row.client == param("client"), row.received_at >= param("since"))


def _select(lock_row: RowLock) -> peewee.Node:
    row = RejectedSubmissionRow
    return lock_row(row.select(*_COLUMNS).where(row.id == param("id")))


def _select_page(has_cursor: bool) -> peewee.Node:  # noqa: FBT001 - a variant consists of flags
    row = RejectedSubmissionRow
    return page_of(row.select(*_COLUMNS), row.received_at, row.id, has_cursor=has_cursor)


def _select_ids() -> peewee.Node:
    row = RejectedSubmissionRow
    return row.select(row.id).order_by(row.received_at, row.id).limit(param("limit"))


def _select_sizes() -> peewee.Node:
    row = RejectedSubmissionRow
    return row.select(row.id, row.size).order_by(row.received_at.desc(), row.id.desc())


def _delete() -> peewee.Node:
    return RejectedSubmissionRow.delete().where(RejectedSubmissionRow.id == param("id"))


def _delete_of_form() -> peewee.Node:
    return RejectedSubmissionRow.delete().where(RejectedSubmissionRow.form_id == param("form_id"))


def _delete_before() -> peewee.Node:
    return RejectedSubmissionRow.delete().where(RejectedSubmissionRow.received_at < param("before"))
