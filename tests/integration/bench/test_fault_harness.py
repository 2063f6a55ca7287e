"""The harness of fault campaigns: what it prints, and that it can fail."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.catalogue import CAMPAIGNS, IN_CI
from tests.faults.harness.campaign import Campaign, CheckFailed, PlantedBug, Sandbox, Tier
from tests.faults.harness.databases import MEMORY, SQLITE
from tests.faults.harness.planting import replaced
from tests.faults.jobs import run_at_once
from tests.faults.mails.mail_delivery import capture
from tests.faults.runner import Runner
from tests.faults.suite import campaigns as tests_of_the_suite
from tests.support.instruments.skips import skip_loudly

_SECONDS = re.compile(r"seconds=\d+")


def count_leads(sandbox: Sandbox) -> None:
    with sandbox.container() as container:
        capture(container, "ann@example.com", "bob@example.com")
    sandbox.findings.expect_at_most(sandbox.size(2, 3), leads=sandbox.raw_db.count("leads"))
    sandbox.findings.expect_equal(0, mails=sandbox.raw_db.count("deliveries") - 2)


def miss_a_lead(sandbox: Sandbox) -> None:
    sandbox.findings.expect_equal(1, leads=sandbox.raw_db.count("leads"))


def break_down(sandbox: Sandbox) -> None:
    sandbox.findings.expect_at_least(0, leads=0)
    raise LookupError("no mail server")


def be_slow(sandbox: Sandbox) -> None:
    sandbox.findings.expect_seconds(1.0, waited=2.0)


def wait_in_vain(_: Sandbox) -> None:
    raise CheckFailed("no lead came")


def be_without_a_program(_: Sandbox) -> None:
    skip_loudly("no proxy: apt install proxy")


@pytest.mark.parametrize(
    ("act", "passes", "line"),
    [
        (count_leads, True, "PASS X database=sqlite leads=2 mails=0 seconds=N"),
        (
            miss_a_lead,
            False,
            "FAIL X database=sqlite leads=0 seconds=N | sqlite: leads is 0, must be 1 | see ",
        ),
        (
            break_down,
            False,
            "FAIL X database=sqlite leads=0 seconds=N | sqlite: error: LookupError: no mail server | ",
        ),
        (wait_in_vain, False, "FAIL X database=sqlite seconds=N | sqlite: no lead came | "),
        (be_without_a_program, True, "SKIP X database=sqlite seconds=N | CANNOT RUN: no proxy: apt inst"),
    ],
)
def test_campaign_prints_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    act: Callable[[Sandbox], None],
    line: str,
    *,
    passes: bool,
) -> None:
    folder = tmp_path / "sandboxes"
    folder.mkdir()
    campaign = Campaign("X", "a try", act, databases_used=(SQLITE,))
    assert Runner(folder, Tier.QUICK).run([campaign]) is passes
    assert _SECONDS.sub("seconds=N", capsys.readouterr().out).startswith(line)
    assert any(folder.iterdir()) is not passes


@pytest.mark.parametrize(("tier", "passes"), [(Tier.CI, True), (Tier.QUICK, False)])
def test_times_are_not_judged_in_ci(tmp_path: Path, tier: Tier, *, passes: bool) -> None:
    campaign = Campaign("X", "a try", be_slow, databases_used=(MEMORY,))
    assert Runner(tmp_path, tier).run([campaign]) is passes


@pytest.mark.parametrize(("tier", "number"), [(Tier.CI, 1), (Tier.QUICK, 2), (Tier.FULL, 3)])
def test_sizes_follow_the_tier(tmp_path: Path, tier: Tier, number: int) -> None:
    sizes: list[tuple[int, int]] = []
    campaign = Campaign(
        "X",
        "a try",
        lambda sandbox: sizes.append((sandbox.size(2, 3, ci=1), sandbox.size(2, 3))),
        databases_used=(MEMORY,),
    )
    assert Runner(tmp_path, tier).run([campaign])
    assert sizes == [(number, max(2, number))]


def test_two_campaigns_run_at_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    [campaign] = [one for one in CAMPAIGNS if one.slug == "week-arithmetic"]
    assert run_at_once([campaign, campaign], 2, tmp_path, Tier.CI)
    assert capfd.readouterr().out.count("PASS week-arithmetic") == 2
    assert not any(tmp_path.iterdir())


def test_ci_repeats_no_test_of_suite() -> None:
    assert {one.slug for one in IN_CI} <= {one.slug for one in CAMPAIGNS}
    assert not {one.slug for one in IN_CI} & {one.slug for one in tests_of_the_suite.CAMPAIGNS}


def test_campaign_slugs_are_unique() -> None:
    ids = [campaign.slug for campaign in CAMPAIGNS]
    assert len(set(ids)) == len(ids)


@contextmanager
def lose_leads() -> Iterator[None]:
    PLANTED.append("lost leads")
    try:
        yield
    finally:
        PLANTED.clear()


PLANTED: list[str] = []


def find_lost_leads(sandbox: Sandbox) -> None:
    sandbox.findings.expect_equal(0, lost=len(PLANTED))


def find_and_break_down(sandbox: Sandbox) -> None:
    find_lost_leads(sandbox)
    raise KeyError("lead")


def test_bug_that_cannot_be_planted_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bug = PlantedBug("a name is gone", ("lost",), lambda: replaced(Campaign, gone=None))
    campaign = Campaign("X", "a try", find_lost_leads, databases_used=(SQLITE,), bugs=(bug,))
    assert not Runner(tmp_path, Tier.QUICK).prove([campaign])
    assert "ERROR X finds: a name is gone | cannot be planted: " in capsys.readouterr().out


BUGS = {f"{one.slug}: {bug.description}": bug for one in CAMPAIGNS for bug in one.bugs}

# Executes each text in a separate process, a fork, and prints the numbers of those that fail.
EXECUTE = """
import os, sys, leadtracker.entrypoints.cli.main
for number, text in enumerate(open(sys.argv[1]).read().split("\\0")):
    child = os.fork()
    if child == 0:
        exec(text, {})
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print(number)
"""


def test_every_bug_can_be_planted(tmp_path: Path) -> None:
    codes = {}
    for name, bug in BUGS.items():
        with bug.plant():
            code = Path(os.environ.get("PYTHONPATH", "").partition(os.pathsep)[0], "sitecustomize.py")
            if code.is_file():
                codes[name] = code.read_text()
    assert len(codes) > len(BUGS) / 3
    script = tmp_path / "codes"
    script.write_text("\0".join(codes.values()))
    done = subprocess.run([sys.executable, "-c", EXECUTE, script], capture_output=True, check=False)
    failed = [list(codes)[int(number)] for number in done.stdout.split()]
    assert not failed, done.stderr.decode()
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("act", "finds", "line"),
    [
        (find_lost_leads, True, "PASS X finds: leads are lost | lost is 1, must be 0 | seconds=N"),
        (wait_in_vain, True, "PASS X finds: leads are lost | no lead came | seconds=N"),
        (count_leads, False, "FAIL X finds: leads are lost | not found by lost or no | seconds=N"),
        (
            miss_a_lead,
            False,
            "FAIL X finds: leads are lost | not found by lost or no | leads is 0, must be 1 | seconds=N",
        ),
        (break_down, False, "ERROR X finds: leads are lost | error: LookupError: no mail server | seconds=N"),
        (find_and_break_down, False, "ERROR X finds: leads are lost | error: KeyError: 'lead' | seconds=N"),
        (
            be_without_a_program,
            True,
            "SKIP X finds: leads are lost | CANNOT RUN: no proxy: apt install proxy | seconds=N",
        ),
    ],
)
def test_campaign_must_find_planted_bug(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    act: Callable[[Sandbox], None],
    line: str,
    *,
    finds: bool,
) -> None:
    bug = PlantedBug("leads are lost", ("lost", "no"), lose_leads)
    campaign = Campaign("X", "a try", act, databases_used=(SQLITE,), bugs=(bug,))
    assert Runner(tmp_path, Tier.QUICK).prove([campaign]) is finds
    assert _SECONDS.sub("seconds=N", capsys.readouterr().out) == f"{line}\n"
