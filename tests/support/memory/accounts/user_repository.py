"""Users in memory."""

from attrs import frozen

from leadtracker.domain.errors import AccountNotFound, NameTaken
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.ports.accounts.user_repository import UserRepository
from tests.support.memory.store import Transaction


@frozen
class MemoryUserRepository(UserRepository):
    """An in-memory ``UserRepository``; see the port for its promises."""

    _transaction: Transaction

    def add(self, user: User) -> None:
        users = self._transaction.for_writing().users
        if user.name in users:
            raise NameTaken(user.name)
        users[user.name] = user

    def get(self, name: str) -> User:
        user = self.find(name)
        if user is None:
            raise AccountNotFound(name)
        return user

    def find(self, name: str) -> User | None:
        return self._transaction.tables.users.get(name)

    def find_enabled(self, name: str) -> User | None:
        user = self.find(name)
        return None if user is None or user.disabled_at else user

    def enabled_admins(self) -> list[User]:
        return [user for user in self.all() if user.is_enabled_admin]

    def all(self) -> list[User]:
        return sorted(self._transaction.tables.users.values(), key=lambda user: user.name)

    def save(self, user: User) -> None:
        users = self._transaction.for_writing().users
        if user.name in users:
            users[user.name] = user
