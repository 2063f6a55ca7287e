"""Errors of the store: it is unavailable, of another version, or must not be overwritten."""

from leadtracker.domain.errors.general import LeadTrackerError


class RestoreRejected(LeadTrackerError):
    """The backup is damaged or of another version, or the store to replace is in use or not empty."""

    code = "restore-rejected"


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
