"""Imports that are killed and repeated, and undos that are killed and repeated."""

import signal
import time
from pathlib import Path

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.reports.week import Week
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.support.examples.weeks import closed_weeks, within
from tests.support.servers.processes import Program, Running

_EDITED = 3
_MIN_LIFETIME_SECONDS, _MAX_LIFETIME_SECONDS = 0.3, 2.5
_POLL_SECONDS = 0.01


def run(sandbox: Sandbox) -> None:
    """Kill imports and undos at many points, and count what is there after each was repeated."""
    rows, kills = sandbox.size(4_000, 10_000), sandbox.size(4, 20, ci=2)
    program, week = sandbox.program(), closed_weeks(1)[0]
    interrupted = _write_file(sandbox, "interrupted", rows, week)
    _kill(sandbox, program, kills, "leads", "import", str(interrupted))
    sandbox.findings.expect_equal(0, import_status=program.run("leads", "import", str(interrupted)).status)
    sandbox.findings.expect_equal(rows, stored=sandbox.raw_db.count("leads"))
    for one in program.run("imports", "list", "--json", "--limit", "1000").json:
        program.run("imports", "undo", one["id"])
    sandbox.findings.expect_equal(0, left_of_killed_imports=sandbox.raw_db.count("leads"))
    _undo_edited(sandbox, program, rows, kills, week)
    sandbox.findings.expect_equal(0, failed_checks=program.run("doctor").out.count("FAIL"))


def _undo_edited(sandbox: Sandbox, program: Program, rows: int, kills: int, week: Week) -> None:
    """Undo an import of which some leads were edited, while a weekly number counts all of them."""
    whole = _write_file(sandbox, "whole", rows, week)
    import_id = program.run("leads", "import", str(whole), "--json").json["import_id"]
    program.run("report", "send", "--week", week.name)
    sealed = _sealed(sandbox)
    sandbox.findings.expect_equal(rows, sealed_number=dict(sealed)[week.name])
    edited = _edit_some(sandbox)
    _kill(sandbox, program, kills, "imports", "undo", import_id)
    undone = program.run("imports", "undo", import_id, "--json").json
    kept = {one["id"]: one["reason"] for one in undone["kept"]}
    sandbox.findings.expect_equal(rows - _EDITED, removed=undone["removed"])
    sandbox.findings.expect_equal(_EDITED, kept=len(kept), left=sandbox.raw_db.count("leads"))
    sandbox.findings.expect_equal(dict.fromkeys(edited, "edited"), kept_leads=kept)
    sandbox.findings.expect_equal(sealed, sealed_after=_sealed(sandbox))


def _write_file(sandbox: Sandbox, name: str, rows: int, week: Week) -> Path:
    path = sandbox.folder / f"{name}.csv"
    lines = (f"Ann,Lee,{name}{one}@example.com,Hello,{within(week)}" for one in range(rows))
    path.write_text("\n".join(["first_name,last_name,email,message,created_at", *lines]) + "\n")
    return path


def _kill(sandbox: Sandbox, program: Program, kills: int, *command: str) -> None:
    """Start a command again and again, and kill it each time unless it has ended.

    Every other time that is after its first transaction, since a fast machine is done within a random time.
    """
    hits = 0
    for number in range(kills):
        leads = sandbox.raw_db.count("leads")
        with program.start(*command) as running:
            if number % 2:
                time.sleep(sandbox.rng.uniform(_MIN_LIFETIME_SECONDS, _MAX_LIFETIME_SECONDS))
            else:
                _wait_for_change(sandbox, running, leads)
            hits += running.stop(signal.SIGKILL).status == -signal.SIGKILL
    sandbox.findings.expect_at_least(1, **{f"killed_{command[1]}s": hits})


def _wait_for_change(sandbox: Sandbox, running: Running, leads: int) -> None:
    """Wait until the number of leads is another one, or the process has ended."""
    while running.process.poll() is None and sandbox.raw_db.count("leads") == leads:
        time.sleep(_POLL_SECONDS)


def _edit_some(sandbox: Sandbox) -> list[str]:
    with sandbox.container() as container:
        leads = container.find_leads()(OPERATOR, LeadFilter(), limit=_EDITED, after=None).items
        for lead in leads:
            container.update_lead()(OPERATOR, lead.id, {"first_name": "Bo"})
        return [lead.id for lead in leads]


def _sealed(sandbox: Sandbox) -> list[tuple[str, int]]:
    found = sandbox.raw_db.execute("SELECT week, number_of_leads FROM weekly_reports ORDER BY week")
    return [(week, number) for week, number in found]


_REMOVE_EDITED = """
    from leadtracker.domain.use_cases.imports import manage_imports
    manage_imports.change_since_import = lambda lead, history: None
"""

CAMPAIGN = Campaign(
    "kill-imports",
    "imports and undos that are killed and repeated",
    run,
    bugs=(PlantedBug("an undo removes edited leads, too", ("removed",), in_processes(_REMOVE_EDITED)),),
)
