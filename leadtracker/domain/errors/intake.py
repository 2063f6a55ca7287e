"""Errors of imports, the quarantine and repeated requests."""

from collections.abc import Mapping

from leadtracker.domain.errors.general import Conflict, LeadTrackerError, NotFound


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


class ImportExists(Conflict):
    """There is an import with this id: the uploaded file was imported, or is being imported, already."""

    code = "import-exists"

    def __init__(self, import_id: str) -> None:
        self.import_id = import_id
        super().__init__("the file was imported already")


class ImportStopped(Conflict):
    """The import ``import_id`` was undone while its rows were being stored."""

    code = "import-stopped"

    def __init__(self, import_id: str) -> None:
        self.import_id = import_id
        super().__init__("the import was undone in the meantime; no further row is stored")


class IdempotencyKeyReused(LeadTrackerError):
    """Another request has used the same idempotency key within the last day."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__("another request has used this idempotency key")


class ImportRejected(LeadTrackerError):
    """The file as a whole cannot be imported, for example because a required column is missing.

    Attributes:
        reason: the kind of the error, by which pages choose their sentence.
        data: the values that this sentence names.
    """

    code = "import-rejected"

    def __init__(self, message: str, reason: str, data: Mapping[str, object]) -> None:
        self.reason = reason
        self.data = data
        super().__init__(message)
