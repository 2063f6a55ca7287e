"""B1: backups while leads with resumes come in, each of which is restored."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from tests.faults.campaign import Campaign, Ground
from tests.faults.served import served
from tests.faults.traffic import DROPPED, Acknowledged, Traffic
from tests.support.processes import Program
from tests.support.waiting import eventually

_PEOPLE = 3
_LEADS_BETWEEN = 3


def run(ground: Ground) -> None:
    """Save again and again by command; restore each into the same database and a folder of its own."""
    backups = ground.size(5, 50)
    with served(ground, RESUMES_URL=(ground.folder / "resumes").as_uri()) as server:
        traffic = Traffic(server.site)
        with traffic.of(_PEOPLE):
            held = [_save(ground, server.program, traffic, number) for number in range(backups)]
        program = server.program
    ground.tally.at_least(1, acknowledged_before_the_first=len(held[0]))
    ground.tally.tell(backups=backups, acknowledged=len(traffic.acknowledged))
    ground.tally.exactly(0, other_responses=traffic.statuses_but(201, DROPPED))
    lost = [_lost(ground, program, number, before) for number, before in enumerate(held)]
    ground.tally.exactly(0, lost_leads_or_resumes=sum(lost))


def _save(ground: Ground, program: Program, traffic: Traffic, number: int) -> list[Acknowledged]:
    """Save everything; what was acknowledged before."""
    target = len(traffic.acknowledged) + _LEADS_BETWEEN
    eventually(lambda: len(traffic.acknowledged) >= target, "more leads")
    before = traffic.acknowledged.copy()
    _run(program, "backup", _backup_path(ground, number))
    return before


def _lost(ground: Ground, program: Program, number: int, before: Sequence[Acknowledged]) -> int:
    """How many of the leads are not there, with the resume they came with, after restoring."""
    folder = ground.folder / f"restored-{number}"
    _run(
        program.with_settings(RESUMES_URL=folder.as_uri()), "restore", "--force", _backup_path(ground, number)
    )
    rows = ground.back_door.execute(
        "SELECT leads.id, email, object_key FROM leads JOIN resumes ON lead_id = leads.id"
    )
    kept = {(lead_id, email, _digest(folder / key)) for lead_id, email, key in rows}
    return sum((one.lead_id, one.email, one.digest) not in kept for one in before)


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _backup_path(ground: Ground, number: int) -> str:
    return str(ground.folder / f"{number}.zip")


def _run(program: Program, *arguments: str) -> None:
    done = program.run(*arguments)
    if done.status or "Warning" in done.err:
        raise AssertionError(done.err)


CAMPAIGN = Campaign("B1", "backups while leads come in, each restored", run)
