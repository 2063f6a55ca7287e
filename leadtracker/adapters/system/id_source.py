"""The operating system's randomness."""

import os
import random
import secrets
from collections.abc import Iterator
from datetime import datetime

from leadtracker.domain.ports.id_source import IdSource

_SECRET_BYTES = 32
_TAIL_BYTES = 10
_TAILS_AT_ONCE = 256


class SystemIdSource(IdSource):
    """See the port for what it promises. Ids are UUIDs of version 7 (RFC 9562, section 5.7), in hex.

    Their random bits are fetched for many ids at once: each time a thread asks the operating system, another
    one takes Python away from it, which takes far longer than the bits do.
    """

    def __init__(self) -> None:
        self._tails: Iterator[bytes] = iter(())
        self._process = 0

    def new_id(self, now: datetime) -> str:
        milliseconds = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
        bits = milliseconds << 80 | int.from_bytes(self._tail(), "big")
        bits = bits & ~(0xF << 76) | 0x7 << 76  # version
        bits = bits & ~(0x3 << 62) | 0x2 << 62  # variant
        return f"{bits:032x}"

    def secret(self) -> str:
        return secrets.token_urlsafe(_SECRET_BYTES)

    def fraction(self) -> float:
        return random.random()  # noqa: S311 - it spreads retries in time and guards nothing

    def _tail(self) -> bytes:
        """Random bytes that nobody else gets: no other thread, and no process forked from this one."""
        tail = next(self._tails, None) if self._process == os.getpid() else None
        if tail is None:
            drawn = secrets.token_bytes(_TAIL_BYTES * _TAILS_AT_ONCE)
            tails = (drawn[start : start + _TAIL_BYTES] for start in range(0, len(drawn), _TAIL_BYTES))
            tail, *others = tails
            # A list's iterator gives each item to one thread only; two who draw at once waste bits.
            self._tails, self._process = iter(others), os.getpid()
        return tail
