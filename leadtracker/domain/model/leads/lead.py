"""The lead: a person who asked for help."""

from collections.abc import Collection
from datetime import datetime

from attrs import evolve, field, frozen

from leadtracker.domain.errors import VersionConflict
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.intake.resume import Resume
from leadtracker.domain.model.leads.lifecycle import LeadState, check_transition
from leadtracker.domain.model.timestamps import check_utc


@frozen(kw_only=True)
class Lead:
    """One request for help, kept for good.

    Attributes:
        phone: E.164 where it was recognised, else as typed.
        source: where the lead came from, in the sender's words.
        version: 1 when captured, one more with every change.
        duplicate_of: the id of the primary lead of the same person; None for that first one.
        follow_up_at: when the staff want to follow up next.
        contacted_at: when it moved to REACHED_OUT for the first time.
        resume: the file that came with it, without its content.
    """

    id: str
    first_name: str
    last_name: str
    email: EmailAddress
    phone: str | None = None
    message: str | None = None
    source: str | None = None
    state: LeadState = LeadState.PENDING
    created_at: datetime = field(validator=check_utc)
    updated_at: datetime = field(validator=check_utc)
    version: int = 1
    duplicate_of: str | None = None
    follow_up_at: datetime | None = field(default=None, validator=check_utc)
    contacted_at: datetime | None = field(default=None, validator=check_utc)
    resume: Resume | None = None

    def check_version(self, expected_versions: Collection[int] | None) -> None:
        """Let only those go on who know this version; None stands for those who do not care.

        Raises:
            VersionConflict: it is none of ``expected_versions``.
        """
        if expected_versions is not None and self.version not in expected_versions:
            raise VersionConflict(self.id, self.version)

    def with_state(self, state: LeadState, now: datetime) -> "Lead":
        """The lead in another state, or itself if it is there already.

        Raises:
            IllegalTransition: that state cannot follow its own.
        """
        if state is self.state:
            return self
        check_transition(self.state, state)
        # An imported lead may come from the future; nobody is contacted before.
        contacted_at = max(now, self.created_at) if state is LeadState.REACHED_OUT else None
        return evolve(self, state=state, contacted_at=self.contacted_at or contacted_at)

    def changed(self, now: datetime) -> "Lead":
        """The next version of a lead that differs from the stored one."""
        return evolve(self, version=self.version + 1, updated_at=now)
