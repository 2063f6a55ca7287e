"""Backoff: the delays between attempts.

The delays are those of the example schedule in the Standard Webhooks specification, about three days in all.
Each is varied by up to 20 %, so that many senders do not retry at the same moment.
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
"""Mail servers recover sooner and people wait for e-mails: more attempts early, for as many days."""

REJECTED_DELAY = timedelta(hours=6)
"""The delay after a rejection, which persists until an operator changes something."""

_SPREAD = 0.2
_MAX_RETRY_AFTER = timedelta(hours=24)
_MIN_RETRY_AFTER = timedelta(seconds=1)


def delay_after(
    failures: int, fraction: float, delays: Sequence[timedelta] = REPORT_DELAYS
) -> timedelta | None:
    """Return the delay after a number of failures; None to give up.

    Args:
        failures: the number of failed attempts, ≥ 1.
        fraction: a random number ≥ 0 and < 1, which selects the variation.
        delays: the delays without variation.
    """
    if failures > len(delays):
        return None
    return delays[failures - 1] * (1 + _SPREAD * (2 * fraction - 1))


def bounded_retry_after(requested: timedelta) -> timedelta:
    """Return the delay that a receiver requested, bounded to between one second and one day."""
    return min(max(requested, _MIN_RETRY_AFTER), _MAX_RETRY_AFTER)
