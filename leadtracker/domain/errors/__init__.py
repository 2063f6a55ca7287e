"""The exceptions of the domain.

    LeadTrackerError
    ├── InvalidInput                invalid input fields, all of them at once
    ├── AuthenticationFailed        missing or wrong credentials
    │   ├── EntryDenied             signed in at the OpenID provider, but may not enter
    │   └── IdentityRejected        what was sent in the name of the OpenID provider fails a check
    ├── ProviderUnavailable         the OpenID provider does not respond, or not as it has to
    ├── SecondFactorRequired        a password alone is not enough for this user
    ├── SecondFactorLocked          too many codes of a second factor were wrong
    ├── SecretUnreadable            a stored secret cannot be decrypted with the secret key
    ├── PermissionDenied            the caller is known but lacks a permission
    ├── NotTheAuthor                only the author of a note can correct it
    ├── NotFound
    │   ├── EndpointNotFound
    │   ├── LeadNotFound
    │   ├── NoteNotFound
    │   ├── DeliveryNotFound
    │   ├── ReportNotFound
    │   ├── ResumeNotFound
    │   ├── AttachmentNotFound
    │   ├── QuarantinedLeadNotFound
    │   ├── LinkInvalid             a link to choose a password was used or has expired
    │   ├── ImportFileNotFound
    │   ├── ImportNotFound
    │   └── AccountNotFound
    ├── Conflict
    │   ├── AlreadyOwned            another user owns the lead
    │   ├── DuplicateLead           the e-mail address or phone number belongs to another lead
    │   ├── ImportExists            an uploaded file is imported once
    │   ├── ImportStopped           an undo has stopped the import
    │   ├── IllegalTransition       the new state cannot follow the current one
    │   ├── LeadOnHold              a legal hold keeps the lead from being erased
    │   ├── LastAdmin               the last enabled admin must stay enabled
    │   ├── NameTaken               a user or API key of that name exists
    │   ├── NotInvited              the user needs no invitation, or cannot get one
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
them to its own responses. A new error needs a line above, its name below, and a mapping
in every entrypoint; a test fails without them.
"""

from leadtracker.domain.errors.accounts import (
    AccountNotFound,
    AuthenticationFailed,
    EntryDenied,
    IdentityRejected,
    LastAdmin,
    LinkInvalid,
    NameTaken,
    NotInvited,
    PasswordHashingBusy,
    PermissionDenied,
    ProviderUnavailable,
    SecondFactorLocked,
    SecondFactorRequired,
    SecretUnreadable,
)
from leadtracker.domain.errors.deliveries import (
    DeliveryNotFound,
    EndpointNotFound,
    NotRetryable,
    ReportInProgress,
    ReportNotFound,
    WeekNotClosed,
    WeekTooOld,
)
from leadtracker.domain.errors.general import Conflict, FieldError, InvalidInput, LeadTrackerError, NotFound
from leadtracker.domain.errors.intake import (
    IdempotencyKeyReused,
    ImportExists,
    ImportFileNotFound,
    ImportNotFound,
    ImportRejected,
    ImportStopped,
    QuarantinedLeadNotFound,
)
from leadtracker.domain.errors.leads import (
    AlreadyOwned,
    AttachmentNotFound,
    DuplicateLead,
    IllegalTransition,
    LeadNotFound,
    LeadOnHold,
    NoteNotFound,
    NotTheAuthor,
    ResumeNotFound,
    VersionConflict,
)
from leadtracker.domain.errors.storage import (
    RestoreRejected,
    ResumeMissing,
    ResumeStorageUnavailable,
    SchemaMismatch,
    StorageUnavailable,
)

__all__ = [
    "AccountNotFound",
    "AlreadyOwned",
    "AttachmentNotFound",
    "AuthenticationFailed",
    "Conflict",
    "DeliveryNotFound",
    "DuplicateLead",
    "EndpointNotFound",
    "EntryDenied",
    "FieldError",
    "IdempotencyKeyReused",
    "IdentityRejected",
    "IllegalTransition",
    "ImportExists",
    "ImportFileNotFound",
    "ImportNotFound",
    "ImportRejected",
    "ImportStopped",
    "InvalidInput",
    "LastAdmin",
    "LeadNotFound",
    "LeadOnHold",
    "LeadTrackerError",
    "LinkInvalid",
    "NameTaken",
    "NotFound",
    "NotInvited",
    "NotRetryable",
    "NotTheAuthor",
    "NoteNotFound",
    "PasswordHashingBusy",
    "PermissionDenied",
    "ProviderUnavailable",
    "QuarantinedLeadNotFound",
    "ReportInProgress",
    "ReportNotFound",
    "RestoreRejected",
    "ResumeMissing",
    "ResumeNotFound",
    "ResumeStorageUnavailable",
    "SchemaMismatch",
    "SecondFactorLocked",
    "SecondFactorRequired",
    "SecretUnreadable",
    "StorageUnavailable",
    "VersionConflict",
    "WeekNotClosed",
    "WeekTooOld",
]
