"""The storage in SQLite and PostgreSQL keeps the promises of its ports."""

import pytest

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.repositories.consistency_checks import PeeweeConsistencyChecks
from tests.contracts.accounts.account_links import AccountLinksContract
from tests.contracts.accounts.api_key_repository import ApiKeyRepositoryContract
from tests.contracts.accounts.assignment import AssignmentContract, OwnerNotificationContract
from tests.contracts.accounts.audit_log import AuditLogContract
from tests.contracts.accounts.external_identities import ExternalIdentitiesContract
from tests.contracts.accounts.second_factors import SecondFactorStoreContract
from tests.contracts.accounts.session_store import SessionStoreContract
from tests.contracts.accounts.user_repository import UserRepositoryContract
from tests.contracts.consistency_checks import ConsistencyChecksContract
from tests.contracts.deliveries.delivery_pages import DeliveryPagesContract
from tests.contracts.deliveries.delivery_repository import DeliveryRepositoryContract
from tests.contracts.deliveries.digest_days import DigestDaysContract
from tests.contracts.deliveries.disabled_endpoints import DisabledEndpointsContract
from tests.contracts.deliveries.mail_budgets import MailBudgetsContract
from tests.contracts.intake.canary_runs import CanaryRunsContract
from tests.contracts.intake.consents import ConsentsContract
from tests.contracts.intake.file_store import FileStoreContract
from tests.contracts.intake.idempotency_store import IdempotencyStoreContract
from tests.contracts.intake.import_store import ImportStoreContract
from tests.contracts.intake.quarantine import QuarantineContract
from tests.contracts.intake.rejected_submissions import RejectedSubmissionsContract
from tests.contracts.intake.resume_objects import ResumeObjectsContract
from tests.contracts.leads.follow_up_repository import FollowUpRepositoryContract
from tests.contracts.leads.lead_activity import LeadActivityContract
from tests.contracts.leads.lead_changes import LeadChangesContract
from tests.contracts.leads.lead_history import LeadHistoryContract
from tests.contracts.leads.lead_pages import LeadPagesContract
from tests.contracts.leads.lead_races import LeadRacesContract
from tests.contracts.leads.lead_repository import LeadRepositoryContract
from tests.contracts.leads.lead_search import LeadSearchContract
from tests.contracts.leads.lead_search_pages import LeadSearchPagesContract
from tests.contracts.leads.lead_statistics import LeadStatisticsContract
from tests.contracts.leads.leads_by_text import LeadsByTextContract
from tests.contracts.leads.reminders import RemindersContract
from tests.contracts.reports.heartbeat_store import HeartbeatStoreContract
from tests.contracts.reports.lead_rollups import LeadRollupsContract
from tests.contracts.reports.report_ledger import ReportLedgerContract
from tests.contracts.reports.sealed_leads import SealedLeadsContract
from tests.contracts.unit_of_work import UnitOfWorkContract


class TestPeeweeApiKeyRepository(ApiKeyRepositoryContract):
    pass


class TestPeeweeAuditLog(AuditLogContract):
    pass


class TestPeeweeDisabledEndpoints(DisabledEndpointsContract):
    pass


class TestPeeweeDeliveryPages(DeliveryPagesContract):
    pass


class TestPeeweeDeliveryRepository(DeliveryRepositoryContract):
    pass


class TestPeeweeConsistencyChecks(ConsistencyChecksContract):
    @pytest.fixture
    def consistency_checks(self, dialect: Dialect) -> PeeweeConsistencyChecks:
        return PeeweeConsistencyChecks(dialect)


class TestPeeweeLeadRepository(LeadRepositoryContract):
    pass


class TestPeeweeLeadPages(LeadPagesContract):
    pass


class TestPeeweeLeadsByText(LeadsByTextContract):
    pass


class TestPeeweeFollowUpRepository(FollowUpRepositoryContract):
    pass


class TestPeeweeReminders(RemindersContract):
    pass


class TestPeeweeCanaryRuns(CanaryRunsContract):
    pass


class TestPeeweeDigestDays(DigestDaysContract):
    pass


class TestPeeweeConsents(ConsentsContract):
    pass


class TestPeeweeIdempotencyStore(IdempotencyStoreContract):
    pass


class TestPeeweeImportStore(ImportStoreContract):
    pass


class TestPeeweeLeadActivity(LeadActivityContract):
    pass


class TestPeeweeLeadHistory(LeadHistoryContract):
    pass


class TestPeeweeLeadStatistics(LeadStatisticsContract):
    pass


class TestPeeweeLeadChanges(LeadChangesContract):
    pass


class TestPeeweeAssignment(AssignmentContract):
    pass


class TestPeeweeOwnerNotification(OwnerNotificationContract):
    pass


class TestPeeweeLeadRaces(LeadRacesContract):
    pass


class TestPeeweeLeadSearch(LeadSearchContract):
    pass


class TestPeeweeLeadSearchPages(LeadSearchPagesContract):
    pass


class TestPeeweeHeartbeatStore(HeartbeatStoreContract):
    pass


class TestPeeweeMailBudgets(MailBudgetsContract):
    pass


class TestPeeweeQuarantine(QuarantineContract):
    pass


class TestPeeweeRejectedSubmissions(RejectedSubmissionsContract):
    """Rejected submissions."""


class TestPeeweeReportLedger(ReportLedgerContract):
    pass


class TestPeeweeLeadRollups(LeadRollupsContract):
    pass


class TestPeeweeSealedLeads(SealedLeadsContract):
    pass


class TestPeeweeResumeObjects(ResumeObjectsContract):
    pass


class TestPeeweeFileStore(FileStoreContract):
    pass


class TestPeeweeExternalIdentities(ExternalIdentitiesContract):
    pass


class TestPeeweeAccountLinks(AccountLinksContract):
    pass


class TestPeeweeSecondFactorStore(SecondFactorStoreContract):
    pass


class TestPeeweeSessionStore(SessionStoreContract):
    pass


class TestPeeweeUserRepository(UserRepositoryContract):
    pass


class TestPeeweeUnitOfWork(UnitOfWorkContract):
    pass
