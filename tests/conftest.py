"""What every test run needs: PostgreSQL on demand, and how Hypothesis works."""

import pytest
from hypothesis import settings

pytest_plugins = ["tests.support.postgres"]
pytest.register_assert_rewrite("tests.support.contracts")

# Without deadlines, because a busy machine is no bug; never derandomised, so that every run looks
# elsewhere; with a blob, so that what one run found can be replayed in another.
settings.register_profile("ci", deadline=None, print_blob=True)
settings.load_profile("ci")
