"""How long to wait before a failed delivery is tried again.

The delays are those of the Standard Webhooks specification's example schedule, which reaches over about
three days, each spread by up to 20 % so that many senders do not come back at the same moment.
"""

from collections.abc import Sequence
from datetime import timedelta

REPORT_DELAYS = (
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
MAIL_DELAYS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=16),
    timedelta(hours=24),
)
"""Mail servers come back sooner, and people wait for mails: more tries at the beginning, as many days."""

REJECTED_DELAY = timedelta(hours=6)
"""Between tries at a receiver that said no: a person has to change something first."""

_SPREAD = 0.2
_MAX_RETRY_AFTER = timedelta(hours=24)
_MIN_RETRY_AFTER = timedelta(seconds=1)


def delay_after(
    failures: int, fraction: float, delays: Sequence[timedelta] = REPORT_DELAYS
) -> timedelta | None:
    """The wait after the given number of failures, or None when it is time to give up.

    Args:
        failures: how many attempts have failed, at least 1.
        fraction: a random number from 0 up to 1, which places the wait within its spread.
        delays: the waits in the middle of their spreads.
    """
    if failures > len(delays):
        return None
    return delays[failures - 1] * (1 + _SPREAD * (2 * fraction - 1))


def bounded_retry_after(requested: timedelta) -> timedelta:
    """The wait a receiver asked for, within reason: neither a busy loop nor longer than a day."""
    return min(max(requested, _MIN_RETRY_AFTER), _MAX_RETRY_AFTER)
