"""A password hasher for tests: salted like a real one, but fast."""

import hashlib
import secrets

from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher

_UNKNOWN_USER = "memory$unknown$"


class MemoryPasswordHasher(PasswordHasher):
    """An in-memory ``PasswordHasher``, which is fast and therefore insecure."""

    def hash(self, password: str) -> str:
        return _hash(password, secrets.token_hex(8))

    def verify(self, password: str, password_hash: str | None) -> bool:
        salt = (password_hash or _UNKNOWN_USER).split("$")[1:2]
        made = _hash(password, "".join(salt))
        return secrets.compare_digest(made.encode(), (password_hash or _UNKNOWN_USER).encode())


def _hash(password: str, salt: str) -> str:
    digest = hashlib.sha256(f"{salt}${password}".encode()).hexdigest()
    return f"memory${salt}${digest}"
