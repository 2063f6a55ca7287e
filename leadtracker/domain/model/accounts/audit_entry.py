"""Entries of the audit log: who did what to accounts, to many leads at once, or to a person's data."""

from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Self

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor

MAX_SUBJECT_LENGTH = 200
_NETWORK_BITS = {4: 24, 6: 48}


class AuditAction(StrEnum):
    """The events that the audit log records, in alphabetical order of their values."""

    AUDIT_EXPORTED = "audit_exported"
    """The audit log was downloaded."""
    FILE_DOWNLOADED = "file_downloaded"
    """A resume or another file of a lead was downloaded; the subject is the lead."""
    HOLD_CLEARED = "hold_cleared"
    """The legal hold of a lead was cleared; the subject is the lead."""
    HOLD_SET = "hold_set"
    """A lead was put on legal hold; the subject is the lead."""
    IDENTITY_LINKED = "identity_linked"
    """A person at the OpenID provider was linked to a user; the subject is the user."""
    IMPORT_STARTED = "import_started"
    """Leads were imported; the subject is the import."""
    IMPORT_UNDONE = "import_undone"
    """The undo of an import began; the subject is the import."""
    KEY_CREATED = "key_created"
    """An API key was added; the subject is its name."""
    KEY_REVOKED = "key_revoked"
    """An API key was revoked; the subject is its name."""
    LEADS_EXPORTED = "leads_exported"
    """Leads were exported."""
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - is an action
    """A user chose a password by a link that was mailed; the subject is the user."""
    PASSWORD_RESET_REQUESTED = "password_reset_requested"  # noqa: S105 - is an action
    """A link to choose another password was asked for; the subject is the user, if there is one."""
    PERSON_ERASED = "person_erased"
    """A person's data was erased; the subject is the lead."""
    PERSON_EXPORTED = "person_exported"
    """Everything that is stored about a person was exported; the subject is the lead."""
    RECOVERY_CODES_CREATED = "recovery_codes_created"
    """A user got new recovery codes; the subject is the user."""
    RECOVERY_CODE_USED = "recovery_code_used"
    """A user gave a recovery code instead of the second factor; the subject is the user."""
    REJECTED_ROWS_DOWNLOADED = "rejected_rows_downloaded"
    """The rejected rows of an import were downloaded; the subject is the import."""
    REPORT_REQUESTED = "report_requested"
    """A weekly report was sent by hand; the subject is the week."""
    SECOND_FACTOR_ENABLED = "second_factor_enabled"
    """A user set up a second factor; the subject is the user."""
    SECOND_FACTOR_FAILED = "second_factor_failed"
    """A code was wrong, or a right password came without one; the subject is the user."""
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    """A second factor was removed; the subject is the user."""
    SESSION_ENDED = "session_ended"
    """The OpenID provider no longer vouched for a person, and the session ended; the subject is the user."""
    SIGNED_IN = "signed_in"
    """A user signed in on the sign-in page or through the OpenID provider; the subject is the user."""
    SIGN_IN_FAILED = "sign_in_failed"
    """A name and a password, an API key, or what the OpenID provider has sent were rejected; the subject is
    the user or the key, if it is known."""
    STATISTICS_EXPORTED = "statistics_exported"
    """Statistics were downloaded; they hold numbers, no persons."""
    USER_CHANGED = "user_changed"
    """A user, or their password, was changed; the subject is the user."""
    USER_CREATED = "user_created"
    """A user was added; the subject is the user."""
    USER_INVITED = "user_invited"
    """A user was invited by e-mail, perhaps again; the subject is the user."""


ABOUT_LEADS = frozenset(
    {
        AuditAction.FILE_DOWNLOADED,
        AuditAction.HOLD_CLEARED,
        AuditAction.HOLD_SET,
        AuditAction.PERSON_ERASED,
        AuditAction.PERSON_EXPORTED,
    }
)
"""The actions whose subject is a lead."""
ABOUT_IMPORTS = frozenset(
    {AuditAction.IMPORT_STARTED, AuditAction.IMPORT_UNDONE, AuditAction.REJECTED_ROWS_DOWNLOADED}
)
"""The actions whose subject is an import."""
ABOUT_WEEKS = frozenset({AuditAction.REPORT_REQUESTED})
"""The actions whose subject is a week."""


@frozen
class AuditRecord:
    """An entry before it is stored; it never holds a secret or the content of what was read.

    Attributes:
        at: when it happened.
        actor: who did it, such as ``user:ann``, ``operator`` or ``public``.
        action: what they did.
        subject: to what, at most ``MAX_SUBJECT_LENGTH`` characters; empty if the action says it all.
        network: the network of the client's address (a /24 of IPv4, a /48 of IPv6); None outside of HTTP.
    """

    at: datetime
    actor: str
    action: AuditAction
    subject: str = ""
    network: str | None = None

    @classmethod
    def by(cls, actor: Actor, action: AuditAction, at: datetime, subject: str = "") -> Self:
        """Make the record of what an actor did."""
        return cls(at, actor.name, action, subject[:MAX_SUBJECT_LENGTH], network_of(actor.address))


def network_of(address: str | None) -> str | None:
    """Return the network of an IP address, which does not name a single client; None if unreadable."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return None
    return str(ip_network(f"{parsed}/{_NETWORK_BITS[parsed.version]}", strict=False))


@frozen
class AuditEntry:
    """A record in the log.

    Attributes:
        number: counts up by one from entry to entry, so that a missing entry is noticed.
    """

    number: int
    record: AuditRecord


@frozen(kw_only=True)
class AuditFilter:
    """A selection of entries; None accepts all.

    Attributes:
        actor: the exact name of the actor.
        action: the action.
        start, end: a half-open interval of times, start ≤ at < end.
    """

    actor: str | None = None
    action: AuditAction | None = None
    start: datetime | None = None
    end: datetime | None = None
