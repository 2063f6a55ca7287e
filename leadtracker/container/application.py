"""The container: every adapter and use case, wired by keyword."""

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Dependency, Resource
from dependency_injector.providers import ThreadSafeSingleton as Singleton

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.repositories.consistency_checks import PeeweeConsistencyChecks
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.adapters.mail.file_email_sender import MailFolder
from leadtracker.adapters.system.disk_space import FolderDiskSpace
from leadtracker.adapters.system.operating_system import SystemClock, SystemIdSource
from leadtracker.adapters.system.password_hasher import (
    Argon2PasswordHasher,
    CachingPasswordHasher,
)
from leadtracker.adapters.system.phone_parser import LibPhoneParser
from leadtracker.container.adapters import (
    build_email_writer,
    build_object_store,
    build_report_sink,
    build_senders,
    list_endpoints,
    open_email_sender,
    parse_duplicate_policy,
    parse_notify_addresses,
)
from leadtracker.domain.model.deliveries.digest import DigestTime
from leadtracker.domain.use_cases.accounts.change_password import ChangePassword
from leadtracker.domain.use_cases.accounts.manage_api_keys import ManageApiKeys
from leadtracker.domain.use_cases.accounts.manage_users import EnsureAdmin, ManageUsers
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from leadtracker.domain.use_cases.accounts.user_sessions import UserSessions
from leadtracker.domain.use_cases.deliveries.deliver_notifications import DeliverNotifications
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryWorker
from leadtracker.domain.use_cases.deliveries.enqueue_digest import EnqueueDigest
from leadtracker.domain.use_cases.deliveries.mail_budget import MailBudget
from leadtracker.domain.use_cases.deliveries.mail_queue import MailQueue
from leadtracker.domain.use_cases.deliveries.manage_deliveries import ManageDeliveries
from leadtracker.domain.use_cases.deliveries.manage_webhooks import ManageWebhooks
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.deliveries.read_digest import ReadDigest
from leadtracker.domain.use_cases.deliveries.send_test_mail import SendTestMail
from leadtracker.domain.use_cases.files.disk_floor import DiskFloor
from leadtracker.domain.use_cases.files.file_storage import FileStorage
from leadtracker.domain.use_cases.files.load_file import LoadFile
from leadtracker.domain.use_cases.files.resumes import GetAttachment, GetResume, PutResume
from leadtracker.domain.use_cases.follow_ups.find_follow_ups import FindFollowUps
from leadtracker.domain.use_cases.follow_ups.record_follow_up import RecordFollowUp
from leadtracker.domain.use_cases.follow_ups.remind_follow_ups import RemindFollowUps
from leadtracker.domain.use_cases.imports.import_files import ImportFiles
from leadtracker.domain.use_cases.imports.import_leads import ImportLeads
from leadtracker.domain.use_cases.imports.manage_imports import ManageImports
from leadtracker.domain.use_cases.intake.capture_lead import CaptureLead, PurgeIdempotencyKeys
from leadtracker.domain.use_cases.intake.enter_lead import EnterLead, SuggestSources
from leadtracker.domain.use_cases.intake.issue_form_token import IssueFormToken
from leadtracker.domain.use_cases.intake.keep_rejected import KeepRejected
from leadtracker.domain.use_cases.intake.known_leads import FindKnownLeads
from leadtracker.domain.use_cases.intake.manage_quarantine import ManageQuarantine
from leadtracker.domain.use_cases.leads.change_many_leads import ChangeManyLeads
from leadtracker.domain.use_cases.leads.erase_lead import EraseLead
from leadtracker.domain.use_cases.leads.export_personal_data import ExportPersonalData
from leadtracker.domain.use_cases.leads.find_leads import ExportLeads, FindLeads, GetLead
from leadtracker.domain.use_cases.leads.read_history import AddNote, CorrectNote, ReadHistory
from leadtracker.domain.use_cases.leads.update_lead import UpdateLead
from leadtracker.domain.use_cases.operations.check_health import CheckHealth
from leadtracker.domain.use_cases.operations.read_metrics import ReadMetrics
from leadtracker.domain.use_cases.operations.run_diagnostics import RunDiagnostics
from leadtracker.domain.use_cases.ownership.claim_lead import ClaimLead
from leadtracker.domain.use_cases.ownership.release_leads import ReleaseLeads
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
from leadtracker.settings import Settings


class Container(DeclarativeContainer):
    """Every object that is built from the settings, on first use, once per process.

    Entrypoints take use cases from here and nothing else. All providers are ``ThreadSafeSingleton``, because
    the plain singleton may build several objects when threads call it concurrently. Objects that hold a
    connection are a ``Resource``, which ``shutdown_resources()`` closes.
    """

    settings = Dependency(instance_of=Settings)
    duplicate_policy = Singleton(parse_duplicate_policy, settings=settings)
    notify_addresses = Singleton(parse_notify_addresses, settings=settings)
    endpoints = Singleton(list_endpoints, settings=settings)

    clock = Singleton(SystemClock)
    ids = Singleton(SystemIdSource)
    phones = Singleton(LibPhoneParser, region=settings.provided.phone_region)
    disk_space = Singleton(FolderDiskSpace, folders=settings.provided.data_folders)
    disk_floor = Singleton(DiskFloor, disk_space=disk_space, floor=settings.provided.min_free_disk_bytes)
    hasher = Singleton(CachingPasswordHasher, hasher=Singleton(Argon2PasswordHasher))
    dialect = Singleton(dialect_for, url=settings.provided.database)
    unit_of_work = Singleton(PeeweeUnitOfWorkFactory, dialect=dialect)
    schema = Singleton(PeeweeSchema, dialect=dialect)
    consistency_checks = Singleton(PeeweeConsistencyChecks, dialect=dialect)
    objects = Singleton(build_object_store, settings=settings)
    backup_store = Singleton(PeeweeBackupStore, dialect=dialect, objects=objects)
    report_sink = Singleton(build_report_sink, settings=settings, clock=clock)
    email_sender = Resource(open_email_sender, settings=settings, clock=clock)
    kept_mails = Singleton(MailFolder, folder=settings.provided.mail_folder)
    email_writer = Singleton(build_email_writer, settings=settings)
    senders = Singleton(build_senders, settings=settings, clock=clock)

    notifications = Singleton(Notifications, ids=ids, notify=notify_addresses, endpoints=endpoints)
    read_digest = Singleton(ReadDigest, untouched_for=settings.provided.untouched_for)
    delivery_worker = Singleton(DeliveryWorker, unit_of_work=unit_of_work, clock=clock, ids=ids)
    mail_budget = Singleton(
        MailBudget,
        ids=ids,
        acknowledgements_per_hour=settings.provided.acknowledgements_per_hour,
        notifications_per_hour=settings.provided.notifications_per_hour,
    )
    mail_queue = Singleton(
        MailQueue,
        unit_of_work=unit_of_work,
        clock=clock,
        writer=email_writer,
        read_digest=read_digest,
        sender=email_sender,
        budget=mail_budget,
    )
    deliver_notifications = Singleton(
        DeliverNotifications,
        unit_of_work=unit_of_work,
        delivery_worker=delivery_worker,
        mail_queue=mail_queue,
        senders=senders,
        endpoints=endpoints,
    )
    manage_deliveries = Singleton(ManageDeliveries, unit_of_work=unit_of_work, clock=clock)
    manage_webhooks = Singleton(
        ManageWebhooks, unit_of_work=unit_of_work, clock=clock, ids=ids, senders=senders, endpoints=endpoints
    )
    send_test_mail = Singleton(SendTestMail, clock=clock, ids=ids, writer=email_writer, sender=email_sender)

    file_storage = Singleton(
        FileStorage,
        unit_of_work=unit_of_work,
        clock=clock,
        ids=ids,
        objects=objects,
        disk_floor=disk_floor,
    )
    load_file = Singleton(LoadFile, unit_of_work=unit_of_work, objects=objects)
    get_resume = Singleton(GetResume, unit_of_work=unit_of_work, load_file=load_file)
    get_attachment = Singleton(GetAttachment, unit_of_work=unit_of_work, load_file=load_file)
    put_resume = Singleton(
        PutResume,
        unit_of_work=unit_of_work,
        clock=clock,
        file_storage=file_storage,
        notifications=notifications,
    )

    capture_lead = Singleton(
        CaptureLead,
        unit_of_work=unit_of_work,
        clock=clock,
        ids=ids,
        phones=phones,
        duplicate_policy=duplicate_policy,
        required_fields=settings.provided.required,
        notifications=notifications,
        file_storage=file_storage,
    )
    purge_idempotency_keys = Singleton(PurgeIdempotencyKeys, unit_of_work=unit_of_work, clock=clock)
    keep_rejected = Singleton(KeepRejected, unit_of_work=unit_of_work, clock=clock, ids=ids)
    issue_form_token = Singleton(IssueFormToken, clock=clock, ids=ids)
    manage_quarantine = Singleton(
        ManageQuarantine, unit_of_work=unit_of_work, clock=clock, phones=phones, notifications=notifications
    )
    get_lead = Singleton(GetLead, unit_of_work=unit_of_work)
    find_leads = Singleton(FindLeads, unit_of_work=unit_of_work, phones=phones)
    export_leads = Singleton(ExportLeads, unit_of_work=unit_of_work)
    import_leads = Singleton(
        ImportLeads,
        unit_of_work=unit_of_work,
        clock=clock,
        ids=ids,
        phones=phones,
        notifications=notifications,
        zone=settings.provided.timezone,
    )
    import_files = Singleton(ImportFiles, unit_of_work=unit_of_work, clock=clock, ids=ids)
    manage_imports = Singleton(
        ManageImports,
        unit_of_work=unit_of_work,
        clock=clock,
        notifications=notifications,
        kept_mails=kept_mails,
    )
    update_lead = Singleton(
        UpdateLead, unit_of_work=unit_of_work, clock=clock, phones=phones, notifications=notifications
    )
    change_many_leads = Singleton(
        ChangeManyLeads, unit_of_work=unit_of_work, phones=phones, update_lead=update_lead
    )
    claim_lead = Singleton(ClaimLead, unit_of_work=unit_of_work, clock=clock, notifications=notifications)
    release_leads = Singleton(
        ReleaseLeads, unit_of_work=unit_of_work, clock=clock, notifications=notifications
    )
    erase_lead = Singleton(
        EraseLead,
        unit_of_work=unit_of_work,
        clock=clock,
        file_storage=file_storage,
        notifications=notifications,
        kept_mails=kept_mails,
    )
    export_personal_data = Singleton(ExportPersonalData, unit_of_work=unit_of_work, clock=clock)
    read_history = Singleton(ReadHistory, unit_of_work=unit_of_work)
    add_note = Singleton(AddNote, unit_of_work=unit_of_work, clock=clock)
    correct_note = Singleton(CorrectNote, unit_of_work=unit_of_work, clock=clock)

    record_follow_up = Singleton(
        RecordFollowUp, unit_of_work=unit_of_work, clock=clock, ids=ids, notifications=notifications
    )
    enter_lead = Singleton(
        EnterLead,
        capture_lead=capture_lead,
        record_follow_up=record_follow_up,
        unit_of_work=unit_of_work,
        clock=clock,
        phones=phones,
    )
    find_known_leads = Singleton(FindKnownLeads, unit_of_work=unit_of_work, phones=phones)
    find_follow_ups = Singleton(
        FindFollowUps, unit_of_work=unit_of_work, clock=clock, zone=settings.provided.timezone
    )
    remind_follow_ups = Singleton(
        RemindFollowUps, unit_of_work=unit_of_work, clock=clock, notifications=notifications
    )
    digest_time = Singleton(
        DigestTime, zone=settings.provided.timezone, time_of_day=settings.provided.digest_time
    )
    enqueue_digest = Singleton(
        EnqueueDigest,
        unit_of_work=unit_of_work,
        clock=clock,
        digest_time=digest_time,
        read_digest=read_digest,
        notifications=notifications,
    )

    sign_in = Singleton(
        SignIn,
        unit_of_work=unit_of_work,
        hasher=hasher,
        configured_key=settings.provided.configured_api_key,
    )
    user_sessions = Singleton(UserSessions, unit_of_work=unit_of_work, clock=clock, ids=ids, sign_in=sign_in)
    manage_users = Singleton(
        ManageUsers, unit_of_work=unit_of_work, clock=clock, hasher=hasher, release_leads=release_leads
    )
    change_password = Singleton(ChangePassword, sign_in=sign_in, manage_users=manage_users)
    manage_api_keys = Singleton(ManageApiKeys, unit_of_work=unit_of_work, clock=clock, ids=ids)
    ensure_admin = Singleton(EnsureAdmin, manage_users=manage_users, ids=ids)

    read_statistics = Singleton(ReadStatistics, unit_of_work=unit_of_work, zone=settings.provided.timezone)
    cached_statistics = Singleton(CachedStatistics, read_statistics=read_statistics, clock=clock)
    suggest_sources = Singleton(
        SuggestSources, unit_of_work=unit_of_work, cached_statistics=cached_statistics
    )
    read_dashboard = Singleton(
        ReadDashboard,
        unit_of_work=unit_of_work,
        clock=clock,
        zone=settings.provided.timezone,
        read_digest=read_digest,
        cached_statistics=cached_statistics,
        disk_floor=disk_floor,
    )
    weekly_schedule = Singleton(
        WeeklySchedule, zone=settings.provided.timezone, catch_up_weeks=settings.provided.report_catchup_weeks
    )
    seal_weeks = Singleton(SealWeeks, unit_of_work=unit_of_work, clock=clock, schedule=weekly_schedule)
    send_report_once = Singleton(SendReportOnce, delivery_worker=delivery_worker, sink=report_sink)
    send_due_reports = Singleton(
        SendDueReports, unit_of_work=unit_of_work, clock=clock, send_report_once=send_report_once
    )
    schedule_report = Singleton(
        ScheduleReport, unit_of_work=unit_of_work, clock=clock, schedule=weekly_schedule
    )
    send_report_now = Singleton(
        SendReportNow,
        unit_of_work=unit_of_work,
        clock=clock,
        schedule=weekly_schedule,
        send_report_once=send_report_once,
    )
    read_reports = Singleton(ReadReports, unit_of_work=unit_of_work, clock=clock, schedule=weekly_schedule)

    check_health = Singleton(
        CheckHealth, unit_of_work=unit_of_work, schema=schema, clock=clock, disk_floor=disk_floor
    )
    read_metrics = Singleton(ReadMetrics, unit_of_work=unit_of_work, clock=clock)
    run_diagnostics = Singleton(
        RunDiagnostics,
        check_health=check_health,
        unit_of_work=unit_of_work,
        consistency_checks=consistency_checks,
        load_file=load_file,
        clock=clock,
        zone=settings.provided.timezone,
    )
