"""Details of a failed test of the public form: a stable code with its data, which is translated."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen


class CanaryDetailCode(StrEnum):
    """The events in a failed test of the public form."""

    ANSWERED = "answered"
    """The web server, or a proxy before it, has answered with an unexpected page."""
    CERTIFICATE = "certificate"
    """The certificate was rejected."""
    CONNECTION = "connection"
    """The connection failed, or the response was not HTTP."""
    FORM_SHOWED = "form_showed"
    """The form came again with error messages."""
    INPUTS_MISSING = "inputs_missing"
    """The form lacks inputs."""
    MAIL_ATTEMPTED = "mail_attempted"
    """The last attempt to send the acknowledgement has not succeeded."""
    MAIL_DELETED = "mail_deleted"
    """The acknowledgement is no longer in the database."""
    MAIL_WAITING = "mail_waiting"
    """No attempt was made to send the acknowledgement."""
    NEVER_ENDED = "never_ended"
    """The scheduler was stopped during the attempt."""
    NO_FORM = "no_form"
    """No form of the page posts to LeadTracker."""
    OTHER_DATABASE = "other_database"
    """The scheduler's database has received nothing."""
    SPAM = "spam"
    """The submission is in quarantine for a reason."""
    TIMEOUT = "timeout"
    """The response did not come in time."""

    @property
    def sentence(self) -> str:
        """The sentence by which pages and e-mails show the detail, with placeholders for its data."""
        return _SENTENCES[self]


_SENTENCES = MappingProxyType(
    {
        CanaryDetailCode.ANSWERED: "%(host)s answered %(status)s.",
        CanaryDetailCode.CERTIFICATE: "The certificate of %(host)s is not accepted (%(error)s).",
        CanaryDetailCode.CONNECTION: "There was no connection to %(host)s (%(error)s).",
        CanaryDetailCode.FORM_SHOWED: "%(host)s answered %(status)s; the form says: %(message)s",
        CanaryDetailCode.INPUTS_MISSING: "The form of %(host)s lacks these inputs: %(inputs)s.",
        CanaryDetailCode.MAIL_ATTEMPTED: "The last attempt to send it: %(attempt)s.",
        CanaryDetailCode.MAIL_DELETED: "The mail was deleted.",
        CanaryDetailCode.MAIL_WAITING: "No attempt was made to send it.",
        CanaryDetailCode.NEVER_ENDED: "Attempt %(attempt)s never ended.",
        CanaryDetailCode.NO_FORM: "No form of the page of %(host)s posts to /leads.",
        CanaryDetailCode.OTHER_DATABASE: "The web server may use another database than the scheduler.",
        CanaryDetailCode.SPAM: "The reason in quarantine: %(reason)s.",
        CanaryDetailCode.TIMEOUT: "%(host)s did not answer within %(seconds)s seconds.",
    }
)


@frozen
class CanaryDetail:
    """An event in a test with its data, without secrets.

    Attributes:
        code: says what has happened.
        data: the values of the placeholders of its sentence.
    """

    code: CanaryDetailCode
    data: Mapping[str, str] = field(factory=dict, hash=False)

    @classmethod
    def of(cls, code: CanaryDetailCode, **data: object) -> "CanaryDetail":
        """Return a detail with its data as texts."""
        return cls(code, {name: str(value) for name, value in data.items()})

    @property
    def text(self) -> str:
        """The sentence in English, for the log and ``doctor``."""
        return self.code.sentence % self.data
