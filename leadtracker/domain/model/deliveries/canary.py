"""The canary: a test lead that the scheduler submits once a day through the public form.

Its e-mail address holds a secret of the running test, so that no other submission is taken for it. The
domain ``canary.invalid`` can never exist (RFC 6761), so that no person has such an address.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from attrs import evolve, field, frozen

from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.timestamps import check_utc

LEASE = timedelta(minutes=5)
"""A test whose form was not submitted within this time was interrupted."""

MAIL_TIMEOUT = timedelta(minutes=15)
"""The time within which the acknowledgement has to leave."""

RETRY_DELAYS = (timedelta(minutes=1), timedelta(minutes=10))
"""The delays before the second and the third attempt: a restart of the web server is no failure."""

MAX_AGE = timedelta(hours=26)
"""A daily test that ended longer ago is late."""

RUNS_WITH_RESULT = 3
"""The number of latest tests among which at least one has ended, if any ever has."""

KEPT_DAYS = timedelta(days=30)
"""Tests are kept for so long."""

CANARY_DOMAIN = "@canary.invalid"
"""The end of the address of every canary, and of no person: the domain is reserved (RFC 2606)."""

_PREFIX = "canary-"
_INPUTS = MappingProxyType(
    {
        "first_name": "Canary",
        "last_name": "LeadTracker",
        "phone": "+12025550100",  # the numbers 555-0100 to 555-0199 are reserved for fiction
        "message": "This is the daily test of the form. It is not stored and not counted.",
    }
)


class CanaryFailure(StrEnum):
    """Why a test of the public form has failed."""

    UNREACHABLE = "unreachable"
    """The page with the form was not served: no connection, no response, or another status than 200."""
    TLS = "tls"
    """The certificate of `LEADTRACKER_PUBLIC_URL` is invalid, or TLS failed otherwise."""
    FORM_MISSING = "form_missing"
    """The page has no form that posts to LeadTracker, or inputs are missing in it."""
    REJECTED = "rejected"
    """The form was sent, and the response was not the thank-you page."""
    NOT_STORED = "not_stored"
    """The thank-you page came, but this database has received no lead."""
    QUARANTINED = "quarantined"
    """The lead was taken for spam, as those of prospects would be."""
    MAIL_NOT_SENT = "mail_not_sent"
    """The acknowledgement did not leave within 15 minutes."""
    INTERRUPTED = "interrupted"
    """The scheduler was stopped during the test."""

    @property
    def label(self) -> str:
        """The text by which pages and e-mails show the failure."""
        return _LABELS[self]


_LABELS = MappingProxyType(
    {
        CanaryFailure.UNREACHABLE: "The page with the form could not be opened",
        CanaryFailure.TLS: "The certificate of the site is invalid",
        CanaryFailure.FORM_MISSING: "The page does not show the form",
        CanaryFailure.REJECTED: "The form was rejected",
        CanaryFailure.NOT_STORED: "The form was accepted, but the lead was not stored",
        CanaryFailure.QUARANTINED: "The lead was taken for spam",
        CanaryFailure.MAIL_NOT_SENT: "The acknowledgement was not sent",
        CanaryFailure.INTERRUPTED: "The test was interrupted",
    }
)


@frozen
class FormVisit:
    """How a submission of the public form ended.

    Attributes:
        failure: None if the thank-you page came.
        detail: what happened; None if the thank-you page came.
    """

    failure: CanaryFailure | None = None
    detail: CanaryDetail | None = None


@frozen(kw_only=True)
class CanaryRun:
    """The test of one day.

    Attributes:
        day: in the time zone of the business.
        attempt: 1 for the first attempt of the day.
        secret: identifies the submission of this attempt.
        received_at: when the web server received the submission; None before.
        quarantine_reason: why the submission was taken for spam; None if it was not.
        delivery_id: the id of the acknowledgement; None before it was enqueued.
        submitted_at: when the scheduler saw the thank-you page; None before.
        finished_at: when the attempt ended; None before.
        failure: None unless the attempt ended and failed.
        detail: of the failure.
    """

    day: date
    attempt: int = 1
    secret: str = field(repr=False)
    started_at: datetime = field(validator=check_utc)
    received_at: datetime | None = field(default=None, validator=check_utc)
    quarantine_reason: str | None = None
    delivery_id: str | None = None
    submitted_at: datetime | None = field(default=None, validator=check_utc)
    finished_at: datetime | None = field(default=None, validator=check_utc)
    failure: CanaryFailure | None = None
    detail: CanaryDetail | None = None

    @property
    def inputs(self) -> Mapping[str, str]:
        """The input that a visitor types into the form, by the name of the field."""
        return {**_INPUTS, "email": f"{_PREFIX}{self.secret}{CANARY_DOMAIN}"}

    @property
    def is_final(self) -> bool:
        """True if the attempt has ended and no other follows on this day."""
        if self.finished_at is None:
            return False
        is_last = self.attempt > len(RETRY_DELAYS)
        return self.failure in {None, CanaryFailure.MAIL_NOT_SENT} or is_last

    def is_late(self, now: datetime) -> bool:
        """Return True if the attempt ended so long ago that another test should have ended since."""
        return self.finished_at is None or now - self.finished_at > MAX_AGE

    @property
    def awaits_mail(self) -> bool:
        """True while only the acknowledgement is missing."""
        return self.submitted_at is not None and self.finished_at is None

    def is_interrupted(self, now: datetime) -> bool:
        """Return True if the scheduler that submits the form must have been stopped."""
        is_submitting = self.submitted_at is None and self.finished_at is None
        return is_submitting and now - self.started_at > LEASE

    def is_due_again(self, now: datetime) -> bool:
        """Return True if the next attempt of the day is due."""
        if self.finished_at is None or self.is_final:
            return False
        return now >= self.finished_at + RETRY_DELAYS[self.attempt - 1]

    def again(self, secret: str, now: datetime) -> "CanaryRun":
        """Return the next attempt of the day."""
        return CanaryRun(day=self.day, attempt=self.attempt + 1, secret=secret, started_at=now)

    def received(self, now: datetime, delivery_id: str | None, reason: str | None) -> "CanaryRun":
        """Return the test after the web server has received its submission."""
        return evolve(self, received_at=now, delivery_id=delivery_id, quarantine_reason=reason)

    def finished(
        self, now: datetime, failure: CanaryFailure | None = None, detail: CanaryDetail | None = None
    ) -> "CanaryRun":
        """Return the attempt as ended."""
        return evolve(self, finished_at=now, failure=failure, detail=detail)

    def after_visit(self, visit: FormVisit, now: datetime) -> "CanaryRun":
        """Return the test after its form was submitted: finished if that failed, else awaiting the mail."""
        if visit.failure is not None:
            return self.finished(now, visit.failure, visit.detail)
        if self.received_at is None:
            return self.finished(now, CanaryFailure.NOT_STORED, CanaryDetail(CanaryDetailCode.OTHER_DATABASE))
        if self.quarantine_reason is not None:
            detail = CanaryDetail.of(CanaryDetailCode.SPAM, reason=self.quarantine_reason)
            return self.finished(now, CanaryFailure.QUARANTINED, detail)
        return evolve(self, submitted_at=now)

    def after_mail(self, acknowledgement: Delivery | None, now: datetime) -> "CanaryRun":
        """Return the test, finished if the acknowledgement was sent, has failed or takes too long.

        Args:
            acknowledgement: None if it was deleted.
            now: the current time.
        """
        if acknowledgement is None:
            detail = CanaryDetail(CanaryDetailCode.MAIL_DELETED)
            return self.finished(now, CanaryFailure.MAIL_NOT_SENT, detail)
        if acknowledgement.state is DeliveryState.SENT:
            return self.finished(now)
        is_late = now - (self.submitted_at or self.started_at) > MAIL_TIMEOUT
        if is_late or acknowledgement.state in {DeliveryState.FAILED, DeliveryState.CANCELLED}:
            return self.finished(now, CanaryFailure.MAIL_NOT_SENT, _last_attempt(acknowledgement))
        return self


def _last_attempt(acknowledgement: Delivery) -> CanaryDetail:
    if not acknowledgement.attempts:
        return CanaryDetail(CanaryDetailCode.MAIL_WAITING)
    return CanaryDetail.of(CanaryDetailCode.MAIL_ATTEMPTED, attempt=acknowledgement.attempts[-1].summary)


def last_result(runs: Iterable[CanaryRun]) -> CanaryRun | None:
    """Return the first test that has ended; the one of today may be in progress."""
    return next((run for run in runs if run.is_final), None)


def canary_secret(email: EmailAddress) -> str:
    """Return the secret in the address of a canary."""
    return email.text[: -len(CANARY_DOMAIN)].removeprefix(_PREFIX)


def is_canary_address(text: object) -> bool:
    """Return True if an input is an address in the domain of canaries."""
    return isinstance(text, str) and text.strip().lower().endswith(CANARY_DOMAIN)


def canary_lead(now: datetime) -> Lead:
    """Return the lead that the acknowledgement of a canary is composed for."""
    return Lead(
        id="canary",
        first_name=_INPUTS["first_name"],
        last_name=_INPUTS["last_name"],
        created_at=now,
        updated_at=now,
    )
