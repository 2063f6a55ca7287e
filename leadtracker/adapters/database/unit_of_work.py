"""Units of work on the database."""

from types import TracebackType
from typing import Self

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.engine.statements import StatementCache, StatementExecutor
from leadtracker.adapters.database.engine.transactions import Transaction, translated_errors
from leadtracker.adapters.database.engine.write_batching import WriteBatcher
from leadtracker.adapters.database.repositories.accounts.account_links import PeeweeAccountLinks
from leadtracker.adapters.database.repositories.accounts.api_key_repository import PeeweeApiKeyRepository
from leadtracker.adapters.database.repositories.accounts.audit_log import PeeweeAuditLog
from leadtracker.adapters.database.repositories.accounts.external_identities import PeeweeExternalIdentities
from leadtracker.adapters.database.repositories.accounts.second_factor_store import PeeweeSecondFactorStore
from leadtracker.adapters.database.repositories.accounts.session_store import PeeweeSessionStore
from leadtracker.adapters.database.repositories.accounts.user_repository import PeeweeUserRepository
from leadtracker.adapters.database.repositories.deliveries.delivery_repository import PeeweeDeliveryRepository
from leadtracker.adapters.database.repositories.deliveries.digest_days import PeeweeDigestDays
from leadtracker.adapters.database.repositories.deliveries.disabled_endpoints import PeeweeDisabledEndpoints
from leadtracker.adapters.database.repositories.deliveries.mail_budgets import PeeweeMailBudgets
from leadtracker.adapters.database.repositories.heartbeat_store import PeeweeHeartbeatStore
from leadtracker.adapters.database.repositories.intake.canary_runs import PeeweeCanaryRuns
from leadtracker.adapters.database.repositories.intake.consents import PeeweeConsents
from leadtracker.adapters.database.repositories.intake.idempotency_store import PeeweeIdempotencyStore
from leadtracker.adapters.database.repositories.intake.import_store import PeeweeImportStore
from leadtracker.adapters.database.repositories.intake.quarantine import PeeweeQuarantine
from leadtracker.adapters.database.repositories.intake.rejected_submissions import PeeweeRejectedSubmissions
from leadtracker.adapters.database.repositories.lead_rollups import PeeweeLeadRollups
from leadtracker.adapters.database.repositories.lead_statistics import PeeweeLeadStatistics
from leadtracker.adapters.database.repositories.leads.file_store import PeeweeFileStore
from leadtracker.adapters.database.repositories.leads.follow_up_repository import PeeweeFollowUpRepository
from leadtracker.adapters.database.repositories.leads.lead_activity import PeeweeLeadActivity
from leadtracker.adapters.database.repositories.leads.lead_history import PeeweeLeadHistory
from leadtracker.adapters.database.repositories.leads.lead_repository import PeeweeLeadRepository
from leadtracker.adapters.database.repositories.leads.leads_by_text import PeeweeLeadsByText
from leadtracker.adapters.database.repositories.leads.pages.search import FULL_TEXT
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.repositories.report_ledger import PeeweeReportLedger
from leadtracker.adapters.database.repositories.sealed_leads import PeeweeSealedLeads
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory


class PeeweeUnitOfWork(UnitOfWork):
    """See the port for its promises.

    Args:
        dialect: the SQL engine.
        statement_cache: the compiled statements of the database.
        write_batcher: stores the enqueued writes of a unit of work that executed no statement.
        transaction: executes all other statements.
        writable: true if it may write.
    """

    def __init__(
        self,
        dialect: Dialect,
        statement_cache: StatementCache,
        write_batcher: WriteBatcher,
        transaction: Transaction,
        *,
        writable: bool,
    ) -> None:
        self._executor = executor = StatementExecutor(
            dialect, transaction.database, statement_cache, writable, transaction.begin
        )
        self._add_accounts(executor)
        self._add_leads(executor, FULL_TEXT[dialect.kind])
        self._add_deliveries_and_reports(executor)
        self._dialect = dialect
        self._transaction = transaction
        self._write_batcher = write_batcher

    def _add_accounts(self, executor: StatementExecutor) -> None:
        self.account_links = PeeweeAccountLinks(executor)
        self.api_keys = PeeweeApiKeyRepository(executor)
        self.audit_log = PeeweeAuditLog(executor)
        self.external_identities = PeeweeExternalIdentities(executor)
        self.second_factors = PeeweeSecondFactorStore(executor)
        self.sessions = PeeweeSessionStore(executor)
        self.users = PeeweeUserRepository(executor)

    def _add_leads(self, executor: StatementExecutor, full_text: FullText) -> None:
        self.activity = PeeweeLeadActivity(executor)
        self.consents = PeeweeConsents(executor)
        self.follow_ups = PeeweeFollowUpRepository(executor)
        self.history = PeeweeLeadHistory(executor)
        self.idempotency = PeeweeIdempotencyStore(executor)
        self.imports = PeeweeImportStore(executor)
        self.leads = PeeweeLeadRepository(executor, full_text)
        self.leads_by_text = PeeweeLeadsByText(executor, full_text)
        self.quarantine = PeeweeQuarantine(executor)
        self.rejected_submissions = PeeweeRejectedSubmissions(executor)
        self.files = PeeweeFileStore(executor)

    def _add_deliveries_and_reports(self, executor: StatementExecutor) -> None:
        self.canary_runs = PeeweeCanaryRuns(executor)
        self.digest_days = PeeweeDigestDays(executor)
        self.disabled_endpoints = PeeweeDisabledEndpoints(executor)
        self.ledger = PeeweeReportLedger(executor)
        self.deliveries = PeeweeDeliveryRepository(executor)
        self.heartbeat = PeeweeHeartbeatStore(executor)
        self.mail_budgets = PeeweeMailBudgets(executor)
        self.rollups = PeeweeLeadRollups(executor)
        self.sealed_leads = PeeweeSealedLeads(executor)
        self.statistics = PeeweeLeadStatistics(executor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._executor.has_begun:
            with translated_errors():
                self._transaction.end()

    def commit(self) -> None:
        with translated_errors():
            if self._executor.has_begun:
                self._executor.flush()
                self._transaction.commit()
            elif self._executor.pending_writes:
                self._write_batcher.store(self._executor.pending_writes)
        if self._executor.has_erased:
            self._dialect.truncate_wal()
        else:
            self._dialect.retry_truncation()


class PeeweeUnitOfWorkFactory(UnitOfWorkFactory):
    """Creates units of work on one database."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._statement_cache = StatementCache(dialect)
        self.write_batcher = WriteBatcher(dialect.writing)

    def __call__(self) -> PeeweeUnitOfWork:
        return self._make(self._dialect.writing(), writable=True)

    def read_only(self) -> PeeweeUnitOfWork:
        return self._make(self._dialect.reading(), writable=False)

    def snapshot(self) -> PeeweeUnitOfWork:
        return self._make(self._dialect.snapshot(), writable=False)

    def _make(self, transaction: Transaction, *, writable: bool) -> PeeweeUnitOfWork:
        return PeeweeUnitOfWork(
            self._dialect, self._statement_cache, self.write_batcher, transaction, writable=writable
        )
