"""Time and randomness from the operating system."""

import random
import secrets
from datetime import UTC, datetime

from leadtracker.domain.ports.system import Clock, IdSource

_SECRET_BYTES = 32


class SystemClock(Clock):
    """The system clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemIdSource(IdSource):
    """Makes ids that are UUIDs of version 7 (RFC 9562, section 5.7), as 32 hexadecimal digits."""

    def new_id(self, now: datetime) -> str:
        milliseconds = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
        bits = milliseconds << 80 | secrets.randbits(80)
        bits = bits & ~(0xF << 76) | 0x7 << 76  # version
        bits = bits & ~(0x3 << 62) | 0x2 << 62  # variant
        return f"{bits:032x}"

    def secret(self) -> str:
        return secrets.token_urlsafe(_SECRET_BYTES)

    def fraction(self) -> float:
        return random.random()  # noqa: S311 - it spreads retries in time and protects nothing
