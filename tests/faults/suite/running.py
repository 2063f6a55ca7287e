"""Tests of the suite as a campaign: those whose subject is an attack, in the size of the catalogue."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.faults.harness.campaign import Sandbox

_ROOT = Path(__file__).parents[3]


def run_tests(sandbox: Sandbox, *files: str, least: int, counted: str = "", **environment: str) -> None:
    """Run the tests of some files in another process, and count them.

    Args:
        sandbox: gets the findings.
        files: below ``tests``.
        least: how many must have run, or how many there must be of what is ``counted``.
        counted: a property that tests record, whose values are added up; empty for the tests themselves.
        environment: variables in addition.
    """
    report = sandbox.folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [f"--junitxml={report}", "-o", "junit_family=xunit1"]  # which has properties
    with (sandbox.folder / "tests.log").open("wb") as log:
        subprocess.run(
            [*command, *(f"tests/{file}" for file in files)],
            cwd=_ROOT,
            env={**os.environ, "CI": "true", **environment},
            stdout=log,
            stderr=log,
            check=False,
        )
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - pytest has written it
    assert suite is not None
    tests = int(suite.get("tests", 0)) - int(suite.get("skipped", 0))
    found = {"tests": tests} if not counted else {"tests": tests, counted: _sum_of(suite, counted)}
    sandbox.findings.record(**found)
    sandbox.findings.expect_at_least(least, **{counted or "tests": found[counted or "tests"]})
    failures = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    sandbox.findings.expect_equal(0, failures=failures)


def _sum_of(suite: ET.Element, name: str) -> int:
    return sum(int(one.get("value", 0)) for one in suite.iter("property") if one.get("name") == name)
