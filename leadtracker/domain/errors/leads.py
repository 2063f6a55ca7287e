"""Errors of leads, their files, states and owners."""

from collections.abc import Iterable

from leadtracker.domain.errors.general import Conflict, LeadTrackerError, NotFound


class LeadNotFound(NotFound):
    """No lead has this id."""

    code = "lead-not-found"
    kind = "lead"


class ResumeNotFound(NotFound):
    """The lead with this id has no resume."""

    code = "resume-not-found"
    kind = "resume of the lead"


class AttachmentNotFound(NotFound):
    """The lead has no attachment with this id."""

    code = "attachment-not-found"
    kind = "attachment"


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


class IllegalTransition(Conflict):
    """The state ``target`` cannot follow ``state``; only the states in ``allowed`` can."""

    code = "illegal-transition"

    def __init__(self, state: str, target: str, allowed: Iterable[str]) -> None:
        self.state = state
        self.target = target
        self.allowed = tuple(allowed)
        super().__init__(f"a lead cannot move from {state} to {target}, only to {' or '.join(self.allowed)}")


class LeadOnHold(Conflict):
    """A legal hold keeps the lead ``lead_id`` from being erased."""

    code = "lead-on-hold"

    def __init__(self, lead_id: str) -> None:
        self.lead_id = lead_id
        super().__init__(f"a legal hold keeps the lead {lead_id} from being erased; clear the hold first")


class VersionConflict(Conflict):
    """The caller expected another version of the lead ``lead_id`` than the stored one, ``version``."""

    code = "version-conflict"

    def __init__(self, lead_id: str, version: int) -> None:
        self.lead_id = lead_id
        self.version = version
        super().__init__(f"the lead has changed; its version is {version} now")


class NoteNotFound(NotFound):
    """The history of the lead has no note with this id."""

    code = "note-not-found"
    kind = "note"


class NotTheAuthor(LeadTrackerError):
    """Only ``author`` can correct the note."""

    code = "not-the-author"

    def __init__(self, author: str) -> None:
        self.author = author
        super().__init__(f"the note was written by {author}, and only its author can correct it")
