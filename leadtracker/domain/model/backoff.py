"""How long to wait before a failed delivery is tried again.

The delays are those of the Standard Webhooks specification's example schedule, which reaches over about
three days, each spread by up to 20 % so that many senders do not come back at the same moment.
"""

from datetime import timedelta

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
REFUSED_DELAY = timedelta(hours=6)
"""Between tries at a receiver that said no: a person has to change something first."""

_SPREAD = 0.2
_LONGEST_RETRY_AFTER = timedelta(hours=24)
_SHORTEST_RETRY_AFTER = timedelta(seconds=1)


def delay_after(failures: int, fraction: float) -> timedelta | None:
    """The wait after the given number of failures, or None when it is time to give up.

    Args:
        failures: how many attempts have failed, at least 1.
        fraction: a random number from 0 up to 1, which places the wait within its spread.
    """
    if failures > len(DELAYS):
        return None
    return DELAYS[failures - 1] * (1 + _SPREAD * (2 * fraction - 1))


def bounded_retry_after(asked: timedelta) -> timedelta:
    """The wait a receiver asked for, within reason: neither a busy loop nor longer than a day."""
    return min(max(asked, _SHORTEST_RETRY_AFTER), _LONGEST_RETRY_AFTER)
