"""Rows that outlive a restore: those that say that a person was erased, a key revoked, or a user disabled.

A backup from before they came knows nothing of them. Without them, the restore of another backup afterwards
would bring the person, the key or the account back.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

import peewee
from attrs import frozen

from leadtracker.adapters.database.backup.backup_rows import Table, insertion
from leadtracker.adapters.database.engine.dialects.dialect import Dialect, Select
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementCache, StatementExecutor
from leadtracker.adapters.database.tables import ApiKeyRow, LeadHistoryRow, UserRow
from leadtracker.domain.model.accounts.account import PasswordState
from leadtracker.domain.model.leads.history import Action

_NO_CREDENTIALS = {
    "password_hash": "",
    "password_state": PasswordState.NONE.value,
    "second_factor_at": None,
    "second_factor_grace_until": None,
}
"""An account with which no person can sign in; an admin who enables it again sets a password, too."""
_NO_ADDRESS = {"email": None, "email_key": None}


@frozen
class WithdrawnRows:
    """Rows of the present database.

    Attributes:
        histories: the redacted histories of erased leads, by the lead and the number of the entry.
        keys: the revoked API keys.
        users: the disabled users.
    """

    histories: Sequence[Row] = ()
    keys: Sequence[Row] = ()
    users: Sequence[Row] = ()


def read_withdrawn_rows(dialect: Dialect) -> WithdrawnRows:
    """Read the rows of a database; none if it lacks the tables."""
    tables = {table._meta.table_name for table in (ApiKeyRow, LeadHistoryRow, UserRow)}
    if not tables <= {*dialect.database.get_tables()}:
        return WithdrawnRows()
    executor = StatementExecutor(dialect, dialect.database, StatementCache(dialect), writable=False)
    return WithdrawnRows(
        executor.rows(_select_histories), executor.rows(_select_keys), executor.rows(_select_users)
    )


def add_withdrawn_rows(target: Dialect, kept: WithdrawnRows) -> None:
    """Add rows about leads, keys and users of which a restored database knows nothing.

    Those that it knows are erased, revoked or disabled again by their use cases.
    """
    executor = StatementExecutor(target, target.database, StatementCache(target), writable=True)
    for lead_id, entries in groupby(kept.histories, attrgetter("lead_id")):
        if executor.row(_select_entry, lead_id=lead_id) is None:
            _add(executor, LeadHistoryRow, list(entries))
    unknown = [
        key for key in kept.keys if executor.row(_select_key, name=key.name, digest=key.digest) is None
    ]
    _add(executor, ApiKeyRow, unknown)
    strangers = [user for user in kept.users if executor.row(_select_user, name=user.name) is None]
    _add(executor, UserRow, [_without_credentials(executor, user) for user in strangers])


def _without_credentials(executor: StatementExecutor, user: Row) -> Row:
    """Return the row of a user without credentials, and without an address that a user of the backup has.

    The other one could not sign in through an OpenID provider then: an address must be that of one user.
    """
    is_taken = executor.row(_select_address, email_key=user.email_key) is not None
    return user._replace(**_NO_CREDENTIALS, **(_NO_ADDRESS if is_taken else {}))


def _add(executor: StatementExecutor, table: Table, rows: Sequence[Row]) -> None:
    executor.write_many(insertion, [row._asdict() for row in rows], table)


def _select_histories() -> peewee.Node:
    row, erased = LeadHistoryRow, LeadHistoryRow.alias()
    ids = erased.select(erased.lead_id).where(erased.action == Action.ERASED.value)
    return _all_columns(row).where(row.lead_id.in_(ids)).order_by(row.lead_id, row.number)


def _select_keys() -> peewee.Node:
    return _all_columns(ApiKeyRow).where(ApiKeyRow.revoked_at.is_null(is_null=False))


def _select_users() -> peewee.Node:
    return _all_columns(UserRow).where(UserRow.disabled_at.is_null(is_null=False))


def _select_entry() -> peewee.Node:
    row = LeadHistoryRow
    query: Select = row.select(row.number).where(row.lead_id == param("lead_id")).limit(1)
    return query


def _select_key() -> peewee.Node:
    row = ApiKeyRow
    query: Select = row.select(row.name).where((row.name == param("name")) | (row.digest == param("digest")))
    return query


def _select_user() -> peewee.Node:
    query: Select = UserRow.select(UserRow.name).where(UserRow.name == param("name"))
    return query


def _select_address() -> peewee.Node:
    query: Select = UserRow.select(UserRow.name).where(UserRow.email_key == param("email_key")).limit(1)
    return query


def _all_columns(table: Table) -> Select:
    query: Select = table.select(*table._meta.sorted_fields)
    return query
