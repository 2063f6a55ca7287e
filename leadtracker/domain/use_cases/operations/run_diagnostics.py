"""Check the consistency of everything that is stored."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta, tzinfo
from itertools import islice, pairwise

from attrs import evolve, frozen

from leadtracker.domain.errors import LeadNotFound, ResumeMissing, SecretUnreadable, StorageUnavailable
from leadtracker.domain.model.accounts.account import EXPIRY_WARNING
from leadtracker.domain.model.accounts.second_factor import purpose_of
from leadtracker.domain.model.consistency import Invariant
from leadtracker.domain.model.deliveries.canary import RUNS_WITH_RESULT, last_result
from leadtracker.domain.model.deliveries.delivery import DeliveryState
from leadtracker.domain.model.leads.lead_file import FileObject
from leadtracker.domain.model.leads.retention import OVERDUE_AFTER, RetentionPolicy
from leadtracker.domain.model.reports.cohort_counts import Period
from leadtracker.domain.model.reports.statistics import Delays
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.model.values.daily_time import DailyTime
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from leadtracker.domain.ports.consistency_checks import ConsistencyChecks
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.files.load_file import LoadFile
from leadtracker.domain.use_cases.operations.check_health import Check, CheckHealth, HealthCheck

_TIME_TO_SEAL = timedelta(hours=1)
_MAX_EXAMPLES = 5


@frozen(kw_only=True)
class RunDiagnostics:
    """Check health, then every invariant of the stored data, while other processes use the store."""

    _check_health: CheckHealth
    _unit_of_work: UnitOfWorkFactory
    _consistency_checks: ConsistencyChecks
    _load_file: LoadFile
    _clock: Clock
    _zone: tzinfo
    _canary_time: DailyTime
    _policy: RetentionPolicy
    _secret_box: Callable[[], SecretBox]

    def __call__(self) -> Iterator[Check]:
        """Yield each check when it is done; unless the application is ready, only the health checks."""
        health = self._check_health()
        yield from health.checks
        if not health.is_ready:
            return
        yield self._check_deliveries()
        yield self._check_canary()
        yield _run_check(HealthCheck.RETENTION, "every person who is due was erased", self._find_overdue)
        yield self._check_api_keys()
        searches: dict[Invariant, Callable[[], Iterable[str]]] = {
            Invariant.RESUMES: self._find_bad_files,
            Invariant.LEDGER: self._find_gaps,
            Invariant.HISTORY: self._find_inconsistent_histories,
            Invariant.AUDIT_LOG: self._find_missing_entries,
            Invariant.STATISTICS: self._find_wrong_rollups,
            Invariant.SECOND_FACTORS: self._find_unreadable_factors,
        }
        for invariant in Invariant:
            search = searches.get(invariant, lambda one=invariant: self._consistency_checks.violations(one))
            yield _run_check(invariant, invariant.meaning, search)

    def _check_deliveries(self) -> Check:
        """Check the weekly reports, and warn about mails and events that have failed."""
        meaning = "no weekly report waits for an operator"
        check = _run_check(HealthCheck.DELIVERIES, meaning, self._find_stuck)
        with self._unit_of_work.read_only() as tx:
            number = tx.deliveries.count_open()[DeliveryState.FAILED]
        if not check.passed or not number:
            return check
        detail = f"{number} failed: leadtracker deliveries list --state failed"
        return evolve(check, detail=detail, is_warning=True)

    def _find_stuck(self) -> Iterator[str]:
        """Yield the weekly reports that need an operator before they can be delivered."""
        with self._unit_of_work.read_only() as tx:
            reports = tx.ledger.all()
        for report in reports:
            if report.state is ReportState.FAILED or report.is_rejected:
                yield f"{report.week.name} (leadtracker report show {report.week.name})"

    def _check_api_keys(self) -> Check:
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            soon = [key for key in tx.api_keys.all() if key.expires_soon(now)]
        days = EXPIRY_WARNING.days
        names = ", ".join(f"{key.name} ({key.expires_at:%Y-%m-%d})" for key in soon)
        detail = f"these expire within {days} days: {names}" if soon else f"none expires within {days} days"
        return Check(HealthCheck.API_KEYS, passed=True, detail=detail, is_warning=bool(soon))

    def _find_unreadable_factors(self) -> Iterator[str]:
        with self._unit_of_work.read_only() as tx:
            factors = [factor for factor in tx.second_factors.all() if factor.enabled_at is not None]
        for factor in factors:
            try:
                self._secret_box().open(factor.sealed_secret, purpose_of(factor.user))
            except SecretUnreadable:
                yield f"{factor.user} (leadtracker user remove-factor)"

    def _check_canary(self) -> Check:
        """Check the last test of the public form, and whether one is left unfinished."""
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            runs = tx.canary_runs.latest(RUNS_WITH_RESULT)
        last, is_off = last_result(runs), self._canary_time.latest_day(now) is None
        if is_off:
            detail = f"off, but the test of {runs[0].day} is left" if runs else "off"
            return Check(HealthCheck.CANARY, passed=not runs, detail=detail)
        if any(run.is_interrupted(now) for run in runs):
            return Check(HealthCheck.CANARY, passed=False, detail=f"the test of {runs[0].day} never ended")
        if last is None:
            return Check(HealthCheck.CANARY, passed=True, detail="no test of the form has ended yet")
        if last.failure is not None:
            reason = f" ({last.detail.text})" if last.detail else ""
            detail = f"the test of {last.day} has failed: {last.failure}{reason}"
            return Check(HealthCheck.CANARY, passed=False, detail=detail)
        detail = f"the test of {last.day} has passed"
        if last.is_late(now):
            return Check(HealthCheck.CANARY, passed=False, detail=f"{detail}, and none has ended since")
        return Check(HealthCheck.CANARY, passed=True, detail=detail)

    def _find_overdue(self) -> Iterator[str]:
        """Yield the states with persons who should have been erased; schedulers erase hourly."""
        then = self._clock.now() - OVERDUE_AFTER
        with self._unit_of_work.read_only() as tx:
            for state in self._policy.months:
                if tx.activity.count(state, self._policy.due_before(state, then), limit=1):
                    yield f"{state.value} (leadtracker retention preview)"

    def _find_bad_files(self) -> Iterator[str]:
        return (
            lead_id for lead_id in self._consistency_checks.leads_with_files() if not self._is_whole(lead_id)
        )

    def _is_whole(self, lead_id: str) -> bool:
        with self._unit_of_work.snapshot() as tx:
            try:
                files, stored_ids = tx.leads.get(lead_id).files, tx.files.ids_of(lead_id)
            except LeadNotFound:
                return not tx.files.ids_of(lead_id)  # erased since its id was read
            if sorted(files) != stored_ids:
                return False
            objects = []
            for file_id, metadata in files.items():
                stored = tx.files.get(lead_id, file_id)
                if stored is None or stored.metadata != metadata:
                    return False
                if isinstance(stored, FileObject):
                    objects.append(file_id)
                elif not stored.is_whole:
                    return False
        return all(self._is_object_whole(lead_id, file_id) for file_id in objects)

    def _is_object_whole(self, lead_id: str, file_id: str) -> bool:
        try:
            self._load_file(lead_id, file_id)
        except ResumeMissing:
            return False
        return True

    def _find_gaps(self) -> Iterator[str]:
        with self._unit_of_work.read_only() as tx:
            weeks = [report.week for report in tx.ledger.all()]
        for before, after in pairwise(weeks):
            if before.end != after.start:
                yield f"between {before.name} and {after.name}"
        newest = Week.last_closed(self._clock.now() - _TIME_TO_SEAL, self._zone)
        if weeks and weeks[-1].end < newest.start:
            yield f"after {weeks[-1].name}"

    def _find_missing_entries(self) -> Iterator[str]:
        with self._unit_of_work.read_only() as tx:
            yield from tx.audit_log.gaps()

    def _find_wrong_rollups(self) -> Iterator[str]:
        zone = str(self._zone)
        for period in Period:
            with self._unit_of_work.read_only() as tx:
                ranges = [rollup.time_range for rollup in tx.rollups.current(zone, period, TimeRange())]
            for time_range in ranges:
                with self._unit_of_work.snapshot() as tx:
                    stored = tx.rollups.current(zone, period, time_range)
                    counted = tx.statistics.counts(time_range).most_frequent()
                    delays = Delays.of_all(tx.statistics.delays(time_range))
                if any((one.counts, one.time_to_contact) != (counted, delays) for one in stored):
                    yield f"{period} from {time_range.start:%Y-%m-%d %H:%M} UTC"

    def _find_inconsistent_histories(self) -> Iterator[str]:
        return (audit.lead_id for audit in self._consistency_checks.lead_audits() if not audit.is_consistent)


def _run_check(name: str, description: str, search: Callable[[], Iterable[str]]) -> Check:
    try:
        found = list(islice(search(), _MAX_EXAMPLES + 1))
    except StorageUnavailable as error:
        return Check(name, passed=False, detail=f"{description}: not known, {error}")
    except (TypeError, ValueError):
        return Check(
            name, passed=False, detail=f"{description}: not known, something that is stored makes no sense"
        )
    if not found:
        return Check(name, passed=True, detail=description)
    more = ", …" if len(found) > _MAX_EXAMPLES else ""
    return Check(
        name, passed=False, detail=f"not true that {description}: {', '.join(found[:_MAX_EXAMPLES])}{more}"
    )
