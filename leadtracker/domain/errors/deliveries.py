"""Errors of deliveries and weekly reports."""

from datetime import datetime

from leadtracker.domain.errors.general import Conflict, LeadTrackerError, NotFound


class EndpointNotFound(NotFound):
    """No webhook endpoint of the settings has this number or host."""

    code = "endpoint-not-found"
    kind = "webhook endpoint"


class DeliveryNotFound(NotFound):
    """No delivery has this id."""

    code = "delivery-not-found"
    kind = "delivery"


class ReportNotFound(NotFound):
    """The ledger has no row for this week."""

    code = "report-not-found"
    kind = "weekly report"


class NotRetryable(Conflict):
    """A delivery in ``state`` cannot be retried."""

    code = "not-retryable"

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(f"the delivery is {state}; only pending and failed deliveries can be retried")


class ReportInProgress(Conflict):
    """Another process is sending the report of ``week`` now."""

    code = "report-in-progress"

    def __init__(self, week: str) -> None:
        self.week = week
        super().__init__(f"the report of {week} is being sent by another process")


class WeekNotClosed(LeadTrackerError):
    """The week ``week`` cannot be sealed before ``sealable_from``."""

    code = "week-not-closed"

    def __init__(self, week: str, sealable_from: datetime) -> None:
        self.week = week
        self.sealable_from = sealable_from
        super().__init__(
            f"{week} is not closed; it can be counted from {sealable_from:%Y-%m-%d %H:%M} UTC on"
        )


class WeekTooOld(LeadTrackerError):
    """The week ``week`` lies too far back; ``earliest`` is the earliest week that can be sealed.

    The ledger has no gaps, so sealing a week seals all weeks between it and the present.
    """

    code = "week-too-old"

    def __init__(self, week: str, earliest: str) -> None:
        self.week = week
        self.earliest = earliest
        super().__init__(f"{week} is too old; {earliest} is the earliest, since the ledger has no gaps")
