"""Rows that outlive a restore: those that say that a person was erased, or that an API key was revoked.

A backup from before they came knows nothing of them. Without them, the restore of another backup afterwards
would bring the person or the key back.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

import peewee
from attrs import frozen

from leadtracker.adapters.database.backup.backup_rows import Table, insertion
from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.statements import Row, StatementCache, StatementExecutor, param
from leadtracker.adapters.database.tables import ApiKeyRow, LeadHistoryRow
from leadtracker.domain.model.leads.history import Action


@frozen
class WithdrawnRows:
    """Rows of the present database.

    Attributes:
        histories: the redacted histories of erased leads, by the lead and the number of the entry.
        keys: the revoked API keys.
    """

    histories: Sequence[Row] = ()
    keys: Sequence[Row] = ()


def read_withdrawn_rows(dialect: Dialect) -> WithdrawnRows:
    """Read the rows of a database; none if it lacks the tables."""
    tables = {table._meta.table_name for table in (ApiKeyRow, LeadHistoryRow)}
    if not tables <= {*dialect.database.get_tables()}:
        return WithdrawnRows()
    executor = StatementExecutor(dialect, dialect.database, StatementCache(dialect), writable=False)
    return WithdrawnRows(executor.rows(_select_histories), executor.rows(_select_keys))


def add_withdrawn_rows(target: Dialect, kept: WithdrawnRows) -> None:
    """Add rows about leads and keys of which a restored database knows nothing.

    Those that it knows are erased or revoked again by their use cases.
    """
    executor = StatementExecutor(target, target.database, StatementCache(target), writable=True)
    for lead_id, entries in groupby(kept.histories, attrgetter("lead_id")):
        if executor.row(_select_entry, lead_id=lead_id) is None:
            _add(executor, LeadHistoryRow, list(entries))
    unknown = [
        key for key in kept.keys if executor.row(_select_key, name=key.name, digest=key.digest) is None
    ]
    _add(executor, ApiKeyRow, unknown)


def _add(executor: StatementExecutor, table: Table, rows: Sequence[Row]) -> None:
    executor.write_many(insertion, [row._asdict() for row in rows], table)


def _select_histories() -> peewee.Node:
    row, erased = LeadHistoryRow, LeadHistoryRow.alias()
    ids = erased.select(erased.lead_id).where(erased.action == Action.ERASED.value)
    return _all_columns(row).where(row.lead_id.in_(ids)).order_by(row.lead_id, row.number)


def _select_keys() -> peewee.Node:
    return _all_columns(ApiKeyRow).where(ApiKeyRow.revoked_at.is_null(is_null=False))


def _select_entry() -> peewee.Node:
    row = LeadHistoryRow
    query: Select = row.select(row.number).where(row.lead_id == param("lead_id")).limit(1)
    return query


def _select_key() -> peewee.Node:
    row = ApiKeyRow
    query: Select = row.select(row.name).where((row.name == param("name")) | (row.digest == param("digest")))
    return query


def _all_columns(table: Table) -> Select:
    query: Select = table.select(*table._meta.sorted_fields)
    return query
