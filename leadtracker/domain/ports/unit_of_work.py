"""Port: transactions over all repositories."""

from types import TracebackType
from typing import Protocol, Self

from leadtracker.domain.ports.accounts.account_links import AccountLinks
from leadtracker.domain.ports.accounts.api_key_repository import ApiKeyRepository
from leadtracker.domain.ports.accounts.audit_log import AuditLog
from leadtracker.domain.ports.accounts.external_identities import ExternalIdentities
from leadtracker.domain.ports.accounts.second_factors import SecondFactorStore
from leadtracker.domain.ports.accounts.session_store import SessionStore
from leadtracker.domain.ports.accounts.user_repository import UserRepository
from leadtracker.domain.ports.deliveries.delivery_repository import DeliveryRepository
from leadtracker.domain.ports.deliveries.mail_budgets import MailBudgets
from leadtracker.domain.ports.deliveries.webhooks import DisabledEndpoints
from leadtracker.domain.ports.intake.canary import CanaryRuns
from leadtracker.domain.ports.intake.consents import Consents
from leadtracker.domain.ports.intake.idempotency_store import IdempotencyStore
from leadtracker.domain.ports.intake.import_store import ImportStore
from leadtracker.domain.ports.intake.quarantine import Quarantine
from leadtracker.domain.ports.intake.rejected_submissions import RejectedSubmissions
from leadtracker.domain.ports.leads.file_store import FileStore
from leadtracker.domain.ports.leads.follow_up_repository import FollowUpRepository
from leadtracker.domain.ports.leads.lead_activity import LeadActivity
from leadtracker.domain.ports.leads.lead_history import LeadHistory
from leadtracker.domain.ports.leads.lead_repository import LeadRepository
from leadtracker.domain.ports.leads.lead_statistics import LeadStatistics
from leadtracker.domain.ports.leads.leads_by_text import LeadsByText
from leadtracker.domain.ports.reports.lead_rollups import LeadRollups
from leadtracker.domain.ports.reports.report_ledger import ReportLedger
from leadtracker.domain.ports.reports.sealed_leads import SealedLeads
from leadtracker.domain.ports.scheduling import DigestDays, HeartbeatStore


class UnitOfWork(Protocol):
    """One transaction: ``with unit_of_work() as tx: …; tx.commit()``.

    Leaving the block without ``commit`` rolls back. Units of work are neither nested nor shared between
    threads, and contain no network call and no password hashing. Writes that return nothing may be executed
    as late as the commit, which then raises their errors.
    """

    activity: LeadActivity
    account_links: AccountLinks
    api_keys: ApiKeyRepository
    audit_log: AuditLog
    canary_runs: CanaryRuns
    consents: Consents
    digest_days: DigestDays
    disabled_endpoints: DisabledEndpoints
    external_identities: ExternalIdentities
    follow_ups: FollowUpRepository
    history: LeadHistory
    idempotency: IdempotencyStore
    imports: ImportStore
    leads: LeadRepository
    leads_by_text: LeadsByText
    ledger: ReportLedger
    deliveries: DeliveryRepository
    heartbeat: HeartbeatStore
    mail_budgets: MailBudgets
    quarantine: Quarantine
    rejected_submissions: RejectedSubmissions
    rollups: LeadRollups
    sealed_leads: SealedLeads
    files: FileStore
    second_factors: SecondFactorStore
    sessions: SessionStore
    statistics: LeadStatistics
    users: UserRepository

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """Store everything durably; the last call in a unit of work."""
        ...


class UnitOfWorkFactory(Protocol):
    """Creates units of work."""

    def __call__(self) -> UnitOfWork:
        """Return a unit of work that may write."""
        ...

    def read_only(self) -> UnitOfWork:
        """Return a unit of work that only reads, without waiting for locks or holding any."""
        ...

    def snapshot(self) -> UnitOfWork:
        """Like ``read_only``, but all reads see the same snapshot.

        It should end within about a second, since an open snapshot keeps old row versions alive.
        """
        ...
