"""Run the canary: once a day, submit the public form and see what becomes of it."""

from datetime import date, datetime

from attrs import frozen

from leadtracker.domain.errors import DeliveryNotFound
from leadtracker.domain.model.deliveries.canary import KEPT_DAYS, CanaryFailure, CanaryRun, FormVisit
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.domain.model.values.daily_time import DailyTime
from leadtracker.domain.ports.deliveries.emails import KeptMails
from leadtracker.domain.ports.intake.canary import FormVisitor
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory


@frozen(kw_only=True)
class RunCanary:
    """Do the next step of the daily test; called by every scheduler, any number of times.

    The stored test is the claim: one scheduler submits the form, and any one then looks for the mail. What a
    scheduler that was killed has left is ended, and its mail deleted, by the next call that finds it.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _canary_time: DailyTime
    _visitor: FormVisitor
    _kept_mails: KeptMails

    def __call__(self) -> CanaryRun | None:
        """Return the attempt that this call has ended, or None."""
        now = self._clock.now()
        day = self._canary_time.latest_day(now)
        if day is None:
            self._delete_results()
            return None
        with self._unit_of_work.read_only() as tx:
            latest = _latest(tx)
        if latest is not None and (latest.awaits_mail or latest.is_interrupted(now)):
            return self._end(latest)
        if latest is not None and latest.day >= day and not latest.is_due_again(now):
            return None
        claimed = self._claim(day)
        return None if claimed is None else self._record(claimed, self._visitor.submit(claimed.inputs))

    def _delete_results(self) -> None:
        """Delete the results of a canary that was switched off, so that none is reported any more."""
        with self._unit_of_work.read_only() as tx:
            if not tx.canary_runs.latest(1):
                return
        with self._unit_of_work() as tx:
            for run in tx.canary_runs.latest(1):
                tx.canary_runs.purge(run.day + KEPT_DAYS)
                if run.delivery_id is not None:
                    tx.deliveries.remove(run.delivery_id)
            tx.commit()

    def _claim(self, day: date) -> CanaryRun | None:
        """Store the next attempt; None if another scheduler has, or if the one before is in progress."""
        now = self._clock.now()
        with self._unit_of_work() as tx:
            latest = _latest(tx)
            if latest is None or (latest.day < day and latest.finished_at is not None):
                run = CanaryRun(day=day, secret=self._ids.secret(), started_at=now)
                is_claimed = tx.canary_runs.add(run)
            else:
                is_claimed = latest.is_due_again(now)
                run = latest.again(self._ids.secret(), now)
                if is_claimed:
                    tx.canary_runs.save(run)
            tx.canary_runs.purge(day - KEPT_DAYS)
            tx.commit()
        return run if is_claimed else None

    def _record(self, claimed: CanaryRun, visit: FormVisit) -> CanaryRun | None:
        """Store how the submission of the form ended; return the attempt if it has ended with that."""
        with self._unit_of_work() as tx:
            run = tx.canary_runs.find_running(claimed.secret)
            if run is None:
                return None  # it took so long that another scheduler has ended the attempt
            changed = run.after_visit(visit, self._clock.now())
            self._save(tx, changed)
            tx.commit()
        return self._ended(changed)

    def _end(self, found: CanaryRun) -> CanaryRun | None:
        """End an attempt whose mail was sent or is late, or whose scheduler was stopped."""
        now = self._clock.now()
        with self._unit_of_work() as tx:
            run = tx.canary_runs.find_running(found.secret)
            if run is None:
                return None
            changed = _next(tx, run, now)
            self._save(tx, changed)
            tx.commit()
        return self._ended(changed)

    def _save(self, tx: UnitOfWork, run: CanaryRun) -> None:
        tx.canary_runs.save(run)
        if run.finished_at is not None and run.delivery_id is not None:
            tx.deliveries.remove(run.delivery_id)

    def _ended(self, run: CanaryRun) -> CanaryRun | None:
        if run.finished_at is None:
            return None
        if run.delivery_id is not None:
            self._kept_mails.erase([run.delivery_id])
        return run


def _latest(tx: UnitOfWork) -> CanaryRun | None:
    return next(iter(tx.canary_runs.latest(1)), None)


def _next(tx: UnitOfWork, run: CanaryRun, now: datetime) -> CanaryRun:
    if run.is_interrupted(now):
        detail = CanaryDetail.of(CanaryDetailCode.NEVER_ENDED, attempt=run.attempt)
        return run.finished(now, CanaryFailure.INTERRUPTED, detail)
    return run.after_mail(_find(tx, run.delivery_id), now) if run.awaits_mail else run


def _find(tx: UnitOfWork, delivery_id: str | None) -> Delivery | None:
    try:
        return None if delivery_id is None else tx.deliveries.get(delivery_id)
    except DeliveryNotFound:
        return None
