"""Password hashing with Argon2id, and a cache of verified passwords."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable

from argon2 import Parameters, profiles
from argon2 import PasswordHasher as Argon2
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import ARGON2_VERSION

from leadtracker.adapters.system.hashing_threads import HashingThreads
from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher

_MAX_CONCURRENT_HASHES = 2
_MAX_WAITING = 8
_CACHE_SECONDS = 60.0
_MAX_CACHED = 1_000


class Argon2PasswordHasher(PasswordHasher):
    """Hashes with Argon2id and the second recommended parameters of RFC 9106, section 4.

    Each hash takes 64 MiB and tenths of a second of all cores. Therefore at most two are computed at a time,
    by threads of a lower priority than those of other requests, and few requests wait for them.

    Args:
        parameters: other costs of a hash.
    """

    def __init__(self, parameters: Parameters = profiles.RFC_9106_LOW_MEMORY) -> None:
        self._argon2 = Argon2.from_parameters(parameters)
        self._threads = HashingThreads(_MAX_CONCURRENT_HASHES, _MAX_WAITING)
        self._dummy_hash = _dummy_hash(self._argon2)

    def hash(self, password: str) -> str:
        return self._threads.run(self._argon2.hash, password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        try:
            self._threads.run(self._argon2.verify, password_hash or self._dummy_hash, password)
        except (Argon2Error, InvalidHashError):
            return False
        return password_hash is not None


def _dummy_hash(argon2: Argon2) -> str:
    """Return a hash that no password matches; verifying it takes as long as verifying any other."""
    costs = f"m={argon2.memory_cost},t={argon2.time_cost},p={argon2.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (argon2.salt_len, argon2.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}"


class CachingPasswordHasher(PasswordHasher):
    """Caches for a minute which passwords have matched which hash, so that API clients are verified fast.

    Only keyed digests are kept, and only in memory. A changed password has another hash, so the old password
    is rejected at once. The caller checks each time that the user is enabled.
    """

    def __init__(self, hasher: PasswordHasher, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._hasher = hasher
        self._monotonic = monotonic
        self._key = secrets.token_bytes(32)
        self._proven: dict[bytes, float] = {}

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        if password_hash is None:
            return self._hasher.verify(password, None)
        proof = self._digest(password, password_hash)
        now = self._monotonic()
        if self._proven.get(proof, 0.0) > now:
            return True
        if not self._hasher.verify(password, password_hash):
            return False
        if len(self._proven) >= _MAX_CACHED:
            self._proven = {kept: until for kept, until in self._proven.copy().items() if until > now}
        self._proven[proof] = now + _CACHE_SECONDS
        return True

    def _digest(self, password: str, password_hash: str) -> bytes:
        text = f"{password_hash}\0{password}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self._key).digest()
