"""The accounts in a backup, and the withdrawals of the database that a restore would undo."""

from typing import Any

import peewee

from leadtracker.adapters.database.backup.backup_file import BackupReader
from leadtracker.adapters.database.backup.backup_rows import values_of
from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.statement_names import Row
from leadtracker.adapters.database.engine.statements import StatementCache, StatementExecutor
from leadtracker.adapters.database.tables import ApiKeyRow, LeadHistoryRow, UserRow
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.ports.backup_store import BackupAccounts, Withdrawals


def read_accounts(reader: BackupReader) -> BackupAccounts:
    """Read the enabled users and valid API keys of a backup."""
    return BackupAccounts(
        users=_valid(reader, UserRow, UserRow.disabled_at),
        api_keys=_valid(reader, ApiKeyRow, ApiKeyRow.revoked_at),
    )


def read_withdrawals(dialect: Dialect) -> Withdrawals:
    """Read what was withdrawn from a database; nothing if it lacks the tables."""
    if not {table._meta.table_name for table in (ApiKeyRow, LeadHistoryRow, UserRow)} <= {
        *dialect.database.get_tables()
    }:
        return Withdrawals()
    executor = StatementExecutor(dialect, dialect.database, StatementCache(dialect), writable=False)
    return Withdrawals(
        erased_leads=tuple(row.lead_id for row in executor.rows(_select_erased)),
        revoked_keys=_names(executor.rows(_select_withdrawn, ApiKeyRow, ApiKeyRow.revoked_at)),
        disabled_users=_names(executor.rows(_select_withdrawn, UserRow, UserRow.disabled_at)),
    )


def _valid(reader: BackupReader, table: type[peewee.Model], withdrawn: peewee.Field) -> dict[str, str]:
    columns = [column.column_name for column in table._meta.sorted_fields]
    rows = (dict(zip(columns, values_of(table, line), strict=True)) for line in _lines(reader, table))
    return {row["name"]: row["role"] for row in rows if row[withdrawn.column_name] is None}


def _lines(reader: BackupReader, table: type[peewee.Model]) -> Any:
    return reader.read_rows(table._meta.table_name)


def _names(rows: list[Row]) -> tuple[str, ...]:
    return tuple(row.name for row in rows)


def _select_erased() -> peewee.Node:
    row = LeadHistoryRow
    query = row.select(row.lead_id).where(row.action == peewee.Value(Action.ERASED.value, converter=False))
    return query.distinct().order_by(row.lead_id)


def _select_withdrawn(table: Any, withdrawn: peewee.Field) -> peewee.Node:
    query: Select = table.select(table.name).where(withdrawn.is_null(is_null=False))
    return query.order_by(table.name)
