"""The invariants of ``leadtracker doctor``, as a check of every campaign that runs in this process."""

from leadtracker.container import Container
from leadtracker.domain.model.consistency import Invariant
from leadtracker.domain.use_cases.operations.check_health import HealthCheck
from tests.faults.harness.campaign import Sandbox

_NAMES = {str(name) for name in (*Invariant, HealthCheck.DATABASE, HealthCheck.SCHEMA)}


def broken_invariants(container: Container) -> list[str]:
    """Return the checks that fail, each with its detail; late work and missing schedulers do not count."""
    return [
        f"{check.name}: {check.detail}"
        for check in container.run_diagnostics()()
        if check.name in _NAMES and not check.passed
    ]


def check_invariants(sandbox: Sandbox, container: Container) -> None:
    """Count the broken invariants as a finding, and name them."""
    broken = broken_invariants(container)
    sandbox.findings.expect_equal(0, broken_invariants=len(broken))
    sandbox.findings.faults += broken
