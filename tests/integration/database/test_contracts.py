"""The storage in SQLite and PostgreSQL keeps the promises of its ports."""

import pytest

from leadtracker.adapters.database.dialect import Dialect
from leadtracker.adapters.database.inspection import PeeweeInspection
from tests.support.contracts.api_key_repository import ApiKeyRepositoryContract
from tests.support.contracts.digest_days import DigestDaysContract
from tests.support.contracts.disabled_endpoints import DisabledEndpointsContract
from tests.support.contracts.follow_up_repository import FollowUpRepositoryContract
from tests.support.contracts.idempotency_store import IdempotencyStoreContract
from tests.support.contracts.inspection import InspectionContract
from tests.support.contracts.lead_changes import LeadChangesContract
from tests.support.contracts.lead_history import LeadHistoryContract
from tests.support.contracts.lead_pages import LeadPagesContract
from tests.support.contracts.lead_races import LeadRacesContract
from tests.support.contracts.lead_repository import LeadRepositoryContract
from tests.support.contracts.lead_search import LeadSearchContract
from tests.support.contracts.lead_search_pages import LeadSearchPagesContract
from tests.support.contracts.lead_statistics import LeadStatisticsContract
from tests.support.contracts.outbox import OutboxContract
from tests.support.contracts.pulse_store import PulseStoreContract
from tests.support.contracts.quarantine import QuarantineContract
from tests.support.contracts.reminders import RemindersContract
from tests.support.contracts.report_ledger import ReportLedgerContract
from tests.support.contracts.resume_objects import ResumeObjectsContract
from tests.support.contracts.resume_store import ResumeStoreContract
from tests.support.contracts.session_store import SessionStoreContract
from tests.support.contracts.unit_of_work import UnitOfWorkContract
from tests.support.contracts.user_repository import UserRepositoryContract


class TestPeeweeApiKeyRepository(ApiKeyRepositoryContract):
    pass


class TestPeeweeDisabledEndpoints(DisabledEndpointsContract):
    pass


class TestPeeweeOutbox(OutboxContract):
    pass


class TestPeeweeInspection(InspectionContract):
    @pytest.fixture
    def inspection(self, dialect: Dialect) -> PeeweeInspection:
        return PeeweeInspection(dialect)


class TestPeeweeLeadRepository(LeadRepositoryContract):
    pass


class TestPeeweeLeadPages(LeadPagesContract):
    pass


class TestPeeweeFollowUpRepository(FollowUpRepositoryContract):
    pass


class TestPeeweeReminders(RemindersContract):
    pass


class TestPeeweeDigestDays(DigestDaysContract):
    pass


class TestPeeweeIdempotencyStore(IdempotencyStoreContract):
    pass


class TestPeeweeLeadHistory(LeadHistoryContract):
    pass


class TestPeeweeLeadStatistics(LeadStatisticsContract):
    pass


class TestPeeweeLeadChanges(LeadChangesContract):
    pass


class TestPeeweeLeadRaces(LeadRacesContract):
    pass


class TestPeeweeLeadSearch(LeadSearchContract):
    pass


class TestPeeweeLeadSearchPages(LeadSearchPagesContract):
    pass


class TestPeeweePulseStore(PulseStoreContract):
    pass


class TestPeeweeQuarantine(QuarantineContract):
    pass


class TestPeeweeReportLedger(ReportLedgerContract):
    pass


class TestPeeweeResumeObjects(ResumeObjectsContract):
    pass


class TestPeeweeResumeStore(ResumeStoreContract):
    pass


class TestPeeweeSessionStore(SessionStoreContract):
    pass


class TestPeeweeUserRepository(UserRepositoryContract):
    pass


class TestPeeweeUnitOfWork(UnitOfWorkContract):
    pass
