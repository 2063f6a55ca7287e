"""Passwords whose verifications are counted."""

from leadtracker.domain.model.accounts.account import MAX_PASSWORD_LENGTH
from tests.support.memory.password_hasher import MemoryPasswordHasher


class CountingHasher(MemoryPasswordHasher):
    """Counts verifications, since those take the time that an attacker could measure."""

    def __init__(self) -> None:
        self.verifications = 0

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.verifications += 1
        assert len(password) <= MAX_PASSWORD_LENGTH
        return super().verify(password, password_hash)
