"""Stand-ins for the outside world: a clock that is set, and receivers that get nothing."""

from datetime import datetime

from attrs import define, field

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.deliveries.emails import EmailSender
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.ports.system import Clock

UNKNOWN_DOMAIN = "@mailbox.invalid"
"""Addresses to which the invented mail server cannot deliver."""

_RECEIVER = AttemptDetail(DetailCode.HTTP_ANSWERED, host="api.retool.com")


@define
class SetClock(Clock):
    """A clock that shows the time it was set to."""

    time: datetime

    def now(self) -> datetime:
        """Return the time that was set."""
        return self.time


class DiscardingEmailSender(EmailSender):
    """Accepts every mail as a mail server would, and sends none."""

    def send(self, email: Email) -> DeliveryResult:
        """Return what a mail server would answer."""
        if email.recipient.endswith(UNKNOWN_DOMAIN):
            return _mail_result(Outcome.REJECTED, 550, "RCPT")
        return _mail_result(Outcome.DELIVERED, 250, "DATA")

    def close(self) -> None:
        """Do nothing: there is no connection."""


@define
class DiscardingReportSink(ReportSink):
    """Accepts every weekly number; once it is unavailable, as real receivers are."""

    _calls: int = field(default=0, init=False)

    def deliver(self, report: WeeklyReport) -> DeliveryResult:  # noqa: ARG002 - nothing is sent
        """Return what the receiver would answer."""
        self._calls += 1
        if self._calls == 7:  # any week in the middle
            return DeliveryResult(outcome=Outcome.RETRY, status=503, detail=_RECEIVER)
        return DeliveryResult(outcome=Outcome.DELIVERED, status=200, detail=_RECEIVER)


def _mail_result(outcome: Outcome, status: int, step: str) -> DeliveryResult:
    """Return the result of a mail that the invented server answered in a step of the dialogue."""
    detail = AttemptDetail(DetailCode.SMTP_ANSWERED, host="mail.example.com", step=step)
    return DeliveryResult(outcome=outcome, status=status, detail=detail)
