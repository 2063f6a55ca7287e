"""Schedulers that are killed while they erase persons whose retention has ended."""

import signal
import time
from datetime import UTC, datetime, timedelta

from leadtracker.domain.model.accounts.access import OPERATOR, RETENTION
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.values.timestamps import format_timestamp
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.support.servers.processes import Program

_HELD = 5
_AGE = timedelta(days=60)
_TIME_TO_START_SECONDS = 30
_MAX_WORK_SECONDS = 0.4


def run(sandbox: Sandbox) -> None:
    """Kill schedulers at random points, and compare who is gone with what the audit log says."""
    persons, kills = sandbox.size(300, 4_000), sandbox.size(4, 25)
    program = sandbox.program(RETENTION="PENDING=1")
    _import(sandbox, program, persons)
    program.run("scheduler", "--once")  # records the heartbeat, without which nothing is erased
    held = _hold_some(sandbox)
    _make_due(sandbox)
    hits = unaudited = erased = 0
    for _ in range(kills):
        with program.start("scheduler") as running:
            _wait_for_erasures(sandbox, persons - erased)
            time.sleep(sandbox.rng.uniform(0, _MAX_WORK_SECONDS))
            hits += running.stop(signal.SIGKILL).status == -signal.SIGKILL
        erased = persons - sandbox.raw_db.count("leads")
        unaudited += erased != len(_erasures(sandbox))
    sandbox.findings.record(killed_schedulers=hits)
    sandbox.findings.expect_at_least(1, erased_by_killed=erased)
    sandbox.findings.expect_equal(0, unaudited=unaudited)
    sandbox.findings.expect_equal(0, last_status=program.run("scheduler", "--once").status)
    audited = _erasures(sandbox)
    sandbox.findings.expect_equal(persons - _HELD, erased=len(audited), erased_once=len(set(audited)))
    left = {lead_id for (lead_id,) in sandbox.raw_db.execute("SELECT id FROM leads")}
    sandbox.findings.expect_equal(_HELD, held_leads=len(left & held), left=len(left))
    sandbox.findings.expect_equal(0, failed_checks=program.run("doctor").out.count("FAIL"))


def _import(sandbox: Sandbox, program: Program, persons: int) -> None:
    path = sandbox.folder / "persons.csv"
    rows = (f"Ann,Lee,p{one}@example.com,Hello" for one in range(persons))
    path.write_text("\n".join(["first_name,last_name,email,message", *rows]) + "\n")
    program.run("leads", "import", str(path))


def _wait_for_erasures(sandbox: Sandbox, left: int) -> None:
    """Wait until a scheduler has erased one of the ``left`` persons; it may have none left to erase."""
    deadline = time.monotonic() + _TIME_TO_START_SECONDS
    while left > _HELD and sandbox.raw_db.count("leads") == left and time.monotonic() < deadline:
        time.sleep(0.02)


def _hold_some(sandbox: Sandbox) -> set[str]:
    with sandbox.container() as container:
        leads = container.find_leads()(OPERATOR, LeadFilter(), limit=_HELD, after=None).items
        for lead in leads:
            container.hold_lead().set(OPERATOR, lead.id, {"reason": "lawsuit"})
        return {lead.id for lead in leads}


def _make_due(sandbox: Sandbox) -> None:
    then = format_timestamp(datetime.now(UTC) - _AGE)
    sandbox.raw_db.execute("UPDATE leads SET updated_at = ?", then)
    sandbox.raw_db.execute("UPDATE lead_history SET at = ?", then)


def _erasures(sandbox: Sandbox) -> list[str]:
    """Return the ids of the leads that the audit log says retention has erased."""
    erasures = AuditFilter(actor=RETENTION.name, action=AuditAction.PERSON_ERASED)
    with sandbox.container() as container:
        return [one.record.subject for one in container.read_audit_log().all(OPERATOR, erasures)]


_AUDIT_LATER = """
import time
from leadtracker.adapters.database.repositories.accounts.audit_log import PeeweeAuditLog
from leadtracker.domain.use_cases.leads.erase_lead import EraseLead

append, erase, records = PeeweeAuditLog.append, EraseLead.checked, []

def keep(self, record):
    if record.action == "person_erased":
        records.append(record)
    else:
        append(self, record)

def erase_and_append(self, *args, **options):
    result = erase(self, *args, **options)
    time.sleep(0.05)
    with self._unit_of_work() as tx:
        while records:
            append(tx.audit_log, records.pop())
        tx.commit()
    return result

PeeweeAuditLog.append, EraseLead.checked = keep, erase_and_append
"""

CAMPAIGN = Campaign(
    "kill-retention",
    "schedulers that are killed while they erase persons",
    run,
    bugs=(
        PlantedBug(
            "the entry of an erasure is stored after the erasure", ("unaudited",), in_processes(_AUDIT_LATER)
        ),
    ),
)
