"""The composition root: the only module that knows which adapter implements which port.

Adapters whose libraries load slowly, and which few processes need, are imported where they are built.
"""

from collections.abc import Iterator

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Callable, Dependency, Dict, Resource, ThreadSafeSingleton

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
from leadtracker.domain.model.deliveries.delivery import Channel
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
from leadtracker.domain.use_cases.deliveries.deliver_notifications import DeliverNotifications
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryWorker
from leadtracker.domain.use_cases.deliveries.mail_queue import MailQueue
from leadtracker.domain.use_cases.deliveries.manage_deliveries import ManageDeliveries
from leadtracker.domain.use_cases.deliveries.manage_webhooks import ManageWebhooks
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.deliveries.send_test_mail import SendTestMail
from leadtracker.domain.use_cases.follow_ups.enqueue_digest import EnqueueDigest
from leadtracker.domain.use_cases.follow_ups.find_follow_ups import FindFollowUps
from leadtracker.domain.use_cases.follow_ups.read_digest import ReadDigest
from leadtracker.domain.use_cases.follow_ups.record_follow_up import RecordFollowUp
from leadtracker.domain.use_cases.follow_ups.remind_follow_ups import RemindFollowUps
from leadtracker.domain.use_cases.leads.capture_lead import CaptureLead, DuplicatePolicy, PurgeIdempotencyKeys
from leadtracker.domain.use_cases.leads.change_states import ChangeLeadStates
from leadtracker.domain.use_cases.leads.erase_lead import EraseLead
from leadtracker.domain.use_cases.leads.export_personal_data import ExportPersonalData
from leadtracker.domain.use_cases.leads.find_leads import ExportLeads, FindLeads, GetLead
from leadtracker.domain.use_cases.leads.import_leads import ImportLeads
from leadtracker.domain.use_cases.leads.issue_form_token import IssueFormToken
from leadtracker.domain.use_cases.leads.manage_quarantine import ManageQuarantine
from leadtracker.domain.use_cases.leads.read_history import AddNote, ReadHistory
from leadtracker.domain.use_cases.leads.update_lead import UpdateLead
from leadtracker.domain.use_cases.operations.check_health import CheckHealth
from leadtracker.domain.use_cases.operations.read_metrics import ReadMetrics
from leadtracker.domain.use_cases.operations.run_diagnostics import RunDiagnostics
from leadtracker.domain.use_cases.reports.read_dashboard import ReadDashboard
from leadtracker.domain.use_cases.reports.read_reports import ReadReports
from leadtracker.domain.use_cases.reports.read_statistics import CachedStatistics, ReadStatistics
from leadtracker.domain.use_cases.reports.seal_weeks import SealWeeks
from leadtracker.domain.use_cases.reports.send_reports import (
    ScheduleReport,
    SendDueReports,
    SendReportNow,
    SendReportOnce,
)
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
        url=settings.retool_url.get_secret_value(),
        api_key=key.get_secret_value() if key else None,
        clock=clock,
    )


def _email_sender(settings: Settings, clock: Clock) -> Iterator[EmailSender]:
    sender: EmailSender = FileEmailSender(folder=settings.mail_folder, sender=settings.mail_from, clock=clock)
    if settings.smtp_url is not None:
        from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender

        url = settings.smtp_url.get_secret_value()
        sender = SmtpEmailSender(url=url, sender=settings.mail_from, clock=clock)
    yield sender
    sender.close()


def _email_writer(settings: Settings) -> EmailWriter:
    try:
        return JinjaEmailWriter(
            base_url=settings.base_url, zone=settings.timezone, folder=settings.mail_templates
        )
    except ValueError as error:
        # Only the adapter knows which templates are valid.
        raise SettingsError(f"{PREFIX}MAIL_TEMPLATES: {error}") from None


def _object_store(settings: Settings) -> ObjectStore | None:
    """Build the store of resumes' contents; None keeps them in the database."""
    if settings.resumes_folder is not None:
        return FolderObjectStore(folder=settings.resumes_folder)
    if settings.resumes_url == DATABASE:
        return None
    from leadtracker.adapters.storage.s3_object_store import S3ObjectStore

    return S3ObjectStore(url=settings.resumes_url)


def _notify_addresses(settings: Settings) -> tuple[EmailAddress, ...]:
    return tuple(EmailAddress.parse(address) for address in settings.notify_addresses)


def _webhook_sender(settings: Settings, clock: Clock) -> WebhookSender:
    from leadtracker.adapters.webhooks.webhook_sender import HttpWebhookSender

    secrets = [WebhookSecret.parse(text) for text in settings.webhook_secrets]
    return HttpWebhookSender(secrets=secrets, clock=clock)


def _endpoints(settings: Settings) -> tuple[WebhookEndpoint, ...]:
    """List the endpoints of every channel that posts lead events to URLs."""
    return tuple(WebhookEndpoint(url, Channel.WEBHOOK) for url in settings.webhook_endpoints)


def _duplicate_policy(settings: Settings) -> DuplicatePolicy:
    return DuplicatePolicy(settings.public_duplicates)


class Container(DeclarativeContainer):
    """Every object that is built from the settings, on first use, once per process.

    Entrypoints take use cases from here and nothing else. All providers are ``ThreadSafeSingleton``, because
    the plain singleton may build several objects when threads call it concurrently. Objects that hold a
    connection are a ``Resource``, which ``shutdown_resources()`` closes.
    """

    settings = Dependency(instance_of=Settings)
    zone = settings.provided.timezone
    duplicate_policy = Callable(_duplicate_policy, settings=settings)
    notify_addresses = Callable(_notify_addresses, settings=settings)
    endpoints = Callable(_endpoints, settings=settings)

    clock = ThreadSafeSingleton(SystemClock)
    ids = ThreadSafeSingleton(SystemIdSource)
    phones = ThreadSafeSingleton(LibPhoneParser, region=settings.provided.phone_region)
    hasher = ThreadSafeSingleton(CachingPasswordHasher, hasher=ThreadSafeSingleton(Argon2PasswordHasher))
    dialect = ThreadSafeSingleton(dialect_for, url=settings.provided.database)
    unit_of_work = ThreadSafeSingleton(PeeweeUnitOfWorkFactory, dialect=dialect)
    schema = ThreadSafeSingleton(PeeweeSchema, dialect=dialect)
    consistency_checks = ThreadSafeSingleton(PeeweeConsistencyChecks, dialect=dialect)
    objects = ThreadSafeSingleton(_object_store, settings=settings)
    backup_store = ThreadSafeSingleton(PeeweeBackupStore, dialect=dialect, objects=objects)
    report_sink = ThreadSafeSingleton(_report_sink, settings=settings, clock=clock)
    email_sender = Resource(_email_sender, settings=settings, clock=clock)
    email_writer = ThreadSafeSingleton(_email_writer, settings=settings)
    webhook_sender = ThreadSafeSingleton(_webhook_sender, settings=settings, clock=clock)
    senders = Dict({Channel.WEBHOOK: webhook_sender})

    notifications = ThreadSafeSingleton(Notifications, ids=ids, notify=notify_addresses, endpoints=endpoints)
    read_digest = ThreadSafeSingleton(ReadDigest, untouched_for=settings.provided.untouched_for)
    delivery_worker = ThreadSafeSingleton(DeliveryWorker, unit_of_work=unit_of_work, clock=clock, ids=ids)
    mail_queue = ThreadSafeSingleton(
        MailQueue,
        unit_of_work=unit_of_work,
        clock=clock,
        writer=email_writer,
        read_digest=read_digest,
        sender=email_sender,
    )
    deliver_notifications = ThreadSafeSingleton(
        DeliverNotifications,
        unit_of_work=unit_of_work,
        delivery_worker=delivery_worker,
        mail_queue=mail_queue,
        senders=senders,
        endpoints=endpoints,
    )
    manage_deliveries = ThreadSafeSingleton(ManageDeliveries, unit_of_work=unit_of_work, clock=clock)
    manage_webhooks = ThreadSafeSingleton(
        ManageWebhooks,
        unit_of_work=unit_of_work,
        clock=clock,
        ids=ids,
        senders=senders,
        endpoints=endpoints,
    )
    send_test_mail = ThreadSafeSingleton(
        SendTestMail, clock=clock, ids=ids, writer=email_writer, sender=email_sender
    )

    resume_storage = ThreadSafeSingleton(
        ResumeStorage, unit_of_work=unit_of_work, clock=clock, ids=ids, objects=objects
    )
    load_resume = ThreadSafeSingleton(LoadResume, unit_of_work=unit_of_work, objects=objects)
    get_resume = ThreadSafeSingleton(GetResume, unit_of_work=unit_of_work, load_resume=load_resume)
    put_resume = ThreadSafeSingleton(
        PutResume,
        unit_of_work=unit_of_work,
        clock=clock,
        resume_storage=resume_storage,
        notifications=notifications,
    )

    capture_lead = ThreadSafeSingleton(
        CaptureLead,
        unit_of_work=unit_of_work,
        clock=clock,
        ids=ids,
        phones=phones,
        duplicate_policy=duplicate_policy,
        notifications=notifications,
        resume_storage=resume_storage,
    )
    purge_idempotency_keys = ThreadSafeSingleton(PurgeIdempotencyKeys, unit_of_work=unit_of_work, clock=clock)
    issue_form_token = ThreadSafeSingleton(IssueFormToken, clock=clock, ids=ids)
    manage_quarantine = ThreadSafeSingleton(
        ManageQuarantine, unit_of_work=unit_of_work, clock=clock, notifications=notifications
    )
    get_lead = ThreadSafeSingleton(GetLead, unit_of_work=unit_of_work)
    find_leads = ThreadSafeSingleton(FindLeads, unit_of_work=unit_of_work)
    export_leads = ThreadSafeSingleton(ExportLeads, unit_of_work=unit_of_work)
    import_leads = ThreadSafeSingleton(
        ImportLeads,
        unit_of_work=unit_of_work,
        clock=clock,
        ids=ids,
        phones=phones,
        notifications=notifications,
    )
    update_lead = ThreadSafeSingleton(
        UpdateLead, unit_of_work=unit_of_work, clock=clock, phones=phones, notifications=notifications
    )
    change_lead_states = ThreadSafeSingleton(ChangeLeadStates, update_lead=update_lead)
    erase_lead = ThreadSafeSingleton(
        EraseLead,
        unit_of_work=unit_of_work,
        clock=clock,
        resume_storage=resume_storage,
        notifications=notifications,
    )
    export_personal_data = ThreadSafeSingleton(ExportPersonalData, unit_of_work=unit_of_work, clock=clock)
    read_history = ThreadSafeSingleton(ReadHistory, unit_of_work=unit_of_work)
    add_note = ThreadSafeSingleton(AddNote, unit_of_work=unit_of_work, clock=clock)

    record_follow_up = ThreadSafeSingleton(
        RecordFollowUp, unit_of_work=unit_of_work, clock=clock, ids=ids, notifications=notifications
    )
    find_follow_ups = ThreadSafeSingleton(FindFollowUps, unit_of_work=unit_of_work, clock=clock, zone=zone)
    remind_follow_ups = ThreadSafeSingleton(
        RemindFollowUps, unit_of_work=unit_of_work, clock=clock, notifications=notifications
    )
    digest_time = ThreadSafeSingleton(DigestTime, zone=zone, time_of_day=settings.provided.digest_time)
    enqueue_digest = ThreadSafeSingleton(
        EnqueueDigest,
        unit_of_work=unit_of_work,
        clock=clock,
        digest_time=digest_time,
        read_digest=read_digest,
        notifications=notifications,
    )

    sign_in = ThreadSafeSingleton(SignIn, unit_of_work=unit_of_work, hasher=hasher)
    user_sessions = ThreadSafeSingleton(
        UserSessions, unit_of_work=unit_of_work, clock=clock, ids=ids, sign_in=sign_in
    )
    manage_users = ThreadSafeSingleton(ManageUsers, unit_of_work=unit_of_work, clock=clock, hasher=hasher)
    change_password = ThreadSafeSingleton(ChangePassword, sign_in=sign_in, manage_users=manage_users)
    manage_api_keys = ThreadSafeSingleton(ManageApiKeys, unit_of_work=unit_of_work, clock=clock, ids=ids)
    ensure_admin = ThreadSafeSingleton(EnsureAdmin, manage_users=manage_users, ids=ids)

    read_statistics = ThreadSafeSingleton(ReadStatistics, unit_of_work=unit_of_work, zone=zone)
    cached_statistics = ThreadSafeSingleton(CachedStatistics, read_statistics=read_statistics, clock=clock)
    read_dashboard = ThreadSafeSingleton(
        ReadDashboard,
        unit_of_work=unit_of_work,
        clock=clock,
        zone=zone,
        read_digest=read_digest,
        cached_statistics=cached_statistics,
    )
    weekly_schedule = ThreadSafeSingleton(
        WeeklySchedule, zone=zone, catch_up_weeks=settings.provided.report_catchup_weeks
    )
    seal_weeks = ThreadSafeSingleton(
        SealWeeks, unit_of_work=unit_of_work, clock=clock, schedule=weekly_schedule
    )
    send_report_once = ThreadSafeSingleton(SendReportOnce, delivery_worker=delivery_worker, sink=report_sink)
    send_due_reports = ThreadSafeSingleton(
        SendDueReports, unit_of_work=unit_of_work, clock=clock, send_report_once=send_report_once
    )
    schedule_report = ThreadSafeSingleton(
        ScheduleReport, unit_of_work=unit_of_work, clock=clock, schedule=weekly_schedule
    )
    send_report_now = ThreadSafeSingleton(
        SendReportNow,
        unit_of_work=unit_of_work,
        clock=clock,
        schedule=weekly_schedule,
        send_report_once=send_report_once,
    )
    read_reports = ThreadSafeSingleton(
        ReadReports, unit_of_work=unit_of_work, clock=clock, schedule=weekly_schedule
    )

    check_health = ThreadSafeSingleton(CheckHealth, unit_of_work=unit_of_work, schema=schema, clock=clock)
    read_metrics = ThreadSafeSingleton(ReadMetrics, unit_of_work=unit_of_work, clock=clock)
    run_diagnostics = ThreadSafeSingleton(
        RunDiagnostics,
        check_health=check_health,
        unit_of_work=unit_of_work,
        consistency_checks=consistency_checks,
        load_resume=load_resume,
        clock=clock,
        zone=zone,
    )
