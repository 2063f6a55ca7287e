"""All use cases, wired to one store, one clock and one receiver that the test holds in its hands."""

from datetime import UTC, time, timedelta, tzinfo

from attrs import Factory, define

from leadtracker.domain.model.accounts.access import PUBLIC, Actor, Role
from leadtracker.domain.model.deliveries.digest import DigestTime
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.leads.object_store import ObjectStore
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.accounts.manage_api_keys import ManageApiKeys
from leadtracker.domain.use_cases.accounts.manage_users import EnsureAdmin, ManageUsers
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from leadtracker.domain.use_cases.deliveries.compose_mail import WriteMail
from leadtracker.domain.use_cases.deliveries.deliver_mail import DeliverMail
from leadtracker.domain.use_cases.deliveries.deliver_webhooks import DeliverWebhooks
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryWorker
from leadtracker.domain.use_cases.deliveries.enqueue_mail import EnqueueMail
from leadtracker.domain.use_cases.deliveries.enqueue_webhooks import EnqueueWebhooks
from leadtracker.domain.use_cases.deliveries.manage_deliveries import ManageDeliveries
from leadtracker.domain.use_cases.deliveries.manage_webhooks import ManageWebhooks
from leadtracker.domain.use_cases.follow_ups.enqueue_digest import MakeDigest
from leadtracker.domain.use_cases.follow_ups.find_follow_ups import FindFollowUps
from leadtracker.domain.use_cases.follow_ups.read_digest import ReadDigest
from leadtracker.domain.use_cases.follow_ups.record_follow_up import RecordFollowUp
from leadtracker.domain.use_cases.follow_ups.remind_follow_ups import RemindFollowUps
from leadtracker.domain.use_cases.leads.capture_lead import CaptureLead, DuplicatePolicy
from leadtracker.domain.use_cases.leads.change_states import ChangeLeadStates
from leadtracker.domain.use_cases.leads.erase_lead import EraseLead
from leadtracker.domain.use_cases.leads.export_personal_data import ExportPersonalData
from leadtracker.domain.use_cases.leads.find_leads import ExportLeads, FindLeads, GetLead
from leadtracker.domain.use_cases.leads.import_leads import ImportLeads
from leadtracker.domain.use_cases.leads.issue_form_token import IssueFormToken
from leadtracker.domain.use_cases.leads.manage_quarantine import ManageQuarantine
from leadtracker.domain.use_cases.leads.purge_idempotency_keys import PurgeIdempotencyKeys
from leadtracker.domain.use_cases.leads.read_history import AddNote, ReadHistory
from leadtracker.domain.use_cases.leads.update_lead import UpdateLead
from leadtracker.domain.use_cases.operations.check_health import CheckHealth
from leadtracker.domain.use_cases.operations.run_diagnostics import RunDiagnostics
from leadtracker.domain.use_cases.reports.read_reports import ReadReports
from leadtracker.domain.use_cases.reports.read_statistics import ReadStatistics
from leadtracker.domain.use_cases.reports.seal_weeks import SealWeeks
from leadtracker.domain.use_cases.reports.send_due_reports import SendDueReports
from leadtracker.domain.use_cases.reports.send_report_now import ScheduleReport, SendReportNow
from leadtracker.domain.use_cases.reports.send_report_once import SendReportOnce
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule
from leadtracker.domain.use_cases.resumes.load_resume import LoadResume
from leadtracker.domain.use_cases.resumes.resume_storage import ResumeStorage
from leadtracker.domain.use_cases.resumes.resumes import GetResume, PutResume
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.memory.clock import MemoryClock
from tests.support.memory.consistency_checks import MemoryConsistencyChecks
from tests.support.memory.email_sender import MemoryEmailSender
from tests.support.memory.email_writer import MemoryEmailWriter
from tests.support.memory.id_source import MemoryIdSource
from tests.support.memory.password_hasher import MemoryPasswordHasher
from tests.support.memory.phone_parser import MemoryPhoneParser
from tests.support.memory.report_sink import MemoryReportSink
from tests.support.memory.schema import MemorySchema
from tests.support.memory.store import MemoryStore
from tests.support.memory.unit_of_work import MemoryUnitOfWorkFactory
from tests.support.memory.webhook_sender import MemoryWebhookSender

VIEWER, AGENT, ADMIN = (Actor(f"user:{role}", role) for role in Role)


@define
class InMemoryApp:
    """One installation in memory; ``unit_of_work`` and ``sink`` can be replaced by others."""

    zone: tzinfo = UTC
    catch_up_weeks: int = 8
    public_duplicates: DuplicatePolicy = DuplicatePolicy.LINK
    notify: tuple[EmailAddress, ...] = ()
    digest_at: time | None = time(8)
    untouched_for: timedelta = timedelta(hours=24)
    endpoints: tuple[WebhookEndpoint, ...] = ()
    store: MemoryStore = Factory(MemoryStore)
    clock: MemoryClock = Factory(lambda: MemoryClock(NOW))
    ids: MemoryIdSource = Factory(MemoryIdSource)
    hasher: MemoryPasswordHasher = Factory(MemoryPasswordHasher)
    phones: MemoryPhoneParser = Factory(MemoryPhoneParser)
    receiver: MemoryReportSink = Factory(MemoryReportSink)
    email_writer: MemoryEmailWriter = Factory(MemoryEmailWriter)
    email_sender: MemoryEmailSender = Factory(MemoryEmailSender)
    objects: ObjectStore | None = None
    webhook_sender: MemoryWebhookSender = Factory(MemoryWebhookSender)
    sink: ReportSink = Factory(lambda self: self.receiver, takes_self=True)
    unit_of_work: UnitOfWorkFactory = Factory(
        lambda self: MemoryUnitOfWorkFactory(self.store), takes_self=True
    )

    @property
    def schedule(self) -> WeeklySchedule:
        return WeeklySchedule(self.zone, self.catch_up_weeks)

    @property
    def enqueue_mail(self) -> EnqueueMail:
        return EnqueueMail(self.ids, self.notify)

    @property
    def resume_storage(self) -> ResumeStorage:
        return ResumeStorage(self.unit_of_work, self.clock, self.ids, self.objects)

    @property
    def load_resume(self) -> LoadResume:
        return LoadResume(self.unit_of_work, self.objects)

    @property
    def enqueue_webhooks(self) -> EnqueueWebhooks:
        return EnqueueWebhooks(self.ids, self.endpoints)

    @property
    def deliver_webhooks(self) -> DeliverWebhooks:
        return DeliverWebhooks(
            self.unit_of_work, self.clock, self.delivery_worker, self.webhook_sender, self.endpoints
        )

    @property
    def manage_webhooks(self) -> ManageWebhooks:
        return ManageWebhooks(self.unit_of_work, self.clock, self.ids, self.webhook_sender, self.endpoints)

    @property
    def delivery_worker(self) -> DeliveryWorker:
        return DeliveryWorker(self.unit_of_work, self.clock, self.ids)

    @property
    def deliver_mail(self) -> DeliverMail:
        return DeliverMail(self.clock, self.delivery_worker, self.write_mail, self.email_sender)

    @property
    def read_digest(self) -> ReadDigest:
        return ReadDigest(self.untouched_for)

    @property
    def write_mail(self) -> WriteMail:
        return WriteMail(self.unit_of_work, self.clock, self.email_writer, self.read_digest)

    @property
    def remind_follow_ups(self) -> RemindFollowUps:
        return RemindFollowUps(self.unit_of_work, self.clock, self.enqueue_mail)

    @property
    def make_digest(self) -> MakeDigest:
        time = DigestTime(self.zone, self.digest_at)
        return MakeDigest(self.unit_of_work, self.clock, time, self.read_digest, self.enqueue_mail)

    @property
    def manage_deliveries(self) -> ManageDeliveries:
        return ManageDeliveries(self.unit_of_work, self.clock)

    @property
    def capture_lead(self) -> CaptureLead:
        return CaptureLead(
            self.unit_of_work,
            self.clock,
            self.ids,
            self.phones,
            self.public_duplicates,
            self.enqueue_mail,
            self.resume_storage,
            self.enqueue_webhooks,
        )

    @property
    def issue_form_token(self) -> IssueFormToken:
        return IssueFormToken(self.clock, self.ids)

    @property
    def manage_quarantine(self) -> ManageQuarantine:
        return ManageQuarantine(self.unit_of_work, self.clock, self.enqueue_mail, self.enqueue_webhooks)

    @property
    def get_lead(self) -> GetLead:
        return GetLead(self.unit_of_work)

    @property
    def find_leads(self) -> FindLeads:
        return FindLeads(self.unit_of_work)

    @property
    def export_leads(self) -> ExportLeads:
        return ExportLeads(self.unit_of_work)

    @property
    def import_leads(self) -> ImportLeads:
        return ImportLeads(self.unit_of_work, self.clock, self.ids, self.phones, self.enqueue_mail)

    @property
    def update_lead(self) -> UpdateLead:
        return UpdateLead(self.unit_of_work, self.clock, self.phones, self.enqueue_webhooks)

    @property
    def change_lead_states(self) -> ChangeLeadStates:
        return ChangeLeadStates(self.update_lead)

    @property
    def erase_lead(self) -> EraseLead:
        return EraseLead(self.unit_of_work, self.clock, self.resume_storage, self.enqueue_webhooks)

    @property
    def export_personal_data(self) -> ExportPersonalData:
        return ExportPersonalData(self.unit_of_work, self.clock)

    @property
    def get_resume(self) -> GetResume:
        return GetResume(self.unit_of_work, self.load_resume)

    @property
    def put_resume(self) -> PutResume:
        return PutResume(self.unit_of_work, self.clock, self.resume_storage, self.enqueue_webhooks)

    @property
    def read_history(self) -> ReadHistory:
        return ReadHistory(self.unit_of_work)

    @property
    def add_note(self) -> AddNote:
        return AddNote(self.unit_of_work, self.clock)

    @property
    def record_follow_up(self) -> RecordFollowUp:
        return RecordFollowUp(
            self.unit_of_work, self.clock, self.ids, self.enqueue_mail, self.enqueue_webhooks
        )

    @property
    def find_follow_ups(self) -> FindFollowUps:
        return FindFollowUps(self.unit_of_work, self.clock, self.zone)

    @property
    def read_statistics(self) -> ReadStatistics:
        return ReadStatistics(self.unit_of_work, self.zone)

    @property
    def purge_idempotency_keys(self) -> PurgeIdempotencyKeys:
        return PurgeIdempotencyKeys(self.unit_of_work, self.clock)

    @property
    def sign_in(self) -> SignIn:
        return SignIn(self.unit_of_work, self.hasher)

    @property
    def manage_users(self) -> ManageUsers:
        return ManageUsers(self.unit_of_work, self.clock, self.hasher)

    @property
    def manage_api_keys(self) -> ManageApiKeys:
        return ManageApiKeys(self.unit_of_work, self.clock, self.ids)

    @property
    def ensure_admin(self) -> EnsureAdmin:
        return EnsureAdmin(self.manage_users, self.ids)

    @property
    def send_report_once(self) -> SendReportOnce:
        return SendReportOnce(self.delivery_worker, self.sink)

    @property
    def seal_weeks(self) -> SealWeeks:
        return SealWeeks(self.unit_of_work, self.clock, self.schedule)

    @property
    def send_due_reports(self) -> SendDueReports:
        return SendDueReports(self.unit_of_work, self.clock, self.send_report_once)

    @property
    def schedule_report(self) -> ScheduleReport:
        return ScheduleReport(self.unit_of_work, self.clock, self.schedule)

    @property
    def send_report_now(self) -> SendReportNow:
        return SendReportNow(self.unit_of_work, self.clock, self.schedule, self.send_report_once)

    @property
    def read_reports(self) -> ReadReports:
        return ReadReports(self.unit_of_work, self.clock, self.schedule)

    @property
    def check_health(self) -> CheckHealth:
        return CheckHealth(self.unit_of_work, MemorySchema(self.store), self.clock)

    @property
    def run_diagnostics(self) -> RunDiagnostics:
        consistency_checks = MemoryConsistencyChecks(self.store)
        return RunDiagnostics(
            self.check_health, self.unit_of_work, consistency_checks, self.load_resume, self.clock, self.zone
        )

    def receive(self, *addresses: str, actor: Actor = PUBLIC) -> list[Lead]:
        """Capture a lead of each address now."""
        return [self.capture_lead(actor, make_fields(address)).lead for address in addresses]

    def leads(self) -> list[Lead]:
        """Every stored lead, oldest first."""
        with self.unit_of_work.read_only() as tx:
            page = tx.leads.page(LeadFilter(duplicates=Duplicates.INCLUDE), limit=10_000)
        return sorted(page.leads, key=lambda lead: (lead.created_at, lead.id))

    def reports(self) -> list[WeeklyReport]:
        """Every stored report, oldest week first."""
        with self.unit_of_work.read_only() as tx:
            return tx.ledger.all()

    def tick(self, step: timedelta = timedelta(0)) -> list[WeeklyReport]:
        """Let some time pass and do what a scheduler does then; tell what was attempted."""
        self.clock.advance(step)
        self.seal_weeks()
        return list(self.send_due_reports())
