"""A password hasher that counts verifications."""

from leadtracker.domain.model.accounts.password import MAX_PASSWORD_LENGTH
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher


class CountingHasher(MemoryPasswordHasher):
    """Counts verifications, because an attacker could measure their time."""

    def __init__(self) -> None:
        self.verifications = 0

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.verifications += 1
        assert len(password) <= MAX_PASSWORD_LENGTH
        return super().verify(password, password_hash)
