"""The sentences by which pages, JSON, the command line and the log say what happened in an attempt."""

from collections.abc import Mapping
from types import MappingProxyType

from leadtracker.domain.model.deliveries.attempt_detail import DetailCode
from leadtracker.domain.model.deliveries.deliverable import Attempt, DeliveryResult
from leadtracker.i18n.languages import SOURCE_LANGUAGE
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark, using_language

DETAIL_TEXTS: Mapping[DetailCode, str] = MappingProxyType(
    {
        DetailCode.CERTIFICATE_REJECTED: mark(
            "The certificate of %(host)s is not accepted. It has expired, has another name, or is signed by "
            "no known authority."
        ),
        DetailCode.DISABLED: mark("The endpoint is disabled, because it answered 410."),
        DetailCode.FOLDER_NOT_WRITABLE: mark("The folder for mails cannot be written (%(error)s)."),
        DetailCode.FOLLOW_UP_CHANGED: mark("The follow-up was completed or rescheduled."),
        DetailCode.HTTP_ANSWERED: mark("%(host)s answered %(status)s."),
        DetailCode.HTTP_UNANSWERED: mark("%(host)s did not answer (%(error)s)."),
        DetailCode.INVALID_RECIPIENT: mark("The recipient is not an e-mail address."),
        DetailCode.LEAD_ERASED: mark("The lead was erased."),
        DetailCode.LEADS_ERASED: mark("The leads were erased."),
        DetailCode.LINK_INVALID: mark("The link in this mail cannot be used any more."),
        DetailCode.NO_AUTHENTICATION: mark(
            "%(host)s offers neither AUTH PLAIN nor AUTH LOGIN. Check the port in LEADTRACKER_SMTP_URL."
        ),
        DetailCode.NO_SMTPUTF8: mark("%(host)s does not offer SMTPUTF8, which the address needs."),
        DetailCode.NO_STARTTLS: mark(
            "%(host)s does not offer STARTTLS, which smtp:// requires. Check the port in "
            "LEADTRACKER_SMTP_URL, or use smtps:// with its port."
        ),
        DetailCode.NOTHING_DUE: mark("Nothing is overdue or awaits first contact any more."),
        DetailCode.PROCESS_DIED: mark("The sending process died."),
        DetailCode.QUEUED_TOO_LONG: mark("Other mails took too long."),
        DetailCode.REMOVED: mark("The endpoint is no longer in the settings."),
        DetailCode.SMTP_ANSWERED: mark("%(host)s answered %(status)s to %(step)s."),
        DetailCode.SMTP_INVALID: mark("%(host)s gave an invalid answer to %(step)s."),
        DetailCode.SMTP_LOST: mark("The connection to %(host)s was lost at %(step)s (%(error)s)."),
        DetailCode.SMTP_UNREACHABLE: mark("There was no connection to %(host)s (%(error)s)."),
        DetailCode.SOURCE_NOT_SILENT: mark("The source is no longer silent."),
        DetailCode.TEMPLATE_FAILED: mark("The template %(path)s cannot be rendered (%(error)s)."),
        DetailCode.WRITTEN_TO_FILE: mark("Written to %(path)s."),
        DetailCode.WRITTEN_TO_LOG: mark("Written to the log."),
    }
)
"""The sentence of each code. SMTP commands and types of errors are the same in every language."""

_LATE = mark(
    "%(host)s did not answer in time. Check the port in LEADTRACKER_SMTP_URL, and whether a firewall "
    "blocks it."
)
_NO_RECEIVER = mark(
    "There was no connection to %(host)s. Check the URL, and whether the receiver works and its certificate "
    "is valid."
)
_NOT_IN_TIME = mark("%(host)s did not answer in time.")
_TIMEOUTS = ("ConnectTimeout", "ReadTimeout", "TimeoutError", "WriteTimeout")
CAUSES: Mapping[tuple[DetailCode, str], str] = MappingProxyType(
    {
        (DetailCode.SMTP_ANSWERED, "AUTH 535"): mark(
            "%(host)s rejected the user name or the password (%(status)s)."
        ),
        (DetailCode.SMTP_UNREACHABLE, "ConnectionRefusedError"): mark(
            "%(host)s refused the connection. Check the port in LEADTRACKER_SMTP_URL, and whether the "
            "mail server works."
        ),
        (DetailCode.SMTP_UNREACHABLE, "SSLError"): mark(
            "%(host)s does not begin with TLS, which smtps:// requires. Check the port in "
            "LEADTRACKER_SMTP_URL."
        ),
        (DetailCode.SMTP_UNREACHABLE, "TimeoutError"): _LATE,
        (DetailCode.SMTP_UNREACHABLE, "gaierror"): mark(
            "%(host)s was not found. Check the host in LEADTRACKER_SMTP_URL."
        ),
        (DetailCode.HTTP_UNANSWERED, "ConnectError"): _NO_RECEIVER,
        **{(DetailCode.HTTP_UNANSWERED, error): _NOT_IN_TIME for error in _TIMEOUTS},
    }
)
"""More helpful sentences for what wrong settings cause: by the type of the error, or the step and status."""


def attempt_detail(attempt: Attempt | DeliveryResult) -> str:
    """Return what happened, as a sentence in the language in use; the bare status without a detail."""
    if attempt.detail is None:
        return "" if attempt.status is None else str(attempt.status)
    detail, status = attempt.detail, attempt.status
    cause = detail.error if status is None else f"{detail.step} {status}"
    text = CAUSES.get((detail.code, cause or ""), DETAIL_TEXTS[detail.code])
    return _(text, **detail.data(), status=status)


def english_detail(attempt: Attempt | DeliveryResult) -> str | None:
    """Return what happened, as JSON and the log say it; None without a detail."""
    if attempt.detail is None:
        return None
    with using_language(SOURCE_LANGUAGE):
        return attempt_detail(attempt)
