"""The promises that must hold after every commit, and when everything has come to rest."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import chain, compress, pairwise, repeat
from operator import is_not
from typing import TypeVar

from attrs import define, field

from leadtracker.domain.model.consistency import Invariant
from leadtracker.domain.model.deliveries.deliverable import Attempt, Deliverable, Outcome
from leadtracker.domain.model.deliveries.delivery import DeliveryKind, DeliveryState
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from tests.support.memory.consistency_checks import MemoryConsistencyChecks
from tests.support.memory.store import MemoryStore, Tables
from tests.support.models.reporting_model import LEASE

Row = TypeVar("Row")
_ARRIVED = {Outcome.DELIVERED, Outcome.UNKNOWN}
_STORE = MemoryStore()
"""The store under check; one for all checks, since it takes longer to make than a commit to check."""


class PromiseBroken(AssertionError):
    """A promise of the program does not hold."""


@define
class Promises:
    """Checks commits; knows what the receivers have accepted.

    Attributes:
        arrived: how often the receivers have accepted each message, by its id.
        numbers: the number of leads that was posted for each week, by the id of the message.
    """

    arrived: Counter[str] = field(factory=Counter)
    numbers: dict[str, int] = field(factory=dict)

    def check_commit(self, before: Tables, after: Tables, latest_read: datetime) -> None:
        """Check what a commit has changed.

        Args:
            before: the rows before the commit.
            after: the rows after it.
            latest_read: the latest time that the process has read from its clock.

        Raises:
            PromiseBroken: names the row and the promise.
        """
        if before is after:
            return  # most commits find nothing to do
        deliveries = _changed(before.deliveries, after.deliveries)
        reports = _changed(before.reports, after.reports)
        for key, delivery in deliveries.items():
            self._check_step(key, key, before.deliveries.get(key), delivery, latest_read)
            former = before.deliveries.get(key)
            _expect(key, "what was sent stays sent", former is None or former.state is not DeliveryState.SENT)
        for key, report in reports.items():
            self._check_step(key, report.webhook_id, before.reports.get(key), report, latest_read)
            self._check_report(key, before.reports.get(key), report)
        _expect("deliveries", "no delivery is lost", before.deliveries.keys() <= after.deliveries.keys())
        leads = _changed(before.leads, after.leads)
        histories = _changed(before.history, after.history)
        histories |= {key: after.history[key] for key in leads if key in after.history}
        check_rows(Tables(deliveries=deliveries, reports=reports, history=histories, leads=after.leads))
        if leads:
            check_tables(after)
        if reports:
            _check_ledger(after)

    def check_rest(self, tables: Tables) -> None:
        """Check that nothing is left to do, and that each repeated message has a cause.

        Raises:
            PromiseBroken: names the row and the promise.
        """
        messages = {report.webhook_id: report for report in tables.reports.values()}
        for key, row in (tables.deliveries | messages).items():
            _expect(key, "nothing waits for ever", row.due_at is None and row.leased_until is None)
            possible = sum(attempt.outcome in _ARRIVED for attempt in row.attempts)
            _expect(key, "each repetition has a cause", self.arrived[key] <= possible)
        check_rows(tables)
        check_tables(tables)
        _check_numbers(tables)
        _check_mails(tables)

    def post(self, report: WeeklyReport) -> None:
        """Check that every post for a week has the same number."""
        number = self.numbers.setdefault(report.webhook_id, report.number_of_leads)
        _expect(report.week.name, "a week has one number", number == report.number_of_leads)

    def _check_step(
        self, key: str, message: str, before: Deliverable | None, after: Deliverable, latest_read: datetime
    ) -> None:
        outcomes = [attempt.outcome for attempt in after.attempts]
        _expect(key, "only the last attempt is open", None not in outcomes[:-1])
        is_delivered = Outcome.DELIVERED in outcomes
        _expect(key, "what counts as delivered has arrived", not is_delivered or self.arrived[message] > 0)
        if before is None:
            return
        _expect(key, "every step has a new epoch", after.epoch > before.epoch)
        closed = [attempt for attempt in before.attempts if attempt.outcome]
        _expect(key, "closed attempts never change", [*after.attempts[: len(closed)]] == closed)
        if len(before.attempts) > len(closed) and _is_given_up(after.attempts[len(closed)]):
            # After the last possible attempt there is no other one that says when the lease was ended.
            is_followed = len(after.attempts) > len(before.attempts)
            ended_at = after.attempts[-1].started_at if is_followed else latest_read
            lease_end = before.attempts[-1].started_at + LEASE
            _expect(key, "a lease is respected", ended_at >= lease_end)

    def _check_report(self, key: str, before: WeeklyReport | None, after: WeeklyReport) -> None:
        if before is not None:
            is_same = (before.week, before.number_of_leads) == (after.week, after.number_of_leads)
            _expect(key, "a sealed week never changes", is_same)


def check_rows(tables: Tables) -> None:
    """Run the checks of ``leadtracker doctor`` that look at one delivery, report or history at a time.

    Raises:
        PromiseBroken: names the invariant and what violates it.
    """
    checks = _checks_of(tables)
    _check_invariant(checks, Invariant.ATTEMPTS)
    for audit in checks.lead_audits():
        _expect(audit.lead_id, Invariant.HISTORY.meaning, audit.is_consistent)


def check_tables(tables: Tables) -> None:
    """Run the checks of ``leadtracker doctor`` that compare tables.

    Raises:
        PromiseBroken: names the invariant and what violates it.
    """
    checks = _checks_of(tables)
    for invariant in Invariant:
        if invariant is not Invariant.ATTEMPTS:
            _check_invariant(checks, invariant)


def _checks_of(tables: Tables) -> MemoryConsistencyChecks:
    _STORE.committed = tables
    return MemoryConsistencyChecks(_STORE)


def _check_invariant(checks: MemoryConsistencyChecks, invariant: Invariant) -> None:
    violations = checks.violations(invariant)
    _expect(", ".join(violations), invariant.meaning, not violations)


def _check_ledger(tables: Tables) -> None:
    weeks = sorted((report.week for report in tables.reports.values()), key=lambda week: week.start)
    for earlier, later in pairwise(weeks):
        _expect(later.name, "the ledger has no gap", earlier.end == later.start)


def _check_mails(tables: Tables) -> None:
    mails = Counter(
        mail.text for mail in tables.deliveries.values() if mail.kind is DeliveryKind.WEEKLY_REPORT
    )
    for name, report in tables.reports.items():
        expected = 0 if report.state is ReportState.MISSED else 1
        _expect(name, "a week has one e-mail for its only recipient", mails[name] == expected)


def _check_numbers(tables: Tables) -> None:
    times = [lead.created_at for lead in tables.leads.values() if lead.duplicate_of is None]
    for name, report in tables.reports.items():
        counted = sum(report.week.start <= time < report.week.end for time in times)
        _expect(name, "a week's number is that of its leads", report.number_of_leads == counted)


def _is_given_up(attempt: Attempt) -> bool:
    """Return True if another process has closed the attempt; its own would have noted when it ended."""
    return attempt.outcome is not None and attempt.finished_at is None


def _changed(before: Mapping[str, Row], after: Mapping[str, Row]) -> dict[str, Row]:
    # In C: rows keep their places, so that those at other places are candidates only after a deletion.
    differs = map(is_not, after.values(), chain(before.values(), repeat(None)))
    return {key: row for key, row in compress(after.items(), differs) if before.get(key) is not row}


def _expect(what: str, promise: str, is_kept: object) -> None:
    if not is_kept:
        raise PromiseBroken(f"{what}: not true that {promise}")
