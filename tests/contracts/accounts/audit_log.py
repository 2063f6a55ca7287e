"""Contract suite of ``AuditLog``."""

from datetime import timedelta

import pytest

from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditEntry, AuditFilter, AuditRecord
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.clock import NOW
from tests.support.instruments.concurrency import run_in_threads

HOUR = timedelta(hours=1)
EXPORT = AuditRecord(NOW, "user:ann", AuditAction.LEADS_EXPORTED, network="192.0.2.0/24")
FAILED = AuditRecord(NOW + HOUR, "public", AuditAction.SIGN_IN_FAILED, "Zoë 🦊")
ERASED = AuditRecord(NOW + 2 * HOUR, "user:ann", AuditAction.PERSON_ERASED, "lead-1")


def append(unit_of_work: UnitOfWorkFactory, *records: AuditRecord) -> None:
    """Append records and commit."""
    with unit_of_work() as tx:
        for record in records:
            tx.audit_log.append(record)
        tx.commit()


def listed(
    unit_of_work: UnitOfWorkFactory,
    audit_filter: AuditFilter = AuditFilter(),  # noqa: B008 - immutable
    limit: int = 100,
    before: int | None = None,
) -> list[AuditEntry]:
    """Return committed entries."""
    with unit_of_work.read_only() as tx:
        return tx.audit_log.page(audit_filter, limit=limit, before=before)


class AuditLogContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_entries_are_numbered_and_listed_latest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work, EXPORT, FAILED)
        append(unit_of_work, ERASED)
        assert listed(unit_of_work) == [AuditEntry(3, ERASED), AuditEntry(2, FAILED), AuditEntry(1, EXPORT)]

    def test_pages_continue_before_a_number(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work, EXPORT, FAILED, ERASED)
        assert [entry.number for entry in listed(unit_of_work, limit=2)] == [3, 2]
        assert [entry.number for entry in listed(unit_of_work, limit=2, before=2)] == [1]

    @pytest.mark.parametrize(
        ("audit_filter", "numbers"),
        [
            (AuditFilter(actor="user:ann"), [3, 1]),
            (AuditFilter(actor="user:bob"), []),
            (AuditFilter(action=AuditAction.SIGN_IN_FAILED), [2]),
            (AuditFilter(start=NOW + HOUR), [3, 2]),
            (AuditFilter(end=NOW + HOUR), [1]),
            (AuditFilter(start=NOW + HOUR, end=NOW + 2 * HOUR), [2]),
            (AuditFilter(actor="user:ann", action=AuditAction.PERSON_ERASED, start=NOW), [3]),
        ],
    )
    def test_filters_select_entries(
        self, unit_of_work: UnitOfWorkFactory, audit_filter: AuditFilter, numbers: list[int]
    ) -> None:
        append(unit_of_work, EXPORT, FAILED, ERASED)
        assert [entry.number for entry in listed(unit_of_work, audit_filter)] == numbers

    def test_rolled_back_records_leave_no_gap(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work, EXPORT)
        with unit_of_work() as tx:
            tx.audit_log.append(FAILED)
        append(unit_of_work, ERASED)
        assert listed(unit_of_work) == [AuditEntry(2, ERASED), AuditEntry(1, EXPORT)]
        with unit_of_work.read_only() as tx:
            assert tx.audit_log.gaps() == []

    def test_concurrent_records_get_consecutive_numbers(self, unit_of_work: UnitOfWorkFactory) -> None:
        run_in_threads(8, lambda _: append(unit_of_work, *[FAILED] * 5))
        assert [entry.number for entry in listed(unit_of_work)] == list(range(40, 0, -1))

    def test_purge_deletes_the_oldest_and_keeps_numbering(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work, EXPORT, FAILED, ERASED)
        with unit_of_work() as tx:
            assert tx.audit_log.purge(NOW + HOUR) == 1
            tx.commit()
        append(unit_of_work, EXPORT)
        assert [entry.number for entry in listed(unit_of_work)] == [4, 3, 2]
        with unit_of_work.read_only() as tx:
            assert tx.audit_log.gaps() == []

    def test_purge_keeps_the_latest_entry(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work, EXPORT, FAILED)
        with unit_of_work() as tx:
            assert tx.audit_log.purge(NOW + 9 * HOUR) == 1
            tx.commit()
        assert listed(unit_of_work) == [AuditEntry(2, FAILED)]

    def test_purge_never_leaves_a_gap_between_late_clocks(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work, ERASED, EXPORT, FAILED)
        with unit_of_work() as tx:
            assert tx.audit_log.purge(NOW + HOUR) == 0
            tx.commit()
        assert len(listed(unit_of_work)) == 3
