"""Users in the database."""

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor, as_it_is
from leadtracker.adapters.database.tables import UserRow
from leadtracker.domain.errors import AccountNotFound, NameTaken
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import PasswordState, User
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.accounts.user_repository import UserRepository

_COLUMNS = tuple(UserRow._meta.sorted_fields)


@frozen
class PeeweeUserRepository(UserRepository):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, user: User) -> None:
        if not self._executor.write(_insert, **_values(user)):
            raise NameTaken(user.name)

    def get(self, name: str) -> User:
        row = self._executor.row(_select_by_name, self._executor.lock_row, name=name)
        if row is None:
            raise AccountNotFound(name)
        return self._to_user(row)

    def find(self, name: str) -> User | None:
        row = self._executor.row(_select_by_name, name=name)
        return None if row is None else self._to_user(row)

    def find_enabled(self, name: str) -> User | None:
        row = self._executor.row(_select_enabled, self._executor.dialect.lock_shared, name=name)
        return None if row is None else self._to_user(row)

    def enabled_admins(self) -> list[User]:
        rows = self._executor.rows(_select_enabled_admins, self._executor.lock_row)
        return sorted(map(self._to_user, rows), key=_by_name)

    def all(self) -> list[User]:
        # Sorted here, because the databases collate text differently.
        return sorted(map(self._to_user, self._executor.rows(_select_all)), key=_by_name)

    def save(self, user: User) -> None:
        self._executor.write(_update, **_values(user))

    def _to_user(self, row: Row) -> User:
        decode = self._executor.dialect.from_db_timestamp
        return User(
            name=row.name,
            role=Role(row.role),
            email=row.email,
            is_assignable=bool(row.is_assignable),
            password_hash=row.password_hash,
            password_state=PasswordState(row.password_state),
            second_factor_at=row.second_factor_at and decode(row.second_factor_at),
            second_factor_grace_until=row.second_factor_grace_until and decode(row.second_factor_grace_until),
            created_at=decode(row.created_at),
            disabled_at=row.disabled_at and decode(row.disabled_at),
        )


def _values(user: User) -> dict[str, object]:
    key = None if user.email is None else EmailAddress.parse(user.email).key
    return asdict(user) | {"is_assignable": int(user.is_assignable), "email_key": key}


def _by_name(user: User) -> str:
    return user.name


def _insert() -> peewee.Node:
    values = {column: param(column.column_name) for column in _COLUMNS}
    return UserRow.insert(values).on_conflict(action="nothing")


def _update() -> peewee.Node:
    fixed = {UserRow.name, UserRow.created_at}
    changes = {column: param(column.column_name) for column in _COLUMNS if column not in fixed}
    return UserRow.update(changes).where(UserRow.name == param("name"))


def _select_by_name(lock: RowLock = as_it_is) -> peewee.Node:
    return lock(UserRow.select(*_COLUMNS).where(UserRow.name == param("name")))


def _select_enabled(lock_shared: RowLock) -> peewee.Node:
    query = UserRow.select(*_COLUMNS).where(UserRow.name == param("name"), UserRow.disabled_at.is_null())
    return lock_shared(query)


def _select_enabled_admins(lock: RowLock) -> peewee.Node:
    is_admin = UserRow.role == peewee.Value(Role.ADMIN.value, converter=False)
    can_sign_in = UserRow.password_state != peewee.Value(PasswordState.INVITED.value, converter=False)
    query = UserRow.select(*_COLUMNS).where(is_admin & UserRow.disabled_at.is_null() & can_sign_in)
    # Always in the same order, so that two transactions that lock the same rows cannot deadlock.
    return lock(query.order_by(UserRow.name))


def _select_all() -> peewee.Node:
    return UserRow.select(*_COLUMNS)
