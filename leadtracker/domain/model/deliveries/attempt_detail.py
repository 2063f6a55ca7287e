"""Details of an attempt: a stable code with its data, which entrypoints translate.

They hold no text of a foreign server, because such texts repeat addresses and contents.
"""

from collections.abc import Mapping
from enum import StrEnum

from attrs import asdict, frozen


class DetailCode(StrEnum):
    """The events in an attempt to send something."""

    CERTIFICATE_REJECTED = "certificate_rejected"
    """The mail server's certificate is not accepted."""
    DISABLED = "disabled"
    """The endpoint answered 410 before and is disabled."""
    FOLDER_NOT_WRITABLE = "folder_not_writable"
    """The folder for mails without a mail server cannot be written."""
    FOLLOW_UP_CHANGED = "follow_up_changed"
    """The follow-up of a reminder was completed or rescheduled."""
    HTTP_ANSWERED = "http_answered"
    """The receiver of a webhook or of the weekly number has answered."""
    HTTP_UNANSWERED = "http_unanswered"
    """The receiver of a webhook or of the weekly number has not answered."""
    INVALID_RECIPIENT = "invalid_recipient"
    """The recipient is no e-mail address."""
    LEAD_ERASED = "lead_erased"
    """The lead was erased."""
    LEADS_ERASED = "leads_erased"
    """All leads of a notification were erased."""
    LINK_INVALID = "link_invalid"
    """The link in a mail was used, was replaced, has expired, or cannot be decrypted."""
    NO_AUTHENTICATION = "no_authentication"
    """The mail server offers no method of authentication that can be used."""
    NO_SMTPUTF8 = "no_smtputf8"
    """The mail server does not accept international addresses."""
    NO_STARTTLS = "no_starttls"
    """The mail server does not offer encryption."""
    NOTHING_DUE = "nothing_due"
    """A digest would be empty."""
    PROCESS_DIED = "process_died"
    """The process that made the attempt has died."""
    QUEUED_TOO_LONG = "queued_too_long"
    """Other mails took all the time of the attempt."""
    REMOVED = "removed"
    """The endpoint is no longer in the settings."""
    SMTP_ANSWERED = "smtp_answered"
    """The mail server has answered."""
    SMTP_INVALID = "smtp_invalid"
    """The mail server's answer is not SMTP."""
    SMTP_LOST = "smtp_lost"
    """The connection to the mail server was lost."""
    SMTP_UNREACHABLE = "smtp_unreachable"
    """There was no connection to the mail server."""
    SOURCE_NOT_SILENT = "source_not_silent"
    """The source of a silence alert is no longer silent."""
    TEMPLATE_FAILED = "template_failed"
    """The template of a mail cannot be rendered."""
    WRITTEN_TO_FILE = "written_to_file"
    """No mail server is configured, so the mail is a file."""
    WRITTEN_TO_LOG = "written_to_log"
    """No receiver is configured, so the weekly number is in the log."""


@frozen
class AttemptDetail:
    """An event in an attempt with its data, without secrets and personal data.

    Attributes:
        code: says what has happened.
        host: the host name of the server.
        step: the step of the dialogue with a mail server, by its SMTP command.
        error: the type of an error, with its line in a template.
        path: the file that was written, or the template that failed.
    """

    code: DetailCode
    host: str | None = None
    step: str | None = None
    error: str | None = None
    path: str | None = None

    def data(self) -> Mapping[str, str]:
        """Return the attributes that are set, the code included."""
        return {name: str(value) for name, value in asdict(self).items() if value is not None}
