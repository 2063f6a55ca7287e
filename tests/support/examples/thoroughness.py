"""How many examples a property is tried with."""

import os

_IN_CI = os.environ.get("CI") == "true"


def examples(in_ci: int) -> int:
    """Return that number in CI, and a third of it elsewhere: each run chooses new examples."""
    return in_ci if _IN_CI else max(1, in_ci // 3)
