"""The machine's clock."""

from datetime import UTC, datetime

from leadtracker.domain.ports.clock import Clock


class SystemClock(Clock):
    """See the port for what it promises."""

    def now(self) -> datetime:
        return datetime.now(UTC)
