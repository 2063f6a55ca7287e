"""Tests that cannot run because a program that they need cannot start: skipped loudly, or failed in CI."""

import os
from collections import Counter
from typing import NoReturn

import pytest

_LOUD = "CANNOT RUN: "


def skip_or_fail(reason: str) -> NoReturn:
    """Skip the test, or fail it where the environment variable ``CI`` is ``true``.

    Args:
        reason: says which program cannot start, why, and what to install.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(_LOUD + reason)


def skip_loudly(reason: str) -> NoReturn:
    """Skip the test, also in CI, and have the end of the run say so."""
    pytest.skip(_LOUD + reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Warn at the end of the run, once per reason: the letters of skipped tests are easily overlooked."""
    reasons = Counter(
        text.partition(_LOUD)[2]
        for text in (_reason(report) for report in terminalreporter.stats.get("skipped", []))
        if _LOUD in text
    )
    for reason, number in reasons.items():
        terminalreporter.write_line(f"WARNING: {number} tests skipped: {reason}", yellow=True)


def _reason(report: pytest.TestReport) -> str:
    """Return the reason of a skip, which pytest keeps behind the file and the line."""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
