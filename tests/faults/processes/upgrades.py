"""Databases of every release that are upgraded while leads come in, by upgrades that are killed and repeated.

The upgrade ends with a trial migration, which stands for that of a coming release: it changes the table of
leads, and pauses within its transaction so that kills hit it. Web servers of the version before it serve all
the time.
"""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from attrs import evolve

from leadtracker.adapters.database import schema as schema_module
from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.invariants import check_invariants
from tests.faults.harness.planting import in_processes
from tests.faults.harness.traffic import DROPPED, Traffic
from tests.faults.harness.web_server import running_web
from tests.releases.dumps import RELEASES, dump_path, load_dump
from tests.support.instruments.polling import eventually

_CLIENTS = 2
_FILE_BYTES = 2_000
_PAUSES_SECONDS = 0.6
_MAX_SECONDS = 5.0
_TRIAL = "9999_trial"
_TRIAL_MIGRATION = '''\
"""Stand for the migration of a coming release."""

import time


def up(_migrator, db):
    print("started", flush=True)
    db.execute_sql("ALTER TABLE leads ADD COLUMN trial TEXT")
    time.sleep(0.3)
    db.execute_sql("UPDATE leads SET trial = upper(first_name)")
    time.sleep(0.3)
    db.execute_sql("CREATE INDEX leads_trial ON leads (trial)")
'''


def run(sandbox: Sandbox) -> None:
    """Upgrade the database of each release."""
    for release in RELEASES:
        _upgrade_under_load(_with_database_of(sandbox, release))


def _with_database_of(sandbox: Sandbox, release: str) -> Sandbox:
    """Return the sandbox with the database of a release, brought to the version of the program."""
    kind = "sqlite" if sandbox.database_url.startswith("sqlite") else "postgresql"
    url = sandbox.database_url
    if kind == "sqlite":
        url = f"sqlite:///{sandbox.folder / release}.db"
    else:
        sandbox.raw_db.execute("DROP SCHEMA public CASCADE")
        sandbox.raw_db.execute("CREATE SCHEMA public")
    load_dump(dump_path(release, kind), url)
    _migrate(url, Path(schema_module.__file__).parent / "migrations")
    return evolve(sandbox, database_url=url)


def _upgrade_under_load(sandbox: Sandbox) -> None:
    kept = _values(sandbox)
    folder = _write_migrations(sandbox.folder / "migrations")
    with running_web(sandbox, WEB_WORKERS=2) as web:
        traffic = Traffic(web.site)
        with traffic.of(_CLIENTS, file_bytes=_FILE_BYTES):
            hits = sum(_kill_upgrade(sandbox, folder) for _ in range(sandbox.size(4, 30, ci=2)))
            with _start_upgrade(sandbox, folder) as last:
                status = last.wait()
            known = len(traffic.acknowledged)
            eventually(lambda: len(traffic.acknowledged) > known, "a lead after the upgrade")
        slowest = max(one.seconds for one in traffic.acknowledged)
    sandbox.findings.record(kills=hits, acknowledged=len(traffic.acknowledged))
    sandbox.findings.expect_equal(0, upgrade_status=status, other_responses=_others(traffic))
    sandbox.findings.expect_seconds(_MAX_SECONDS, slowest_response=round(slowest, 2))
    [(filled,)] = sandbox.raw_db.execute("SELECT count(*) FROM leads WHERE trial = upper(first_name)")
    sandbox.findings.expect_at_least(len(kept), filled=filled)
    found = _values(sandbox)
    changed = [lead_id for lead_id, values in kept.items() if found.get(lead_id) != values]
    lost = [one for one in traffic.acknowledged if found.get(one.lead_id, ("",))[0] != one.email]
    sandbox.findings.expect_equal(0, lost=len(lost), changed=len(changed))
    # To the program as it is, this migration is unknown.
    sandbox.raw_db.execute("DELETE FROM schema_migrations WHERE name = ?", _TRIAL)
    with sandbox.container() as container:
        check_invariants(sandbox, container)


def _others(traffic: Traffic) -> int:
    return traffic.count_statuses_except(201, DROPPED)


def _values(sandbox: Sandbox) -> dict[str, tuple[object, ...]]:
    rows = sandbox.raw_db.execute("SELECT id, email, first_name, message, state, version FROM leads")
    return {lead_id: tuple(values) for lead_id, *values in rows}


def _write_migrations(folder: Path) -> Path:
    shutil.copytree(Path(schema_module.__file__).parent / "migrations", folder, dirs_exist_ok=True)
    (folder / f"{_TRIAL}.py").write_text(_TRIAL_MIGRATION)
    return folder


def _kill_upgrade(sandbox: Sandbox, folder: Path) -> bool:
    """Start an upgrade, kill it within the trial migration, and return whether it was still running."""
    with _start_upgrade(sandbox, folder) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(sandbox.rng.uniform(0, _PAUSES_SECONDS))
        process.kill()
    return process.returncode == -signal.SIGKILL


def _start_upgrade(sandbox: Sandbox, folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", __name__, sandbox.database_url, str(folder)]
    return subprocess.Popen(command, env=sandbox.program().environment, stdout=subprocess.PIPE)


def _migrate(url: str, folder: Path) -> None:
    dialect = dialect_for(url)
    PeeweeSchema(dialect, folder).migrate()
    dialect.close()


_WITHOUT_TRANSACTION = """
    from contextlib import nullcontext
    from playhouse.migrate import SchemaMigrator
    SchemaMigrator.migration_context = lambda *_arguments, **_more: nullcontext()
"""

CAMPAIGN = Campaign(
    "upgrades",
    "databases of every release upgraded under load, by upgrades that are killed and repeated",
    run,
    bugs=(
        PlantedBug(
            "a migration is not one transaction", ("upgrade_status",), in_processes(_WITHOUT_TRANSACTION)
        ),
    ),
)

if __name__ == "__main__":
    _migrate(sys.argv[1], Path(sys.argv[2]))
