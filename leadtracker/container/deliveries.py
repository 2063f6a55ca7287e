"""The use cases of deliveries and weekly reports, wired by keyword."""

from dependency_injector.providers import ThreadSafeSingleton as Singleton

from leadtracker.container.ports import Ports
from leadtracker.domain.model.leads.retention import RetentionPolicy
from leadtracker.domain.model.values.daily_time import DailyTime
from leadtracker.domain.use_cases.deliveries.deliver_notifications import DeliverNotifications
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryWorker
from leadtracker.domain.use_cases.deliveries.enqueue_digest import EnqueueDigest
from leadtracker.domain.use_cases.deliveries.find_silent_sources import FindSilentSources
from leadtracker.domain.use_cases.deliveries.mail_budget import MailBudget
from leadtracker.domain.use_cases.deliveries.mail_queue import MailQueue
from leadtracker.domain.use_cases.deliveries.manage_deliveries import ManageDeliveries
from leadtracker.domain.use_cases.deliveries.manage_webhooks import ManageWebhooks
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.deliveries.read_digest import ReadDigest
from leadtracker.domain.use_cases.deliveries.read_weekly_summary import ReadWeeklySummary
from leadtracker.domain.use_cases.deliveries.send_test_mail import SendTestMail
from leadtracker.domain.use_cases.reports.alert_silence import AlertSilence
from leadtracker.domain.use_cases.reports.explain_report import ExplainReport
from leadtracker.domain.use_cases.reports.read_reports import ReadReports
from leadtracker.domain.use_cases.reports.report_email import ReportEmail
from leadtracker.domain.use_cases.reports.seal_weeks import SealWeeks
from leadtracker.domain.use_cases.reports.send_reports import (
    ScheduleReport,
    SendDueReports,
    SendReportNow,
    SendReportOnce,
)
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule


class Deliveries(Ports):
    """The use cases that send: deliveries, the digest, and the weekly report."""

    notifications = Singleton(
        Notifications,
        ids=Ports.ids,
        notify=Ports.notify_addresses,
        endpoints=Ports.endpoints,
        report_to=Ports.report_addresses,
    )
    retention_policy = Singleton(
        RetentionPolicy,
        zone=Ports.settings.provided.timezone,
        months=Ports.settings.provided.retention_months,
    )
    read_digest = Singleton(
        ReadDigest, untouched_for=Ports.settings.provided.untouched_for, policy=retention_policy
    )
    read_weekly_summary = Singleton(ReadWeeklySummary, read_digest=read_digest)
    find_silent_sources = Singleton(FindSilentSources, zone=Ports.settings.provided.timezone)
    delivery_worker = Singleton(
        DeliveryWorker, unit_of_work=Ports.unit_of_work, clock=Ports.clock, ids=Ports.ids
    )
    mail_budget = Singleton(
        MailBudget,
        ids=Ports.ids,
        acknowledgements_per_hour=Ports.settings.provided.acknowledgements_per_hour,
        notifications_per_hour=Ports.settings.provided.notifications_per_hour,
    )
    mail_queue = Singleton(
        MailQueue,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        writer=Ports.email_writer,
        read_digest=read_digest,
        read_weekly_summary=read_weekly_summary,
        find_silent_sources=find_silent_sources,
        secret_box=Ports.secret_box,
        sender=Ports.email_sender,
        budget=mail_budget,
    )
    deliver_notifications = Singleton(
        DeliverNotifications,
        unit_of_work=Ports.unit_of_work,
        delivery_worker=delivery_worker,
        mail_queue=mail_queue,
        senders=Ports.senders,
        endpoints=Ports.endpoints,
    )
    manage_deliveries = Singleton(ManageDeliveries, unit_of_work=Ports.unit_of_work, clock=Ports.clock)
    manage_webhooks = Singleton(
        ManageWebhooks,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        senders=Ports.senders,
        endpoints=Ports.endpoints,
    )
    send_test_mail = Singleton(
        SendTestMail,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        writer=Ports.email_writer,
        sender=Ports.email_sender,
    )
    digest_time = Singleton(
        DailyTime, zone=Ports.settings.provided.timezone, time_of_day=Ports.settings.provided.digest_time
    )
    enqueue_digest = Singleton(
        EnqueueDigest,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        digest_time=digest_time,
        read_digest=read_digest,
        notifications=notifications,
    )
    alert_silence = Singleton(
        AlertSilence,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        find_silent_sources=find_silent_sources,
        notifications=notifications,
    )
    weekly_schedule = Singleton(
        WeeklySchedule,
        zone=Ports.settings.provided.timezone,
        catch_up_weeks=Ports.settings.provided.report_catchup_weeks,
        notifications=notifications,
    )
    seal_weeks = Singleton(
        SealWeeks, unit_of_work=Ports.unit_of_work, clock=Ports.clock, schedule=weekly_schedule
    )
    send_report_once = Singleton(SendReportOnce, delivery_worker=delivery_worker, sink=Ports.report_sink)
    send_due_reports = Singleton(
        SendDueReports, unit_of_work=Ports.unit_of_work, clock=Ports.clock, send_report_once=send_report_once
    )
    schedule_report = Singleton(
        ScheduleReport, unit_of_work=Ports.unit_of_work, clock=Ports.clock, schedule=weekly_schedule
    )
    send_report_now = Singleton(
        SendReportNow,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        schedule=weekly_schedule,
        send_report_once=send_report_once,
    )
    explain_report = Singleton(ExplainReport, unit_of_work=Ports.unit_of_work, clock=Ports.clock)
    read_reports = Singleton(
        ReadReports,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        schedule=weekly_schedule,
        sink=Ports.report_sink_name,
    )
    report_email = Singleton(
        ReportEmail,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        schedule=weekly_schedule,
        notifications=notifications,
        read_weekly_summary=read_weekly_summary,
        writer=Ports.email_writer,
    )
