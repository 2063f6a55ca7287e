"""Transactions in memory: one writer at a time, working on a copy."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

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
from tests.support.memory.leads.leads_by_text import MemoryLeadsByText
from tests.support.memory.reports.heartbeat_store import MemoryHeartbeatStore
from tests.support.memory.reports.lead_rollups import MemoryLeadRollups
from tests.support.memory.reports.report_ledger import MemoryReportLedger
from tests.support.memory.reports.sealed_leads import MemorySealedLeads
from tests.support.memory.store import MemoryStore, Transaction


class _OnDemand:
    """A repository that is made when it is used first: most transactions need few of them."""

    def __init__(self, make: Callable[[Transaction], Any]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: Any, owner: type) -> Any:
        repository = unit.__dict__[self._name] = self._make(unit._transaction)  # noqa: SLF001 - of its owner
        return repository


def _on_demand(make: Callable[[Transaction], Any]) -> Any:
    return _OnDemand(make)


class MemoryUnitOfWork(UnitOfWork):
    """An in-memory ``UnitOfWork``; see the port for its promises."""

    activity = _on_demand(MemoryLeadActivity)
    account_links = _on_demand(MemoryAccountLinks)
    api_keys = _on_demand(MemoryApiKeyRepository)
    audit_log = _on_demand(MemoryAuditLog)
    canary_runs = _on_demand(MemoryCanaryRuns)
    consents = _on_demand(MemoryConsents)
    digest_days = _on_demand(MemoryDigestDays)
    disabled_endpoints = _on_demand(MemoryDisabledEndpoints)
    external_identities = _on_demand(MemoryExternalIdentities)
    follow_ups = _on_demand(MemoryFollowUpRepository)
    history = _on_demand(MemoryLeadHistory)
    idempotency = _on_demand(MemoryIdempotencyStore)
    imports = _on_demand(MemoryImportStore)
    leads = _on_demand(MemoryLeadRepository)
    leads_by_text = _on_demand(MemoryLeadsByText)
    ledger = _on_demand(MemoryReportLedger)
    deliveries = _on_demand(MemoryDeliveryRepository)
    heartbeat = _on_demand(MemoryHeartbeatStore)
    mail_budgets = _on_demand(MemoryMailBudgets)
    quarantine = _on_demand(MemoryQuarantine)
    rejected_submissions = _on_demand(MemoryRejectedSubmissions)
    rollups = _on_demand(MemoryLeadRollups)
    sealed_leads = _on_demand(MemorySealedLeads)
    files = _on_demand(MemoryFileStore)
    second_factors = _on_demand(MemorySecondFactorStore)
    sessions = _on_demand(MemorySessionStore)
    statistics = _on_demand(MemoryLeadStatistics)
    users = _on_demand(MemoryUserRepository)

    def __init__(self, store: MemoryStore, *, writable: bool) -> None:
        self._store = store
        self._writable = writable

    def __enter__(self) -> Self:
        self._store.check_available()
        tables = self._store.begin() if self._writable else self._store.committed
        self._transaction = Transaction(tables, self._writable)
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
