"""The harness of fault campaigns: what it prints, and that it can fail."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.campaign import Campaign, Ground
from tests.faults.catalogue import CAMPAIGNS
from tests.faults.databases import SQLITE
from tests.faults.mails import capture
from tests.faults.runner import Runner

_SECONDS = re.compile(r"seconds=\d+")


def count_leads(ground: Ground) -> None:
    with ground.container() as container:
        capture(container, "ann@example.com", "bob@example.com")
    ground.tally.at_most(ground.size(2, 3), leads=ground.back_door.count("leads"))
    ground.tally.exactly(0, mails=ground.back_door.count("deliveries") - 2)


def miss_a_lead(ground: Ground) -> None:
    ground.tally.exactly(1, leads=ground.back_door.count("leads"))


def break_down(ground: Ground) -> None:
    ground.tally.at_least(0, leads=0)
    raise LookupError("no mail server")


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
            "FAIL X database=sqlite leads=0 seconds=N | sqlite: LookupError: no mail server | ",
        ),
    ],
)
def test_a_campaign_prints_one_line_and_keeps_its_ground_if_it_fails(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    act: Callable[[Ground], None],
    line: str,
    *,
    passes: bool,
) -> None:
    folder = tmp_path / "grounds"
    folder.mkdir()
    campaign = Campaign("X", "a try", act, kinds=(SQLITE,))
    assert Runner(folder, is_full=False).run([campaign]) is passes
    assert _SECONDS.sub("seconds=N", capsys.readouterr().out).startswith(line)
    assert any(folder.iterdir()) is not passes


def test_each_campaign_has_an_id_of_its_own() -> None:
    ids = [campaign.id for campaign in CAMPAIGNS]
    assert len(set(ids)) == len(ids)
