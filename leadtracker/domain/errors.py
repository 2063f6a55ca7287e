"""The exceptions of the domain.

    LeadTrackerError
    ├── InvalidInput                invalid input fields, all of them at once
    ├── AuthenticationFailed        missing or wrong credentials
    ├── PermissionDenied            the caller is known but lacks a permission
    ├── NotFound
    │   ├── EndpointNotFound
    │   ├── LeadNotFound
    │   ├── DeliveryNotFound
    │   ├── ReportNotFound
    │   ├── ResumeNotFound
    │   ├── AttachmentNotFound
    │   ├── QuarantinedLeadNotFound
    │   ├── ImportFileNotFound
    │   ├── ImportNotFound
    │   └── AccountNotFound
    ├── Conflict
    │   ├── AlreadyOwned            another user owns the lead
    │   ├── DuplicateLead           the e-mail address or phone number belongs to another lead
    │   ├── ImportStopped           an undo has stopped the import
    │   ├── IllegalTransition       the new state cannot follow the current one
    │   ├── LastAdmin               the last enabled admin must stay enabled
    │   ├── NameTaken               a user or API key of that name exists
    │   ├── NotRetryable            the delivery is neither pending nor failed
    │   ├── ReportInProgress        another process is sending that week's report
    │   └── VersionConflict         the lead has changed since the caller read it
    ├── IdempotencyKeyReused        another request has used the key
    ├── WeekNotClosed               a week can be sealed only after its end
    ├── WeekTooOld                  the week lies too far back to be sealed
    ├── ImportRejected              a file that cannot be imported at all
    ├── PasswordHashingBusy         too many passwords are waiting to be hashed
    ├── RestoreRejected             a damaged backup, or a store that must not be overwritten
    └── StorageUnavailable          the store is unavailable now; retrying later may succeed
        ├── ResumeStorageUnavailable  the storage of resumes is unavailable now
        │   └── ResumeMissing       a resume's content is lost or changed; an operator must act
        └── SchemaMismatch          the store has the schema of another version; an operator must act

Errors carry data and a stable ``code``, never a status, a secret or personal data: each entrypoint maps
them to its own responses. A new error needs a line above and a mapping in every entrypoint; a test fails
without them.
"""

from typing import TYPE_CHECKING, ClassVar

from attrs import field as attribute
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


@frozen
class FieldError:
    """One invalid input field.

    Attributes:
        message: an English phrase for API clients, which follows the name of the field.
        code: the kind of the error, by which pages choose their sentence.
        data: the values that this sentence names.
    """

    field: str
    message: str
    code: str = attribute(default="invalid", eq=False)
    data: "Mapping[str, object]" = attribute(factory=dict, eq=False)


class LeadTrackerError(Exception):
    """The base of all expected errors; any other exception is a bug."""

    code: ClassVar[str] = "error"


class InvalidInput(LeadTrackerError):
    """Input is invalid; ``errors`` has an entry for every invalid field."""

    code = "invalid-input"

    def __init__(self, errors: "Iterable[FieldError]") -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))

    @classmethod
    def of(cls, field: str, message: str) -> "InvalidInput":
        """Return an error about a single field."""
        return cls([FieldError(field, message)])


class AuthenticationFailed(LeadTrackerError):
    """Credentials are missing, wrong, revoked or those of a disabled user.

    The error does not say which, so that it reveals no user names.
    """

    code = "authentication-failed"


class PermissionDenied(LeadTrackerError):
    """The caller is known but lacks ``permission``."""

    code = "permission-denied"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(f"this needs the permission {permission}")


class NotFound(LeadTrackerError):
    """No ``kind`` of record has the id or name ``name``."""

    code = "not-found"
    kind: ClassVar[str] = "thing"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"there is no {self.kind} {name}")


class EndpointNotFound(NotFound):
    """No webhook endpoint of the settings has this number or host."""

    code = "endpoint-not-found"
    kind = "webhook endpoint"


class LeadNotFound(NotFound):
    """No lead has this id."""

    code = "lead-not-found"
    kind = "lead"


class DeliveryNotFound(NotFound):
    """No delivery has this id."""

    code = "delivery-not-found"
    kind = "delivery"


class ReportNotFound(NotFound):
    """The ledger has no row for this week."""

    code = "report-not-found"
    kind = "weekly report"


class ResumeNotFound(NotFound):
    """The lead with this id has no resume."""

    code = "resume-not-found"
    kind = "resume of the lead"


class AttachmentNotFound(NotFound):
    """The lead has no attachment with this id."""

    code = "attachment-not-found"
    kind = "attachment"


class QuarantinedLeadNotFound(NotFound):
    """The quarantine has no lead with this id."""

    code = "quarantined-lead-not-found"
    kind = "lead in quarantine"


class ImportFileNotFound(NotFound):
    """No file that waits to be imported has this id, or it has expired."""

    code = "import-file-not-found"
    kind = "file to import"


class ImportNotFound(NotFound):
    """No import has this id."""

    code = "import-not-found"
    kind = "import"


class AccountNotFound(NotFound):
    """No user or API key has this name."""

    code = "account-not-found"
    kind = "user or API key"


class Conflict(LeadTrackerError):
    """The request contradicts what is stored."""

    code = "conflict"


class AlreadyOwned(Conflict):
    """The user ``owner`` owns the lead, so that no other user can claim it."""

    code = "already-owned"

    def __init__(self, owner: str) -> None:
        self.owner = owner
        super().__init__(f"{owner} owns the lead already")


class DuplicateLead(Conflict):
    """The e-mail address or phone number identifies the lead ``lead_id``."""

    code = "duplicate-lead"

    def __init__(self, lead_id: str) -> None:
        self.lead_id = lead_id
        super().__init__("a lead with this e-mail address or phone number exists")


class ImportStopped(Conflict):
    """The import ``import_id`` was undone while its rows were being stored."""

    code = "import-stopped"

    def __init__(self, import_id: str) -> None:
        self.import_id = import_id
        super().__init__("the import was undone meanwhile; no further row is stored")


class LastAdmin(Conflict):
    """The user ``name`` is the last enabled admin and must stay one."""

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


class IllegalTransition(Conflict):
    """The state ``target`` cannot follow ``state``; only the states in ``allowed`` can."""

    code = "illegal-transition"

    def __init__(self, state: str, target: str, allowed: "Iterable[str]") -> None:
        self.state = state
        self.target = target
        self.allowed = tuple(allowed)
        super().__init__(f"a lead cannot move from {state} to {target}, only to {' or '.join(self.allowed)}")


class VersionConflict(Conflict):
    """The caller expected another version of the lead ``lead_id`` than the stored one, ``version``."""

    code = "version-conflict"

    def __init__(self, lead_id: str, version: int) -> None:
        self.lead_id = lead_id
        self.version = version
        super().__init__(f"the lead has changed; its version is {version} now")


class IdempotencyKeyReused(LeadTrackerError):
    """Another request has used the same idempotency key within the last day."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__("another request has used this idempotency key")


class WeekNotClosed(LeadTrackerError):
    """The week ``week`` cannot be sealed before ``sealable_from``."""

    code = "week-not-closed"

    def __init__(self, week: str, sealable_from: "datetime") -> None:
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


class ImportRejected(LeadTrackerError):
    """The file as a whole cannot be imported, for example because a required column is missing."""

    code = "import-rejected"


class RestoreRejected(LeadTrackerError):
    """The backup is damaged or of another version, or the store to replace is in use or not empty."""

    code = "restore-rejected"


class PasswordHashingBusy(LeadTrackerError):
    """Too many passwords are waiting to be hashed; retrying in a moment may succeed."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__("too many passwords are being checked at this moment")


class StorageUnavailable(LeadTrackerError):
    """The store is locked, full, unreachable or shutting down; nothing was stored."""

    code = "storage-unavailable"


class ResumeStorageUnavailable(StorageUnavailable):
    """The storage of resumes is full, unreachable, not configured, or denies access."""

    code = "resume-storage-unavailable"


class ResumeMissing(ResumeStorageUnavailable):
    """The stored content of the resume of the lead ``lead_id`` is missing or has changed."""

    code = "resume-missing"

    def __init__(self, lead_id: str) -> None:
        self.lead_id = lead_id
        super().__init__("the content of the resume is missing or has changed")


class SchemaMismatch(StorageUnavailable):
    """The store's schema is older or newer than this program."""

    code = "schema-mismatch"
