"""The consistency checks in the database: a few long statements, and pages by key for large results."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import peewee
from attrs import field, frozen

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import Build, StatementCache, StatementExecutor
from leadtracker.adapters.database.engine.transactions import translated_errors
from leadtracker.adapters.database.repositories.leads.lead_history import HISTORY_COLUMNS, to_entry
from leadtracker.adapters.database.tables import (
    DeliveryAttemptRow,
    DeliveryRow,
    LeadFileRow,
    LeadHistoryRow,
    LeadRow,
    ReportAttemptRow,
    SealedLeadRow,
    WeeklyReportRow,
)
from leadtracker.domain.model.consistency import Invariant, LeadAudit
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import DeliveryKind, DeliveryState
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.ports.consistency_checks import ConsistencyChecks

_MAX_EXAMPLES = 5
_ROWS_PER_PAGE = 5_000


@frozen
class PeeweeConsistencyChecks(ConsistencyChecks):
    """See the port for its promises. Each statement reads a snapshot; pages come from different snapshots."""

    _dialect: Dialect
    _statement_cache: StatementCache = field(init=False)

    @_statement_cache.default
    def _none_compiled(self) -> StatementCache:
        return StatementCache(self._dialect)

    def violations(self, invariant: Invariant) -> list[str]:
        with self._executor() as executor:
            if invariant is Invariant.INTEGRITY:
                with translated_errors():
                    return self._dialect.integrity.errors(self._dialect.database)
            found = (row.found for build in _BUILDERS[invariant] for row in executor.rows(build))
            return [str(key) for key in found][:_MAX_EXAMPLES]

    def lead_audits(self) -> Iterator[LeadAudit]:
        for lead_id, rows in groupby(self._history(), key=lambda row: row.lead_id):
            yield self._to_lead_audit(lead_id, list(rows))

    def leads_with_files(self) -> Iterator[str]:
        after = ""
        while rows := self._page(_select_with_files, after=after):
            yield from (row.lead_id for row in rows)
            after = rows[-1].lead_id

    def _history(self) -> Iterator[Row]:
        cursor: dict[str, object] = {"lead_id": "", "number": 0}
        while rows := self._page(_select_history, **cursor):
            yield from rows
            cursor = {"lead_id": rows[-1].lead_id, "number": rows[-1].number}

    def _page(self, build: Build, **cursor: object) -> list[Row]:
        # No transaction stays open between pages, so that callers can use the database between them.
        with self._executor() as executor:
            return executor.rows(build, **cursor)

    def _to_lead_audit(self, lead_id: str, rows: list[Row]) -> LeadAudit:
        # The lead's own columns come from the page that holds its last entry.
        last = rows[-1]
        entries = tuple(to_entry(row, self._dialect.from_db_timestamp) for row in rows)
        state = None if last.lead_state is None else LeadState(last.lead_state)
        return LeadAudit(lead_id=lead_id, entries=entries, version=last.lead_version, state=state)

    @contextmanager
    def _executor(self) -> Iterator[StatementExecutor]:
        with translated_errors():
            self._dialect.open()
            try:
                with self._dialect.integrity.without_statement_timeout(self._dialect.database):
                    yield StatementExecutor(
                        self._dialect, self._dialect.database, self._statement_cache, writable=False
                    )
            finally:
                self._dialect.release()


def _select_history() -> peewee.Node:
    row = LeadHistoryRow
    is_after = peewee.Tuple(row.lead_id, row.number) > peewee.Tuple(param("lead_id"), param("number"))
    lead = (LeadRow.version.alias("lead_version"), LeadRow.state.alias("lead_state"))
    query = row.select(*HISTORY_COLUMNS, *lead)
    joined = query.join(LeadRow, peewee.JOIN.LEFT_OUTER, on=LeadRow.id == row.lead_id)
    return joined.where(is_after).order_by(row.lead_id, row.number).limit(_ROWS_PER_PAGE)


def _select_with_files() -> peewee.Node:
    claimed = LeadRow.select(LeadRow.id.alias("lead_id")).where(
        LeadRow.resume_sha256.is_null(is_null=False) | LeadRow.attachments.is_null(is_null=False),
        LeadRow.id > param("after"),
    )
    kept = LeadFileRow.select(LeadFileRow.lead).where(LeadFileRow.lead > param("after"))
    return (claimed | kept).order_by(peewee.SQL("lead_id")).limit(_ROWS_PER_PAGE)


def _found(key: Any) -> peewee.Node:
    return peewee.NodeList((key, peewee.SQL("AS found")))


def _exists(query: peewee.Node, *, no: bool = False) -> peewee.Node:
    return peewee.NodeList((peewee.SQL("NOT EXISTS" if no else "EXISTS"), query))


def _select_without_history() -> peewee.Node:
    entries = LeadHistoryRow.select(peewee.SQL("1")).where(LeadHistoryRow.lead_id == LeadRow.id)
    return LeadRow.select(_found(LeadRow.id)).where(_exists(entries, no=True)).limit(_MAX_EXAMPLES)


def _select_lost() -> peewee.Node:
    row, other = LeadHistoryRow, LeadHistoryRow.alias()
    lead = LeadRow.select(peewee.SQL("1")).where(LeadRow.id == row.lead_id)
    erasure = other.select(peewee.SQL("1")).where(
        other.lead_id == row.lead_id, other.action == Action.ERASED.value
    )
    lost = row.select(_found(row.lead_id)).where(_exists(lead, no=True), _exists(erasure, no=True))
    return lost.group_by(row.lead_id).limit(_MAX_EXAMPLES)


def _select_not_enqueued() -> peewee.Node:
    deliveries = DeliveryRow.select(peewee.SQL("1")).where(
        DeliveryRow.lead_id == LeadRow.id, DeliveryRow.kind == DeliveryKind.ACKNOWLEDGEMENT.value
    )
    created = LeadHistoryRow.select(peewee.SQL("1")).where(
        LeadHistoryRow.lead_id == LeadRow.id,
        LeadHistoryRow.action == Action.CREATED.value,
    )
    # An address that a user added later was never acknowledged.
    added = LeadHistoryRow.select(peewee.SQL("1")).where(
        LeadHistoryRow.lead_id == LeadRow.id,
        LeadHistoryRow.action == Action.EDITED.value,
        LeadHistoryRow.changes.contains('"field": "email", "before": null'),
    )
    has_email = LeadRow.email.is_null(is_null=False)
    silent = LeadRow.select(_found(LeadRow.id)).where(
        has_email, _exists(deliveries, no=True), _exists(created), _exists(added, no=True)
    )
    return silent.limit(_MAX_EXAMPLES)


def _select_sent_without_attempt() -> peewee.Node:
    row, attempt = DeliveryRow, DeliveryAttemptRow
    delivered = attempt.select(peewee.SQL("1")).where(
        attempt.delivery == row.id, attempt.outcome == Outcome.DELIVERED.value
    )
    sent = row.select(_found(row.id)).where(
        row.state == DeliveryState.SENT.value, _exists(delivered, no=True)
    )
    return sent.limit(_MAX_EXAMPLES)


def _select_reported_without_attempt() -> peewee.Node:
    row, attempt = WeeklyReportRow, ReportAttemptRow
    delivered = attempt.select(peewee.SQL("1")).where(
        attempt.week == row.week, attempt.outcome == Outcome.DELIVERED.value
    )
    reported = row.select(_found(row.week)).where(
        row.state == ReportState.DELIVERED.value, _exists(delivered, no=True)
    )
    return reported.limit(_MAX_EXAMPLES)


def _select_miscounted_weeks() -> peewee.Node:
    row, lead = WeeklyReportRow, SealedLeadRow
    counted = lead.select(peewee.fn.COUNT(peewee.SQL("*"))).where(
        lead.week == row.week, lead.reason.is_null()
    )
    return row.select(_found(row.week)).where(row.number_of_leads != counted).limit(_MAX_EXAMPLES)


def _select_second_primary_leads() -> peewee.Node:
    row = LeadRow
    primary = row.select(_found(peewee.fn.MAX(row.id))).where(row.duplicate_of.is_null())
    return primary.group_by(row.identity).having(peewee.fn.COUNT(peewee.SQL("*")) > 1).limit(_MAX_EXAMPLES)


def _select_duplicates_of_duplicates() -> peewee.Node:
    primary = LeadRow.alias()
    joined = LeadRow.select(_found(LeadRow.id)).join(primary, on=LeadRow.duplicate_of == primary.id)
    return joined.where(primary.duplicate_of.is_null(is_null=False)).limit(_MAX_EXAMPLES)


def _select_miscounted_enquiries() -> peewee.Node:
    duplicate = LeadRow.alias()
    count = duplicate.select(peewee.fn.COUNT(peewee.SQL("*"))).where(duplicate.duplicate_of == LeadRow.id)
    return LeadRow.select(_found(LeadRow.id)).where(LeadRow.enquiries != count).limit(_MAX_EXAMPLES)


_BUILDERS: dict[Invariant, tuple[Build, ...]] = {
    Invariant.LEADS: (_select_without_history, _select_lost),
    Invariant.ENQUEUED: (_select_not_enqueued,),
    Invariant.ATTEMPTS: (_select_sent_without_attempt, _select_reported_without_attempt),
    Invariant.SEALED: (_select_miscounted_weeks,),
    Invariant.DUPLICATES: (
        _select_second_primary_leads,
        _select_duplicates_of_duplicates,
        _select_miscounted_enquiries,
    ),
}
