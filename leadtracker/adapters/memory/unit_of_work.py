"""Transactions in memory: one writer at a time, working on a copy."""

from types import TracebackType
from typing import Self

from leadtracker.adapters.memory.api_key_repository import MemoryApiKeyRepository
from leadtracker.adapters.memory.digest_days import MemoryDigestDays
from leadtracker.adapters.memory.disabled_endpoints import MemoryDisabledEndpoints
from leadtracker.adapters.memory.follow_up_repository import MemoryFollowUpRepository
from leadtracker.adapters.memory.idempotency_store import MemoryIdempotencyStore
from leadtracker.adapters.memory.lead_history import MemoryLeadHistory
from leadtracker.adapters.memory.lead_repository import MemoryLeadRepository
from leadtracker.adapters.memory.lead_statistics import MemoryLeadStatistics
from leadtracker.adapters.memory.outbox import MemoryOutbox
from leadtracker.adapters.memory.pulse_store import MemoryPulseStore
from leadtracker.adapters.memory.quarantine import MemoryQuarantine
from leadtracker.adapters.memory.report_ledger import MemoryReportLedger
from leadtracker.adapters.memory.resume_store import MemoryResumeStore
from leadtracker.adapters.memory.session_store import MemorySessionStore
from leadtracker.adapters.memory.store import MemoryStore, Session
from leadtracker.adapters.memory.user_repository import MemoryUserRepository
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory


class MemoryUnitOfWork(UnitOfWork):
    """See the port for what it promises."""

    def __init__(self, store: MemoryStore, *, writable: bool) -> None:
        self._store = store
        self._writable = writable

    def __enter__(self) -> Self:
        self._store.check_available()
        tables = self._store.begin() if self._writable else self._store.committed
        self._session = Session(tables, self._writable)
        self.api_keys = MemoryApiKeyRepository(self._session)
        self.digest_days = MemoryDigestDays(self._session)
        self.disabled_endpoints = MemoryDisabledEndpoints(self._session)
        self.follow_ups = MemoryFollowUpRepository(self._session)
        self.history = MemoryLeadHistory(self._session)
        self.idempotency = MemoryIdempotencyStore(self._session)
        self.leads = MemoryLeadRepository(self._session)
        self.ledger = MemoryReportLedger(self._session)
        self.outbox = MemoryOutbox(self._session)
        self.pulse = MemoryPulseStore(self._session)
        self.quarantine = MemoryQuarantine(self._session)
        self.resumes = MemoryResumeStore(self._session)
        self.sessions = MemorySessionStore(self._session)
        self.statistics = MemoryLeadStatistics(self._session)
        self.users = MemoryUserRepository(self._session)
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
        if self._writable:
            self._store.committed = self._session.tables.copy()


class MemoryUnitOfWorkFactory(UnitOfWorkFactory):
    """Begins units of work on one store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __call__(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self._store, writable=True)

    def read_only(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self._store, writable=False)

    def snapshot(self) -> MemoryUnitOfWork:
        return self.read_only()  # what was committed is replaced, never changed
