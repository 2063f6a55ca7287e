"""Second factors in memory, and a box that seals without encryption."""

from collections.abc import Iterable

from attrs import frozen

from leadtracker.domain.errors import SecretUnreadable
from leadtracker.domain.model.accounts.second_factor import SecondFactor
from leadtracker.domain.ports.accounts.second_factors import SecondFactorStore, SecretBox
from tests.support.memory.store import Transaction


@frozen
class MemorySecondFactorStore(SecondFactorStore):
    """An in-memory ``SecondFactorStore``; see the port for its promises."""

    _transaction: Transaction

    def find(self, user: str) -> SecondFactor | None:
        return self._transaction.tables.second_factors.get(user)

    def all(self) -> list[SecondFactor]:
        return sorted(self._transaction.tables.second_factors.values(), key=lambda one: one.user)

    def save(self, factor: SecondFactor) -> None:
        self._transaction.for_writing().second_factors[factor.user] = factor

    def remove(self, user: str) -> None:
        self.replace_recovery_codes(user, ())
        self._transaction.for_writing().second_factors.pop(user, None)

    def replace_recovery_codes(self, user: str, digests: Iterable[str]) -> None:
        tables = self._transaction.for_writing()
        others = {code for code in tables.recovery_codes if code[0] != user}
        tables.recovery_codes = frozenset(others | {(user, digest) for digest in digests})

    def take_recovery_code(self, user: str, digest: str) -> bool:
        tables = self._transaction.for_writing()
        is_known = (user, digest) in tables.recovery_codes
        tables.recovery_codes -= {(user, digest)}
        return is_known

    def count_recovery_codes(self, user: str) -> int:
        return sum(code[0] == user for code in self._transaction.tables.recovery_codes)


@frozen
class MemorySecretBox(SecretBox):
    """A ``SecretBox`` that only keeps the purpose; ``key`` stands for the secret key."""

    key: str = "key"

    def seal(self, text: str, purpose: str) -> str:
        return f"{self.key}|{purpose}|{text[::-1]}"

    def open(self, sealed: str, purpose: str) -> str:
        prefix = f"{self.key}|{purpose}|"
        if not sealed.startswith(prefix):
            raise SecretUnreadable
        return sealed.removeprefix(prefix)[::-1]
