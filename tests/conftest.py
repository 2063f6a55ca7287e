"""Configuration of every test run: PostgreSQL and S3 on demand, and the Hypothesis profile."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.postgres", "tests.support.s3", "tests.support.skips"]
pytest.register_assert_rewrite("tests.contracts")

# A busy machine is no bug: no deadlines. Never derandomised, so that every run looks elsewhere; with a
# blob, so that what one run found can be replayed in another. The default depends on the machine: Hypothesis
# derandomises where the environment variable CI is set.
settings.register_profile(
    "leadtracker",
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("leadtracker")
