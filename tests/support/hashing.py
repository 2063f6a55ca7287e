"""Passwords whose verifications are counted."""

from leadtracker.adapters.memory.password_hasher import MemoryPasswordHasher
from leadtracker.domain.model.account import MAX_PASSWORD_LENGTH


class CountingHasher(MemoryPasswordHasher):
    """Counts verifications, since those take the time that an attacker could measure."""

    def __init__(self) -> None:
        self.verifications = 0

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.verifications += 1
        assert len(password) <= MAX_PASSWORD_LENGTH
        return super().verify(password, password_hash)
