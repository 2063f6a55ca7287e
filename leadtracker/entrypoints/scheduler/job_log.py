"""Log the results of jobs, one line for each item."""

import logging

import structlog

from leadtracker.domain.model.deliveries.canary import CanaryRun
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryState
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.domain.use_cases.follow_ups.remind_follow_ups import Reminded
from leadtracker.domain.use_cases.reports.seal_weeks import Sealing
from leadtracker.entrypoints.formats.attempt_details import english_detail


def log_sealing(sealing: Sealing) -> None:
    """Log each sealed week, or the reason why sealing is paused."""
    log = structlog.get_logger(__name__)
    if sealing.heartbeat.is_paused:
        log.error(
            "no week is sealed: the clock jumped by more than 35 days; if it is right now, run: "
            "leadtracker report send",
            paused_since=str(sealing.heartbeat.paused_since),
        )
    for report in sealing.sealed:
        log.info(
            "week sealed",
            week=report.week.name,
            number_of_leads=report.number_of_leads,
            state=report.state.value,
        )


def log_report(report: WeeklyReport) -> None:
    """Log the last attempt at a weekly report."""
    attempt = report.attempts[-1]
    log = structlog.get_logger(__name__).bind(
        week=report.week.name,
        number_of_leads=report.number_of_leads,
        attempt=attempt.number,
        detail=english_detail(attempt),
    )
    if report.state is ReportState.FAILED:
        log.error("weekly report given up; send it with: leadtracker report send")
    elif attempt.outcome is Outcome.DELIVERED:
        log.info("weekly report delivered")
    else:
        outcome = attempt.outcome and attempt.outcome.value
        # Only an operator can do something about a rejection; other failures usually pass.
        level = logging.ERROR if report.is_rejected else logging.WARNING
        log.log(level, "weekly report not delivered", outcome=outcome, next_attempt_at=str(report.due_at))


def log_canary(run: CanaryRun) -> None:
    """Log how an attempt at the daily test of the public form ended."""
    log = structlog.get_logger(__name__).bind(day=run.day.isoformat(), attempt=run.attempt)
    detail = run.detail.text if run.detail else None
    if run.failure is None:
        log.info("test of the form passed")
    elif run.is_final:
        log.error("test of the form failed", failure=run.failure.value, detail=detail)
    else:
        log.warning(
            "test of the form failed; it will be tried again", failure=run.failure.value, detail=detail
        )


def log_reminders(reminded: list[Reminded]) -> None:
    """Log the follow-ups of one transaction, and warn about those without a recipient."""
    log = structlog.get_logger(__name__)
    log.info("follow-ups reminded of", number=len(reminded), mails=sum(one.mails for one in reminded))
    without_recipient = sum(one.mails == 0 for one in reminded)
    if without_recipient:
        log.warning("follow-ups have no recipient; set LEADTRACKER_NOTIFY", number=without_recipient)


def log_delivery(delivery: Delivery) -> None:
    """Log the last attempt at a delivery, without the recipient of a mail, which is personal data."""
    attempt = delivery.attempts[-1]
    log = structlog.get_logger(__name__).bind(
        delivery=delivery.id, kind=delivery.kind.value, attempt=attempt.number, detail=english_detail(attempt)
    )
    was_answered = attempt.outcome is Outcome.REJECTED and attempt.status is not None
    if was_answered and delivery.channel is not Channel.MAIL:
        structlog.get_logger(__name__).error(
            "webhook endpoint disabled, because it answered 410; enable it with: leadtracker webhook enable",
            endpoint=delivery.recipient,
        )
    if delivery.state is DeliveryState.SENT:
        log.info("delivery sent")
    elif delivery.state is DeliveryState.CANCELLED:
        log.info("delivery cancelled")
    elif delivery.state is DeliveryState.FAILED:
        log.error("delivery failed; list the failed ones with: leadtracker deliveries list --state failed")
    else:
        log.warning("delivery not sent", outcome=attempt.outcome, next_attempt_at=str(delivery.due_at))
