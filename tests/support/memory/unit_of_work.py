"""Transactions in memory: one writer at a time, working on a copy."""

from types import TracebackType
from typing import Self

from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tests.support.memory.accounts.account_links import MemoryAccountLinks
from tests.support.memory.accounts.api_key_repository import MemoryApiKeyRepository
from tests.support.memory.accounts.audit_log import MemoryAuditLog
from tests.support.memory.accounts.external_identities import MemoryExternalIdentities
from tests.support.memory.accounts.second_factors import MemorySecondFactorStore
from tests.support.memory.accounts.session_store import MemorySessionStore
from tests.support.memory.accounts.user_repository import MemoryUserRepository
from tests.support.memory.deliveries.delivery_repository import MemoryDeliveryRepository
from tests.support.memory.deliveries.digest_days import MemoryDigestDays
from tests.support.memory.deliveries.disabled_endpoints import MemoryDisabledEndpoints
from tests.support.memory.deliveries.mail_budgets import MemoryMailBudgets
from tests.support.memory.intake.canary_runs import MemoryCanaryRuns
from tests.support.memory.intake.consents import MemoryConsents
from tests.support.memory.intake.idempotency_store import MemoryIdempotencyStore
from tests.support.memory.intake.import_store import MemoryImportStore
from tests.support.memory.intake.quarantine import MemoryQuarantine
from tests.support.memory.intake.rejected_submissions import MemoryRejectedSubmissions
from tests.support.memory.leads.file_store import MemoryFileStore
from tests.support.memory.leads.follow_up_repository import MemoryFollowUpRepository
from tests.support.memory.leads.lead_activity import MemoryLeadActivity
from tests.support.memory.leads.lead_history import MemoryLeadHistory
from tests.support.memory.leads.lead_repository import MemoryLeadRepository
from tests.support.memory.leads.lead_statistics import MemoryLeadStatistics
from tests.support.memory.reports.heartbeat_store import MemoryHeartbeatStore
from tests.support.memory.reports.lead_rollups import MemoryLeadRollups
from tests.support.memory.reports.report_ledger import MemoryReportLedger
from tests.support.memory.reports.sealed_leads import MemorySealedLeads
from tests.support.memory.store import MemoryStore, Transaction


class MemoryUnitOfWork(UnitOfWork):
    """An in-memory ``UnitOfWork``; see the port for its promises."""

    def __init__(self, store: MemoryStore, *, writable: bool) -> None:
        self._store = store
        self._writable = writable

    def __enter__(self) -> Self:
        self._store.check_available()
        tables = self._store.begin() if self._writable else self._store.committed
        self._transaction = Transaction(tables, self._writable)
        self.activity = MemoryLeadActivity(self._transaction)
        self.account_links = MemoryAccountLinks(self._transaction)
        self.api_keys = MemoryApiKeyRepository(self._transaction)
        self.audit_log = MemoryAuditLog(self._transaction)
        self.canary_runs = MemoryCanaryRuns(self._transaction)
        self.consents = MemoryConsents(self._transaction)
        self.digest_days = MemoryDigestDays(self._transaction)
        self.disabled_endpoints = MemoryDisabledEndpoints(self._transaction)
        self.external_identities = MemoryExternalIdentities(self._transaction)
        self.follow_ups = MemoryFollowUpRepository(self._transaction)
        self.history = MemoryLeadHistory(self._transaction)
        self.idempotency = MemoryIdempotencyStore(self._transaction)
        self.imports = MemoryImportStore(self._transaction)
        self.leads = MemoryLeadRepository(self._transaction)
        self.ledger = MemoryReportLedger(self._transaction)
        self.deliveries = MemoryDeliveryRepository(self._transaction)
        self.heartbeat = MemoryHeartbeatStore(self._transaction)
        self.mail_budgets = MemoryMailBudgets(self._transaction)
        self.quarantine = MemoryQuarantine(self._transaction)
        self.rejected_submissions = MemoryRejectedSubmissions(self._transaction)
        self.rollups = MemoryLeadRollups(self._transaction)
        self.sealed_leads = MemorySealedLeads(self._transaction)
        self.files = MemoryFileStore(self._transaction)
        self.second_factors = MemorySecondFactorStore(self._transaction)
        self.sessions = MemorySessionStore(self._transaction)
        self.statistics = MemoryLeadStatistics(self._transaction)
        self.users = MemoryUserRepository(self._transaction)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._writable:
            self._store.end()

    def commit(self) -> None:
        self._store.check_available()
        if self._transaction.is_changed:
            self._store.committed, self._transaction.is_changed = self._transaction.tables, False


class MemoryUnitOfWorkFactory(UnitOfWorkFactory):
    """Creates units of work on one store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __call__(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self._store, writable=True)

    def read_only(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self._store, writable=False)

    def snapshot(self) -> MemoryUnitOfWork:
        return self.read_only()  # what was committed is replaced, never changed
