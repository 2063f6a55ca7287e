"""A disk that becomes full and free again while leads come in: SQLite on a small file system in memory.

What fits into the space that the write-ahead log already has is still stored, so each cycle sends until some
are rejected.
"""

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from attrs import evolve

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import MEMORY
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import running_web
from tests.support.builders import make_fields
from tests.support.instruments.polling import eventually
from tests.support.instruments.skips import skip_loudly
from tests.support.servers.processes import Site

_MEGABYTES = 48
_POSTS = 15
_MAX_SECONDS_BACK = 5.0
_REJECTIONS = 5
_MAX_LEADS = 1_000
_UNAVAILABLE = 503


def run(sandbox: Sandbox) -> None:
    """Fill the disk, post, free it, and post again, without a restart."""
    cycles = sandbox.size(4, 20, ci=2)
    stored_while_full, recoveries = [], []
    statuses: Counter[int] = Counter()
    readiness: dict[str, set[int]] = {"full": set(), "free": set()}
    acknowledged = []
    with _small_disk(sandbox.folder / "disk") as disk:
        sandbox = evolve(sandbox, database_url=f"sqlite:///{disk}/leadtracker.db")
        dialect = dialect_for(sandbox.database_url)
        PeeweeSchema(dialect).migrate()
        dialect.close()
        with running_web(sandbox, MIN_FREE_DISK_MB=0) as web:
            for cycle in range(cycles):
                acknowledged += [_post(web.site, f"{cycle}.before.{n}", statuses) for n in range(_POSTS)]
                with _full(disk):
                    readiness["full"].add(_readiness(web.site))
                    stored_while_full += _stored_until_rejected(web.site, cycle, statuses)
                began = time.monotonic()
                acknowledged.append(
                    eventually(lambda one=cycle: _post(web.site, f"{one}.after", statuses), "a lead")  # type: ignore[misc]  # the type of a default
                )
                recoveries.append(time.monotonic() - began)
                readiness["free"].add(_readiness(web.site))
        rows = {str(lead_id) for (lead_id,) in sandbox.raw_db.execute("SELECT id FROM leads")}
    known = {one for one in [*acknowledged, *stored_while_full] if one}
    sandbox.findings.record(cycles=cycles, stored_while_full=len(stored_while_full))
    sandbox.findings.expect_equal(0, lost=len(known - rows), unknown=len(rows - known))
    sandbox.findings.expect_seconds(_MAX_SECONDS_BACK, slowest_recovery=round(max(recoveries), 1))
    sandbox.findings.expect_at_least(cycles * _REJECTIONS, unavailable=statuses[_UNAVAILABLE])
    sandbox.findings.expect_equal({_UNAVAILABLE}, readiness_while_full=readiness["full"])
    sandbox.findings.expect_equal({int(httpx.codes.OK)}, readiness_after=readiness["free"])
    others = statuses.total() - statuses[httpx.codes.CREATED] - statuses[_UNAVAILABLE]
    sandbox.findings.expect_equal(0, other_responses=others)


def _stored_until_rejected(site: Site, cycle: int, statuses: Counter[int]) -> list[str]:
    """Send leads until some have been rejected, and return the ids of those that were stored."""
    last = statuses[_UNAVAILABLE] + _REJECTIONS
    stored = []
    for number in range(_MAX_LEADS):
        if statuses[_UNAVAILABLE] >= last:
            break
        stored.append(_post(site, f"{cycle}.full.{number}", statuses))
    return [one for one in stored if one]


def _post(site: Site, name: str, statuses: Counter[int]) -> str | None:
    """Send a lead of several kilobytes, and return its id if it was acknowledged."""
    fields = make_fields(f"p{name}@example.com", message="m" * 4_000)
    response = httpx.post(f"http://127.0.0.1:{site.port}/leads", json=fields, timeout=300)
    statuses[response.status_code] += 1
    return str(response.json()["id"]) if response.status_code == httpx.codes.CREATED else None


def _readiness(site: Site) -> int:
    return httpx.get(f"http://127.0.0.1:{site.port}/readyz", timeout=300).status_code


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, check=False, capture_output=True)
    if mounted.returncode:
        skip_loudly(f"a small file system cannot be mounted here: {mounted.stderr.decode().splitlines()[0]}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)  # noqa: S607 - of the system


@contextmanager
def _full(disk: Path) -> Iterator[None]:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(65_536))
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(512))
    yield
    filler.unlink()


_ACKNOWLEDGE_ANYWAY = """
    from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWork
    from leadtracker.domain.errors import StorageUnavailable
    commit = PeeweeUnitOfWork.commit
    def hopeful(tx):
        try:
            commit(tx)
        except StorageUnavailable:
            pass
    PeeweeUnitOfWork.commit = hopeful
"""

CAMPAIGN = Campaign(
    "full-disk",
    "the disk becomes full and free again while leads come in",
    run,
    databases_used=(MEMORY,),  # its database is on the small disk
    bugs=(PlantedBug("a failed commit is acknowledged", ("lost",), in_processes(_ACKNOWLEDGE_ANYWAY)),),
)
