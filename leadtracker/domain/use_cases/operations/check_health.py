"""Check whether the application is ready to serve requests."""

from datetime import datetime, timedelta
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.errors import SchemaMismatch, StorageUnavailable
from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.ports.schema import Schema
from leadtracker.domain.ports.system import Clock, DiskSpace
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.files.disk_floor import DiskFloor

HEARTBEAT_AGE_TO_REPORT = timedelta(minutes=5)
"""Schedulers record a heartbeat every 30 seconds; an older one means that no scheduler runs."""

DELAY_TO_REPORT = timedelta(minutes=5)
"""Schedulers look for due deliveries every second; one that has been due for this long is late."""


MIN_FREE_BYTES = 1024 * 1024
"""With less free space than this on the disk of the database, leads cannot be stored, or not for long."""


class HealthCheck(StrEnum):
    """The checks of an installation, by the names that ``/readyz`` and ``leadtracker doctor`` show."""

    CONFIGURATION = "configuration"
    """The settings can be used: mail templates, mail server, receiver of reports."""
    PROVIDER = "provider"
    """The OpenID provider can be reached and used, if there is one."""
    DATABASE = "database"
    """The database answers."""
    SCHEMA = "schema"
    """The schema of the database is current."""
    DISK = "disk"
    """The disk has room for files; below the floor, leads are stored without them, and none if it is full."""
    FILES = "files"
    """Always; it warns if every user of this machine may read the data folder, what is in it, or `.env`."""
    SCHEDULER = "scheduler"
    """A scheduler was seen within five minutes, and sealing is not paused by a clock jump."""
    OUTBOX = "outbox"
    """No delivery has been due for more than five minutes."""
    REPORTS = "reports"
    """No weekly report has been due for more than five minutes."""
    DELIVERIES = "deliveries"
    """No weekly report has failed or was rejected by its receiver; failed mails and events are a warning."""
    CANARY = "canary"
    """The last daily test of the public form has passed, not more than 26 hours ago; or the test is off."""
    RETENTION = "retention"
    """No person has been due for erasure by `LEADTRACKER_RETENTION` for more than two days."""
    API_KEYS = "api_keys"
    """Always, as a reminder: it names the API keys that expire within 14 days."""


_PAUSED = "sealing is paused, because the clock jumped; if it is right now, run: leadtracker report send"
_INFORMATIONAL = frozenset({HealthCheck.DISK, HealthCheck.SCHEDULER, HealthCheck.OUTBOX, HealthCheck.REPORTS})


@frozen
class Check:
    """The result of one check, with a sentence that explains it.

    Attributes:
        is_warning: true if an operator should act, although the check has passed.
    """

    name: str = field(converter=str)  # plain text, as JSON wants its keys
    passed: bool
    detail: str
    is_warning: bool = False


@frozen
class Health:
    """The results of all checks; the installation is ready if it can store leads."""

    is_ready: bool
    checks: tuple[Check, ...]


@frozen(kw_only=True)
class CheckHealth:
    """Check the store, its schema, the disk, the scheduler heartbeat, and the age of due work.

    A disk that is nearly full, but has room for leads, a missing scheduler and late deliveries are reported
    but leave the application ready, because leads can still be stored, and everything that is due is sent
    later.
    """

    _unit_of_work: UnitOfWorkFactory
    _schema: Schema
    _clock: Clock
    _disk_floor: DiskFloor
    _database_disk: DiskSpace

    def __call__(self) -> Health:
        """Run every check that is possible; a store that is down is a result, not an exception."""
        try:
            database, schema = self._check_schema()
            is_full = self._is_full()
            disk = self._check_disk(is_full=is_full)
            checks = (database, schema, disk, *(self._check_work() if schema.passed else ()))
        except StorageUnavailable as error:
            return Health(
                is_ready=False, checks=(Check(HealthCheck.DATABASE, passed=False, detail=str(error)),)
            )
        is_ready = all(check.passed for check in checks if check.name not in _INFORMATIONAL)
        return Health(is_ready=is_ready and not is_full, checks=checks)

    def _check_schema(self) -> tuple[Check, Check]:
        reachable = Check(HealthCheck.DATABASE, passed=True, detail="answers")
        try:
            steps = self._schema.migrations()
        except SchemaMismatch as error:
            return reachable, Check(HealthCheck.SCHEMA, passed=False, detail=str(error))
        missing = [step.name for step in steps if step.applied_at is None]
        detail = f"missing {', '.join(missing)}; run: leadtracker migrate" if missing else "up to date"
        if missing and len(missing) == len(steps):
            detail = "the database is empty; leadtracker up, or leadtracker migrate, creates its tables"
        return reachable, Check(HealthCheck.SCHEMA, passed=not missing, detail=detail)

    def _is_full(self) -> bool:
        free = self._database_disk.free_bytes()
        return free is not None and free < MIN_FREE_BYTES

    def _check_disk(self, *, is_full: bool) -> Check:
        if is_full:
            detail = "the disk of the database is full; no lead can be stored until it has room"
            return Check(HealthCheck.DISK, passed=False, detail=detail)
        return Check(HealthCheck.DISK, passed=self._disk_floor.has_room(), detail=self._disk_floor.detail)

    def _check_work(self) -> tuple[Check, ...]:
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            heartbeat, due_since, reports = (
                tx.heartbeat.read(),
                tx.deliveries.due_since(now),
                tx.ledger.due(now),
            )
        report_since = min(
            (report.with_expired_lease_closed(now).due_at or now for report in reports), default=None
        )
        return (
            _check_heartbeat(heartbeat, now),
            _check_delay(HealthCheck.OUTBOX, due_since, now),
            _check_delay(HealthCheck.REPORTS, report_since, now),
        )


def _check_heartbeat(heartbeat: SchedulerHeartbeat | None, now: datetime) -> Check:
    if heartbeat is None:
        return Check(HealthCheck.SCHEDULER, passed=False, detail="has never run")
    heartbeat_age = now - heartbeat.last_heartbeat_at
    detail = f"last seen {max(0, int(heartbeat_age.total_seconds()))} s ago"
    if heartbeat.is_paused:
        return Check(HealthCheck.SCHEDULER, passed=False, detail=f"{detail}; {_PAUSED}")
    return Check(HealthCheck.SCHEDULER, passed=heartbeat_age <= HEARTBEAT_AGE_TO_REPORT, detail=detail)


def _check_delay(name: str, since: datetime | None, now: datetime) -> Check:
    if since is None:
        return Check(name, passed=True, detail="nothing is due")
    delay = now - since
    detail = f"the oldest that is due waits for {int(delay.total_seconds())} s"
    return Check(name, passed=delay <= DELAY_TO_REPORT, detail=detail)
