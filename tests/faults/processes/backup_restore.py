"""Backups while leads with resumes come in, each of them restored.

A backup holds every lead, so a longer one lets more leads come in, which makes the next one longer still. The
clients therefore pace themselves by the backup before: about twenty leads come in during each.

Commands are measured in processor time, which other work on the machine does not make longer.
"""

import os
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from attrs import evolve

from tests.faults.harness.campaign import Campaign, CheckFailed, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.traffic import DROPPED, Acknowledged, Traffic
from tests.faults.harness.web_server import running_web
from tests.support.instruments.polling import eventually
from tests.support.servers.processes import Program

_CLIENTS = 3
_LEADS_BETWEEN = 3
_LEADS_WITHIN = 20
_FILE_BYTES = 20_000
_COMMAND_TIMEOUT_SECONDS = 900.0
"""Only a command that hangs takes longer, also on a machine with much else to do."""


def run(sandbox: Sandbox) -> None:
    """Save backups repeatedly by command; restore each into the same database and a separate folder."""
    backups = sandbox.size(5, 50, ci=3)
    with running_web(sandbox, RESUMES_URL=(sandbox.folder / "resumes").as_uri()) as server:
        traffic = Traffic(server.site)
        with traffic.of(_CLIENTS, file_bytes=_FILE_BYTES):
            held = [_save(sandbox, server.program, traffic, number) for number in range(backups)]
        program = server.program
    sandbox.findings.expect_at_least(1, acknowledged_before_the_first=len(held[0]))
    sandbox.findings.record(backups=backups, acknowledged=len(traffic.acknowledged))
    sandbox.findings.expect_equal(0, other_responses=traffic.count_statuses_except(201, DROPPED))
    lost = 0
    for number, before in enumerate(held):
        lost += _lost(sandbox, program, number, before)
        sandbox.findings.record(restored=number + 1)
    sandbox.findings.expect_equal(0, lost_leads_or_resumes=lost)


def _save(sandbox: Sandbox, program: Program, traffic: Traffic, number: int) -> list[Acknowledged]:
    """Save a backup, and return the leads that were acknowledged before it."""
    target = len(traffic.acknowledged) + _LEADS_BETWEEN
    eventually(lambda: len(traffic.acknowledged) >= target, "more leads")
    before = traffic.acknowledged.copy()
    began = time.monotonic()
    took = _run(program, "backup", _backup_path(sandbox, number))
    sandbox.findings.record(processor_seconds_of_last_backup=round(took, 2))
    traffic.pause_seconds = _CLIENTS * (time.monotonic() - began) / _LEADS_WITHIN
    return before


def _lost(sandbox: Sandbox, program: Program, number: int, before: Sequence[Acknowledged]) -> int:
    """Restore a backup and count the leads that are missing or have another resume."""
    folder = sandbox.folder / f"restored-{number}"
    there = program.with_settings(RESUMES_URL=folder.as_uri())
    took = _run(there, "restore", "--force", _backup_path(sandbox, number))
    sandbox.findings.record(processor_seconds_of_last_restore=round(took, 2))
    rows = sandbox.raw_db.execute(
        "SELECT leads.id, email, object_key FROM leads JOIN lead_files ON lead_id = leads.id"
    )
    kept = {(lead_id, email, _digest(folder / key)) for lead_id, email, key in rows}
    return sum((one.lead_id, one.email, one.digest) not in kept for one in before)


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _backup_path(sandbox: Sandbox, number: int) -> str:
    return str(sandbox.folder / f"{number}.zip")


def _run(program: Program, *arguments: str) -> float:
    """Run a command, which must neither fail nor warn; return the seconds of processor time that it took."""
    program = evolve(program, is_forked=False)  # the processor time of children only is known
    before = os.times()
    done = program.run(*arguments, seconds=_COMMAND_TIMEOUT_SECONDS)
    after = os.times()
    if done.status or "Warning" in done.err:
        message = f"{arguments[0]} failed or warned: {done.err}"
        raise CheckFailed(message)
    return after.children_user + after.children_system - before.children_user - before.children_system


_SKIP_FILES = """
    from leadtracker.adapters.database.backup import backup_rows
    export = backup_rows.export_rows
    def incomplete(dialect, table):
        rows = list(export(dialect, table))
        return rows[::2] if table._meta.table_name == "lead_files" else rows
    backup_rows.export_rows = incomplete
"""

CAMPAIGN = Campaign(
    "backup-restore",
    "backups while leads come in, each restored",
    run,
    bugs=(
        PlantedBug(
            "every second file is missing in a backup",
            ("lost_leads_or_resumes",),
            in_processes(_SKIP_FILES),
        ),
    ),
)
