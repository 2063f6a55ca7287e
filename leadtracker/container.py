"""The composition root: the only place that knows which adapter fills which port.

Adapters whose libraries take long to load, and that few processes need, are imported where they are built.
"""

from collections.abc import Iterator

from dependency_injector import containers, providers

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.engine.dialects.selection import dialect_for
from leadtracker.adapters.database.repositories.consistency_checks import PeeweeConsistencyChecks
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.adapters.log.report_sink import LogReportSink
from leadtracker.adapters.mail.file_email_sender import FileEmailSender
from leadtracker.adapters.mail.template_email_writer import JinjaEmailWriter
from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.adapters.system.clock import SystemClock
from leadtracker.adapters.system.id_source import SystemIdSource
from leadtracker.adapters.system.password_hasher import (
    Argon2PasswordHasher,
    CachingPasswordHasher,
)
from leadtracker.adapters.system.phone_parser import LibPhoneParser
from leadtracker.domain.model.deliveries.digest import DigestTime
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookSecret
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.email_sender import EmailSender
from leadtracker.domain.ports.deliveries.email_writer import EmailWriter
from leadtracker.domain.ports.deliveries.webhook_sender import WebhookSender
from leadtracker.domain.ports.leads.object_store import ObjectStore
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.use_cases.accounts.change_password import ChangePassword
from leadtracker.domain.use_cases.accounts.manage_api_keys import ManageApiKeys
from leadtracker.domain.use_cases.accounts.manage_users import EnsureAdmin, ManageUsers
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from leadtracker.domain.use_cases.accounts.user_sessions import UserSessions
from leadtracker.domain.use_cases.deliveries.compose_mail import WriteMail
from leadtracker.domain.use_cases.deliveries.deliver_mail import DeliverMail
from leadtracker.domain.use_cases.deliveries.deliver_webhooks import DeliverWebhooks
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryWorker
from leadtracker.domain.use_cases.deliveries.enqueue_mail import EnqueueMail
from leadtracker.domain.use_cases.deliveries.enqueue_webhooks import EnqueueWebhooks
from leadtracker.domain.use_cases.deliveries.manage_deliveries import ManageDeliveries
from leadtracker.domain.use_cases.deliveries.manage_webhooks import ManageWebhooks
from leadtracker.domain.use_cases.deliveries.send_test_mail import SendTestMail
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
from leadtracker.domain.use_cases.operations.read_metrics import ReadMetrics
from leadtracker.domain.use_cases.operations.run_diagnostics import RunDiagnostics
from leadtracker.domain.use_cases.reports.cached_statistics import CachedStatistics
from leadtracker.domain.use_cases.reports.read_dashboard import ReadDashboard
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
from leadtracker.settings import DATABASE, PREFIX, Settings, SettingsError


def _report_sink(settings: Settings, clock: Clock) -> ReportSink:
    if settings.retool_url is None:
        return LogReportSink()
    from leadtracker.adapters.retool.report_sink import RetoolReportSink

    key = settings.retool_api_key
    return RetoolReportSink(
        settings.retool_url.get_secret_value(), key.get_secret_value() if key else None, clock
    )


def _email_sender(settings: Settings, clock: Clock) -> Iterator[EmailSender]:
    sender: EmailSender = FileEmailSender(settings.mail_folder, settings.mail_from, clock)
    if settings.smtp_url is not None:
        from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender

        sender = SmtpEmailSender(settings.smtp_url.get_secret_value(), settings.mail_from, clock)
    yield sender
    sender.close()


def _email_writer(settings: Settings) -> EmailWriter:
    try:
        return JinjaEmailWriter(settings.base_url, settings.timezone, settings.mail_templates)
    except ValueError as error:
        # Only the adapter knows what a good template is.
        raise SettingsError(f"{PREFIX}MAIL_TEMPLATES: {error}") from None


def _object_store(settings: Settings) -> ObjectStore | None:
    """Where contents of resumes are kept; None if that is the database."""
    if settings.resumes_folder is not None:
        return FolderObjectStore(settings.resumes_folder)
    if settings.resumes_url == DATABASE:
        return None
    from leadtracker.adapters.storage.s3_object_store import S3ObjectStore

    return S3ObjectStore(settings.resumes_url)


def _notify_addresses(settings: Settings) -> tuple[EmailAddress, ...]:
    return tuple(EmailAddress.parse(address) for address in settings.notify_addresses)


def _webhook_sender(settings: Settings, clock: Clock) -> WebhookSender:
    from leadtracker.adapters.webhooks.webhook_sender import HttpWebhookSender

    return HttpWebhookSender([WebhookSecret.parse(text) for text in settings.webhook_secrets], clock)


def _webhook_endpoints(settings: Settings) -> tuple[WebhookEndpoint, ...]:
    return tuple(WebhookEndpoint(url) for url in settings.webhook_endpoints)


def _duplicate_policy(settings: Settings) -> DuplicatePolicy:
    return DuplicatePolicy(settings.public_duplicates)


class Container(containers.DeclarativeContainer):
    """Everything built from the settings, on first use, once per process.

    Entrypoints take use cases from here and nothing else. ``ThreadSafeSingleton`` throughout: the plain
    one can build several objects when threads ask at the same moment. Only what has to say goodbye in the
    end is a ``Resource``, for ``shutdown_resources()``.
    """

    settings = providers.Dependency(instance_of=Settings)

    clock = providers.ThreadSafeSingleton(SystemClock)
    ids = providers.ThreadSafeSingleton(SystemIdSource)
    phones = providers.ThreadSafeSingleton(LibPhoneParser, region=settings.provided.phone_region)
    hasher = providers.ThreadSafeSingleton(
        CachingPasswordHasher, providers.ThreadSafeSingleton(Argon2PasswordHasher)
    )
    dialect = providers.ThreadSafeSingleton(dialect_for, settings.provided.database)
    unit_of_work = providers.ThreadSafeSingleton(PeeweeUnitOfWorkFactory, dialect)
    schema = providers.ThreadSafeSingleton(PeeweeSchema, dialect)
    consistency_checks = providers.ThreadSafeSingleton(PeeweeConsistencyChecks, dialect)
    report_sink = providers.ThreadSafeSingleton(_report_sink, settings, clock)
    weekly_schedule = providers.ThreadSafeSingleton(
        WeeklySchedule,
        zone=settings.provided.timezone,
        catch_up_weeks=settings.provided.report_catchup_weeks,
    )

    objects = providers.ThreadSafeSingleton(_object_store, settings)
    backup_store = providers.ThreadSafeSingleton(PeeweeBackupStore, dialect, objects)
    resume_storage = providers.ThreadSafeSingleton(ResumeStorage, unit_of_work, clock, ids, objects)
    load_resume = providers.ThreadSafeSingleton(LoadResume, unit_of_work, objects)

    enqueue_mail = providers.ThreadSafeSingleton(
        EnqueueMail, ids, providers.Callable(_notify_addresses, settings)
    )
    enqueue_webhooks = providers.ThreadSafeSingleton(
        EnqueueWebhooks, ids, providers.Callable(_webhook_endpoints, settings)
    )
    manage_deliveries = providers.ThreadSafeSingleton(ManageDeliveries, unit_of_work, clock)

    capture_lead = providers.ThreadSafeSingleton(
        CaptureLead,
        unit_of_work,
        clock,
        ids,
        phones,
        providers.Callable(_duplicate_policy, settings),
        enqueue_mail,
        resume_storage,
        enqueue_webhooks,
    )
    issue_form_token = providers.ThreadSafeSingleton(IssueFormToken, clock, ids)
    manage_quarantine = providers.ThreadSafeSingleton(
        ManageQuarantine, unit_of_work, clock, enqueue_mail, enqueue_webhooks
    )
    get_lead = providers.ThreadSafeSingleton(GetLead, unit_of_work)
    find_leads = providers.ThreadSafeSingleton(FindLeads, unit_of_work)
    export_leads = providers.ThreadSafeSingleton(ExportLeads, unit_of_work)
    import_leads = providers.ThreadSafeSingleton(ImportLeads, unit_of_work, clock, ids, phones, enqueue_mail)
    update_lead = providers.ThreadSafeSingleton(UpdateLead, unit_of_work, clock, phones, enqueue_webhooks)
    change_lead_states = providers.ThreadSafeSingleton(ChangeLeadStates, update_lead)
    erase_lead = providers.ThreadSafeSingleton(
        EraseLead, unit_of_work, clock, resume_storage, enqueue_webhooks
    )
    export_personal_data = providers.ThreadSafeSingleton(ExportPersonalData, unit_of_work, clock)
    get_resume = providers.ThreadSafeSingleton(GetResume, unit_of_work, load_resume)
    put_resume = providers.ThreadSafeSingleton(
        PutResume, unit_of_work, clock, resume_storage, enqueue_webhooks
    )
    read_history = providers.ThreadSafeSingleton(ReadHistory, unit_of_work)
    add_note = providers.ThreadSafeSingleton(AddNote, unit_of_work, clock)
    record_follow_up = providers.ThreadSafeSingleton(
        RecordFollowUp, unit_of_work, clock, ids, enqueue_mail, enqueue_webhooks
    )
    find_follow_ups = providers.ThreadSafeSingleton(
        FindFollowUps, unit_of_work, clock, settings.provided.timezone
    )
    read_statistics = providers.ThreadSafeSingleton(ReadStatistics, unit_of_work, settings.provided.timezone)
    purge_idempotency_keys = providers.ThreadSafeSingleton(PurgeIdempotencyKeys, unit_of_work, clock)

    sign_in = providers.ThreadSafeSingleton(SignIn, unit_of_work, hasher)
    user_sessions = providers.ThreadSafeSingleton(UserSessions, unit_of_work, clock, ids, sign_in)
    manage_users = providers.ThreadSafeSingleton(ManageUsers, unit_of_work, clock, hasher)
    change_password = providers.ThreadSafeSingleton(ChangePassword, sign_in, manage_users)
    manage_api_keys = providers.ThreadSafeSingleton(ManageApiKeys, unit_of_work, clock, ids)
    ensure_admin = providers.ThreadSafeSingleton(EnsureAdmin, manage_users, ids)

    delivery_worker = providers.ThreadSafeSingleton(DeliveryWorker, unit_of_work, clock, ids)
    email_sender = providers.Resource(_email_sender, settings, clock)
    email_writer = providers.ThreadSafeSingleton(_email_writer, settings)
    read_digest = providers.ThreadSafeSingleton(ReadDigest, settings.provided.untouched_for)
    cached_statistics = providers.ThreadSafeSingleton(CachedStatistics, read_statistics, clock)
    read_dashboard = providers.ThreadSafeSingleton(
        ReadDashboard, unit_of_work, clock, settings.provided.timezone, read_digest, cached_statistics
    )
    write_mail = providers.ThreadSafeSingleton(WriteMail, unit_of_work, clock, email_writer, read_digest)
    deliver_mail = providers.ThreadSafeSingleton(
        DeliverMail, clock, delivery_worker, write_mail, email_sender
    )
    remind_follow_ups = providers.ThreadSafeSingleton(RemindFollowUps, unit_of_work, clock, enqueue_mail)
    digest_time = providers.ThreadSafeSingleton(
        DigestTime, settings.provided.timezone, settings.provided.digest_time
    )
    make_digest = providers.ThreadSafeSingleton(
        MakeDigest, unit_of_work, clock, digest_time, read_digest, enqueue_mail
    )
    webhook_sender = providers.ThreadSafeSingleton(_webhook_sender, settings, clock)
    deliver_webhooks = providers.ThreadSafeSingleton(
        DeliverWebhooks,
        unit_of_work,
        clock,
        delivery_worker,
        webhook_sender,
        providers.Callable(_webhook_endpoints, settings),
    )
    manage_webhooks = providers.ThreadSafeSingleton(
        ManageWebhooks,
        unit_of_work,
        clock,
        ids,
        webhook_sender,
        providers.Callable(_webhook_endpoints, settings),
    )
    send_test_mail = providers.ThreadSafeSingleton(SendTestMail, clock, ids, email_writer, email_sender)
    send_report_once = providers.ThreadSafeSingleton(SendReportOnce, delivery_worker, report_sink)
    seal_weeks = providers.ThreadSafeSingleton(SealWeeks, unit_of_work, clock, weekly_schedule)
    send_due_reports = providers.ThreadSafeSingleton(SendDueReports, unit_of_work, clock, send_report_once)
    schedule_report = providers.ThreadSafeSingleton(ScheduleReport, unit_of_work, clock, weekly_schedule)
    send_report_now = providers.ThreadSafeSingleton(
        SendReportNow, unit_of_work, clock, weekly_schedule, send_report_once
    )
    read_reports = providers.ThreadSafeSingleton(ReadReports, unit_of_work, clock, weekly_schedule)

    check_health = providers.ThreadSafeSingleton(CheckHealth, unit_of_work, schema, clock)
    read_metrics = providers.ThreadSafeSingleton(ReadMetrics, unit_of_work, clock)
    run_diagnostics = providers.ThreadSafeSingleton(
        RunDiagnostics,
        check_health,
        unit_of_work,
        consistency_checks,
        load_resume,
        clock,
        settings.provided.timezone,
    )
