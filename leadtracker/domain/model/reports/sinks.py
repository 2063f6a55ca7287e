"""Sinks: where a weekly report goes, and what has become of it there.

The row of the ledger has the attempts at Retool or the log. Each e-mail about the week is a separate
delivery, enqueued in the transaction that seals the week: so one sink neither delays nor repeats another.
"""

from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen

from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport


class Sink(StrEnum):
    """The sinks of weekly reports."""

    RETOOL = "retool"
    """A Retool workflow, or another service that takes the same request."""
    LOG = "log"
    """The log, without ``LEADTRACKER_RETOOL_URL``."""
    EMAIL = "email"
    """An e-mail to a recipient of reports."""


_STATES = {
    DeliveryState.PENDING: ReportState.PLANNED,
    DeliveryState.SENDING: ReportState.SENDING,
    DeliveryState.SENT: ReportState.DELIVERED,
    DeliveryState.FAILED: ReportState.FAILED,
    DeliveryState.CANCELLED: ReportState.MISSED,
}


@frozen
class SinkDelivery:
    """The delivery of a weekly report to one sink; each e-mail has its own."""

    sink: Sink
    state: ReportState
    attempts: tuple[Attempt, ...]

    @classmethod
    def by_mail(cls, mail: Delivery) -> "SinkDelivery":
        """Return the delivery of an e-mail, in the states of reports."""
        is_unknown = mail.state is DeliveryState.PENDING and mail.has(Outcome.UNKNOWN)
        state = ReportState.UNKNOWN if is_unknown else _STATES[mail.state]
        return cls(Sink.EMAIL, state, mail.attempts)


@frozen
class ReportedWeek:
    """A weekly report with its deliveries: that of the ledger's own sink, then its e-mails."""

    report: WeeklyReport
    deliveries: tuple[SinkDelivery, ...]

    @classmethod
    def of(cls, report: WeeklyReport, sink: Sink, mails: Iterable[SinkDelivery]) -> "ReportedWeek":
        """Return a report that goes to ``sink``, with its e-mails."""
        return cls(report, (SinkDelivery(sink, report.state, report.attempts), *mails))
