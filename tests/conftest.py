"""Configuration of every test run: PostgreSQL and S3 on demand, Hypothesis, and garbage collection."""

import gc
import os
from collections.abc import Generator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.support.examples.thoroughness import examples

pytest_plugins = [
    "tests.support.servers.postgres",
    "tests.support.servers.s3",
    "tests.support.instruments.shares_of_workers",
    "tests.support.instruments.skips",
]
pytest.register_assert_rewrite("tests.contracts")

# A busy machine is no bug: no deadlines. Never derandomised, so that every run looks elsewhere; with a
# blob, so that what one run found can be replayed in another. The default depends on the machine: Hypothesis
# derandomises where the environment variable CI is set.
settings.register_profile(
    "leadtracker",
    max_examples=examples(100),
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("leadtracker")

# With rich, which is installed for developers, a logged error takes up to three seconds: it colours the code
# around every step, and shows every variable.
structlog.get_config()["processors"][-1].exception_formatter = structlog.dev.plain_traceback


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_auto_num_workers() -> int:
    """Start two workers for each core, because tests often wait: for processes, servers and browsers."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 2 * cores


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector away from modules and tests, which are many and live as long as the run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        # Each test builds an application, which is full of cycles: by default the collector takes a third
        # of the time that this takes.
        gc.set_threshold(30_000, 10, 10)
