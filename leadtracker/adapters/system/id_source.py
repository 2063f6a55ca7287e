"""The operating system's randomness."""

import random
import secrets
from datetime import datetime

from leadtracker.domain.ports.id_source import IdSource

_SECRET_BYTES = 32


class SystemIdSource(IdSource):
    """See the port for what it promises. Ids are UUIDs of version 7 (RFC 9562, section 5.7), in hex."""

    def new_id(self, now: datetime) -> str:
        milliseconds = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
        bits = milliseconds << 80 | secrets.randbits(80)
        bits = bits & ~(0xF << 76) | 0x7 << 76  # version
        bits = bits & ~(0x3 << 62) | 0x2 << 62  # variant
        return f"{bits:032x}"

    def secret(self) -> str:
        return secrets.token_urlsafe(_SECRET_BYTES)

    def fraction(self) -> float:
        return random.random()  # noqa: S311 - it spreads retries in time and guards nothing
