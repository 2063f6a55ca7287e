"""The storage in memory keeps the promises of its ports."""

import pytest

from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from tests.contracts.accounts.account_links import AccountLinksContract
from tests.contracts.accounts.api_key_repository import ApiKeyRepositoryContract
from tests.contracts.accounts.assignment import AssignmentContract, OwnerNotificationContract
from tests.contracts.accounts.audit_log import AuditLogContract
from tests.contracts.accounts.external_identities import ExternalIdentitiesContract
from tests.contracts.accounts.second_factors import SecondFactorStoreContract, SecretBoxContract
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
from tests.contracts.intake.object_store import ObjectStoreContract
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
from tests.support.builders import make_lead
from tests.support.memory.accounts.second_factors import MemorySecretBox
from tests.support.memory.consistency_checks import MemoryConsistencyChecks
from tests.support.memory.leads.object_store import MemoryObjectStore
from tests.support.memory.schema import MemorySchema
from tests.support.memory.store import MemoryStore
from tests.support.memory.unit_of_work import MemoryUnitOfWorkFactory


class TestMemoryAuditLog(AuditLogContract):
    pass


class TestMemoryApiKeyRepository(ApiKeyRepositoryContract):
    pass


class TestMemoryDisabledEndpoints(DisabledEndpointsContract):
    pass


class TestMemoryDeliveryPages(DeliveryPagesContract):
    pass


class TestMemoryDeliveryRepository(DeliveryRepositoryContract):
    pass


class TestMemoryConsistencyChecks(ConsistencyChecksContract):
    @pytest.fixture
    def consistency_checks(self, store: MemoryStore) -> MemoryConsistencyChecks:
        return MemoryConsistencyChecks(store)


class TestMemoryLeadRepository(LeadRepositoryContract):
    pass


class TestMemoryLeadPages(LeadPagesContract):
    pass


class TestMemoryLeadsByText(LeadsByTextContract):
    pass


class TestMemoryFollowUpRepository(FollowUpRepositoryContract):
    pass


class TestMemoryReminders(RemindersContract):
    pass


class TestMemoryCanaryRuns(CanaryRunsContract):
    pass


class TestMemoryDigestDays(DigestDaysContract):
    pass


class TestMemoryConsents(ConsentsContract):
    pass


class TestMemoryIdempotencyStore(IdempotencyStoreContract):
    pass


class TestMemoryLeadActivity(LeadActivityContract):
    pass


class TestMemoryLeadHistory(LeadHistoryContract):
    pass


class TestMemoryLeadStatistics(LeadStatisticsContract):
    pass


class TestMemoryLeadChanges(LeadChangesContract):
    pass


class TestMemoryAssignment(AssignmentContract):
    pass


class TestMemoryOwnerNotification(OwnerNotificationContract):
    pass


class TestMemoryLeadRaces(LeadRacesContract):
    pass


class TestMemoryLeadSearch(LeadSearchContract):
    pass


class TestMemoryLeadSearchPages(LeadSearchPagesContract):
    pass


class TestMemoryHeartbeatStore(HeartbeatStoreContract):
    pass


class TestMemoryMailBudgets(MailBudgetsContract):
    pass


class TestMemoryQuarantine(QuarantineContract):
    pass


class TestMemoryImportStore(ImportStoreContract):
    """Records of imports."""


class TestMemoryRejectedSubmissions(RejectedSubmissionsContract):
    """Rejected submissions."""


class TestMemoryReportLedger(ReportLedgerContract):
    pass


class TestMemoryLeadRollups(LeadRollupsContract):
    pass


class TestMemorySealedLeads(SealedLeadsContract):
    pass


class TestMemoryResumeObjects(ResumeObjectsContract):
    pass


class TestMemoryObjectStore(ObjectStoreContract):
    @pytest.fixture
    def objects(self) -> MemoryObjectStore:
        return MemoryObjectStore()


class TestMemoryFileStore(FileStoreContract):
    pass


class TestMemoryExternalIdentities(ExternalIdentitiesContract):
    pass


class TestMemoryAccountLinks(AccountLinksContract):
    pass


class TestMemorySecondFactorStore(SecondFactorStoreContract):
    pass


class TestMemorySecretBox(SecretBoxContract):
    @pytest.fixture
    def box(self) -> SecretBox:
        return MemorySecretBox()

    @pytest.fixture
    def other_box(self) -> SecretBox:
        return MemorySecretBox("other")


class TestMemorySessionStore(SessionStoreContract):
    pass


class TestMemoryUserRepository(UserRepositoryContract):
    pass


class TestMemoryUnitOfWork(UnitOfWorkContract):
    def test_units_of_work_are_not_nested(self, unit_of_work: MemoryUnitOfWorkFactory) -> None:
        with unit_of_work(), pytest.raises(RuntimeError, match="nested"), unit_of_work():
            pass
        with unit_of_work() as tx:
            tx.commit()

    def test_unavailable_store_does_nothing(
        self, unit_of_work: MemoryUnitOfWorkFactory, store: MemoryStore
    ) -> None:
        with pytest.raises(StorageUnavailable), unit_of_work() as tx:
            tx.leads.add(make_lead())
            store.is_available = False
            tx.commit()
        for begin in (unit_of_work, unit_of_work.read_only):
            with pytest.raises(StorageUnavailable), begin():
                pass
        store.is_available = True
        with unit_of_work.read_only() as tx:
            assert tx.leads.count_for_report(make_lead().created_at, make_lead().created_at) == 0


class TestMemorySchema:
    def test_memory_schema_has_no_migrations(self, store: MemoryStore) -> None:
        schema = MemorySchema(store)
        schema.prepare()
        assert (schema.migrations(), schema.migrate()) == ([], [])

    def test_unavailable_store_has_no_schema(self, store: MemoryStore) -> None:
        store.is_available = False
        schema = MemorySchema(store)
        for ask in (schema.migrations, schema.migrate, schema.prepare):
            with pytest.raises(StorageUnavailable):
                ask()
