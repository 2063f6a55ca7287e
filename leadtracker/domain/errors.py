"""Everything the domain can refuse, and why.

    LeadTrackerError
    ├── InvalidInput                fields that break a rule, all of them at once
    ├── AuthenticationFailed        nobody we know, or not proven
    ├── PermissionDenied            known, but not allowed
    ├── NotFound
    │   ├── EndpointNotFound
    │   ├── LeadNotFound
    │   ├── DeliveryNotFound
    │   ├── ReportNotFound
    │   ├── ResumeNotFound
    │   ├── QuarantinedLeadNotFound
    │   └── AccountNotFound
    ├── Conflict
    │   ├── DuplicateLead           the e-mail belongs to another lead
    │   ├── IllegalTransition       the lead cannot move from its state to that one
    │   ├── LastAdmin               without that user nobody could manage accounts
    │   ├── NameTaken               a user or API key of that name exists
    │   ├── NotRetryable            the message is neither pending nor failed
    │   ├── ReportInProgress        another process is sending that week's report
    │   └── VersionConflict         the lead has changed since the caller saw it
    ├── IdempotencyKeyReused        the key came before, with another request
    ├── WeekNotClosed               a week can be sealed only when it is over
    ├── WeekTooOld                  a week of too long ago: too many would have to be sealed with it
    ├── ImportRejected              a file that cannot be read as leads at all
    ├── RestoreRejected             a backup that is not whole, or a store that must not be overwritten
    └── StorageUnavailable          the store cannot answer now; trying again later may help
        ├── ResumeStorageUnavailable  the storage of resumes cannot answer now
        │   └── ResumeMissing       a resume is not where it was put; only a person can help
        └── SchemaMismatch          the store was made by another version; only a person can help

Errors carry data and a stable ``code``, never a status, a secret or a person's data: each entrypoint
decides how to say them. To add one, put it above and map it in every entrypoint; a test tells who lacks it.
"""

from typing import TYPE_CHECKING, ClassVar

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@frozen
class FieldError:
    """One complaint about one input field, in words its sender understands."""

    field: str
    message: str


class LeadTrackerError(Exception):
    """The root of everything refused on purpose; anything else that is raised is a bug."""

    code: ClassVar[str] = "error"


class InvalidInput(LeadTrackerError):
    """Input broke the rules; ``errors`` names every bad field."""

    code = "invalid-input"

    def __init__(self, errors: "Iterable[FieldError]") -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))

    @classmethod
    def of(cls, field: str, message: str) -> "InvalidInput":
        """Complain about a single field."""
        return cls([FieldError(field, message)])


class AuthenticationFailed(LeadTrackerError):
    """Credentials are missing, wrong, revoked or of a disabled user; which of these is not told."""

    code = "authentication-failed"


class PermissionDenied(LeadTrackerError):
    """The caller is known but lacks ``permission``."""

    code = "permission-denied"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(f"this needs the permission {permission}")


class NotFound(LeadTrackerError):
    """There is no ``kind`` called ``name``."""

    code = "not-found"
    kind: ClassVar[str] = "thing"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"there is no {self.kind} {name}")


class EndpointNotFound(NotFound):
    """No webhook endpoint in the settings has that number or host."""

    code = "endpoint-not-found"
    kind = "webhook endpoint"


class LeadNotFound(NotFound):
    """No lead has that id."""

    code = "lead-not-found"
    kind = "lead"


class DeliveryNotFound(NotFound):
    """No message has that id."""

    code = "delivery-not-found"
    kind = "delivery"


class ReportNotFound(NotFound):
    """The ledger has no row for that week."""

    code = "report-not-found"
    kind = "weekly report"


class ResumeNotFound(NotFound):
    """The lead of that id has no resume."""

    code = "resume-not-found"
    kind = "resume of the lead"


class QuarantinedLeadNotFound(NotFound):
    """The quarantine holds nothing with that id."""

    code = "quarantined-lead-not-found"
    kind = "lead in quarantine"


class AccountNotFound(NotFound):
    """No user or API key has that name."""

    code = "account-not-found"
    kind = "user or API key"


class Conflict(LeadTrackerError):
    """The request contradicts what is stored."""

    code = "conflict"


class DuplicateLead(Conflict):
    """The e-mail address belongs to the lead ``lead_id``."""

    code = "duplicate-lead"

    def __init__(self, lead_id: str) -> None:
        self.lead_id = lead_id
        super().__init__("a lead with this e-mail address exists")


class LastAdmin(Conflict):
    """The user ``name`` is the last admin who is enabled, and must stay so."""

    code = "last-admin"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is the last enabled admin")


class NameTaken(Conflict):
    """A user or API key called ``name`` exists."""

    code = "name-taken"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the name {name} is taken")


class NotRetryable(Conflict):
    """A message in ``state`` cannot be sent once more."""

    code = "not-retryable"

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(f"the message is {state}; only those that are pending or failed can be retried")


class ReportInProgress(Conflict):
    """Another process is sending the report of ``week`` at this moment."""

    code = "report-in-progress"

    def __init__(self, week: str) -> None:
        self.week = week
        super().__init__(f"the report of {week} is being sent by another process")


class IllegalTransition(Conflict):
    """A lead in ``state`` cannot move to ``target``, only to one of ``allowed``."""

    code = "illegal-transition"

    def __init__(self, state: str, target: str, allowed: "Iterable[str]") -> None:
        self.state = state
        self.target = target
        self.allowed = tuple(allowed)
        super().__init__(f"a lead cannot move from {state} to {target}, only to {' or '.join(self.allowed)}")


class VersionConflict(Conflict):
    """The caller knows another version of the lead ``lead_id``; the stored one is ``version``."""

    code = "version-conflict"

    def __init__(self, lead_id: str, version: int) -> None:
        self.lead_id = lead_id
        self.version = version
        super().__init__(f"the lead has changed meanwhile; its version is {version} now")


class IdempotencyKeyReused(LeadTrackerError):
    """The same idempotency key came with another request within the last day."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__("this idempotency key came with another request before")


class WeekNotClosed(LeadTrackerError):
    """The week ``week`` can be sealed from ``sealable_from`` on."""

    code = "week-not-closed"

    def __init__(self, week: str, sealable_from: "datetime") -> None:
        self.week = week
        self.sealable_from = sealable_from
        super().__init__(
            f"{week} is not closed; it can be counted from {sealable_from:%Y-%m-%d %H:%M} UTC on"
        )


class WeekTooOld(LeadTrackerError):
    """The week ``week`` lies too far back; ``earliest`` is the first that can still be sealed."""

    code = "week-too-old"

    def __init__(self, week: str, earliest: str) -> None:
        self.week = week
        self.earliest = earliest
        super().__init__(f"{week} is too old; {earliest} is the earliest, since the ledger has no gaps")


class ImportRejected(LeadTrackerError):
    """The file as a whole cannot be imported, for instance because a required column is missing."""

    code = "import-rejected"


class RestoreRejected(LeadTrackerError):
    """The backup cannot be relied on, or the store it would replace is in use or not empty."""

    code = "restore-rejected"


class StorageUnavailable(LeadTrackerError):
    """The store is locked, full, unreachable or shutting down; nothing was stored."""

    code = "storage-unavailable"


class ResumeStorageUnavailable(StorageUnavailable):
    """The place where contents of resumes are kept is full, unreachable, not set up or refuses us."""

    code = "resume-storage-unavailable"


class ResumeMissing(ResumeStorageUnavailable):
    """The content of the resume of the lead ``lead_id`` is not, or not unchanged, where it was put."""

    code = "resume-missing"

    def __init__(self, lead_id: str) -> None:
        self.lead_id = lead_id
        super().__init__("the resume is not to be found where it was put")


class SchemaMismatch(StorageUnavailable):
    """The store's schema is older or newer than this program."""

    code = "schema-mismatch"
