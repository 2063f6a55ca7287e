"""The lead: a person who asked for help, as one record."""

from collections.abc import Collection
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from attrs import evolve, field, frozen

from leadtracker.domain.errors import VersionConflict
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, TOUCH_FIELDS, Touch
from leadtracker.domain.model.leads.inputs.answers import Answers
from leadtracker.domain.model.leads.lead_file import RESUME_ID, Attachment, FileMetadata
from leadtracker.domain.model.leads.lifecycle import LeadState, check_transition
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.phone import phone_key
from leadtracker.domain.model.values.timestamps import check_utc

MAX_WAITING_ENQUIRIES = 1_000
"""The maximum number of waiting repeat enquiries of one person; those beyond it are quarantined."""

_values_of = attrgetter(*FIELDS_BY_NAME)


def full_name(first_name: str, last_name: str | None) -> str:
    """Return the names that a person gave, separated by a blank."""
    return f"{first_name} {last_name}" if last_name else first_name


@frozen(kw_only=True)
class Lead:
    """One request for help, stored until the person is erased.

    Attributes:
        last_name: None for a person with one name.
        email: None for a person who gave a phone number only.
        phone: E.164 if the number was recognised, else as typed.
        source: where the lead came from, in the sender's words.
        lost_reason: why it was lost, in a user's words.
        owner: the name of the user who works on the lead; None for an unowned lead.
        utm_source: with the next seven fields the touch: how the sender of this enquiry came to the form. The
            first touch of a person is that of the primary lead, the last one that of the latest duplicate.
        language: the language in which the prospect saw the form, as an ISO 639-1 code; None if unknown.
        answers: what the sender gave besides these fields, by the names of the inputs.
        version: 1 when created, incremented by every change.
        duplicate_of: the id of the primary lead of the same person; None for a primary lead.
        enquiries: the number of duplicates of a primary lead; their coming and going makes no new version.
        enquiries_quarantined: how many more went to quarantine, since the person had
            ``MAX_WAITING_ENQUIRIES``; also counts those that were released or deleted later.
        last_touch: the touch of the latest duplicate of a primary lead; None without duplicates. It is read
            from that duplicate and never stored with this lead.
        follow_up_at: when the next follow-up is due; None if none is scheduled.
        contacted_at: when the state became REACHED_OUT for the first time; None before.
        resume: the metadata of the file that came with the lead; its content is stored elsewhere.
        attachments: further files that came with the lead.
        import_id: the id of the import that created the lead; None if none did.
        hold: the reason of the legal hold that keeps the lead from being erased; None without one. Setting
            and clearing it makes no new version.
    """

    id: str
    first_name: str
    last_name: str | None = None
    email: EmailAddress | None = None
    phone: str | None = None
    message: str | None = None
    source: str | None = None
    lost_reason: str | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    utm_term: str | None = None
    utm_content: str | None = None
    gclid: str | None = None
    referrer: str | None = None
    landing_page: str | None = None
    language: str | None = None
    answers: Answers = field(factory=dict, hash=False)
    state: LeadState = LeadState.PENDING
    owner: str | None = None
    created_at: datetime = field(validator=check_utc)
    updated_at: datetime = field(validator=check_utc)
    version: int = 1
    duplicate_of: str | None = None
    enquiries: int = 0
    enquiries_quarantined: int = 0
    last_touch: Touch | None = field(default=None, hash=False)
    follow_up_at: datetime | None = field(default=None, validator=check_utc)
    contacted_at: datetime | None = field(default=None, validator=check_utc)
    resume: FileMetadata | None = None
    attachments: tuple[Attachment, ...] = ()
    import_id: str | None = None
    hold: str | None = None

    @property
    def files(self) -> dict[str, FileMetadata]:
        """The metadata of the resume and of the attachments by the ids of the files."""
        resume = {RESUME_ID: self.resume} if self.resume else {}
        return resume | {one.id: one.metadata for one in self.attachments}

    @property
    def texts(self) -> dict[str, str | None]:
        """The texts of all ``LEAD_FIELDS`` by name; None for an empty field."""
        texts = dict(zip(FIELDS_BY_NAME, _values_of(self), strict=True))
        texts["email"] = self.email and self.email.text
        return texts

    @property
    def touch(self) -> Touch:
        """The touch of this enquiry."""
        return {field.name: getattr(self, field.name) for field in TOUCH_FIELDS}

    @property
    def full_name(self) -> str:
        """The names that the person gave, separated by a blank."""
        return full_name(self.first_name, self.last_name)

    @property
    def identity(self) -> str:
        """The identity of the person: the key of the e-mail address, else that of the phone number.

        An address contains an ``@`` and a number does not, so that they never match each other.
        """
        return self.email.key if self.email else phone_key(self.phone or "")

    def check_version(self, expected_versions: Collection[int] | None) -> None:
        """Check that the caller knows the current version.

        Args:
            expected_versions: the versions that the caller accepts; None accepts every version.

        Raises:
            VersionConflict: the version is none of ``expected_versions``.
        """
        if expected_versions is not None and self.version not in expected_versions:
            raise VersionConflict(self.id, self.version)

    def with_state(self, state: LeadState, now: datetime) -> "Lead":
        """Return the lead in another state; the same lead if it is in that state already.

        Raises:
            IllegalTransition: ``state`` cannot follow the current state.
        """
        if state is self.state:
            return self
        check_transition(self.state, state)
        # An imported lead may have been created in the future; the first contact cannot be earlier.
        contacted_at = max(now, self.created_at) if state is LeadState.REACHED_OUT else None
        return evolve(self, state=state, contacted_at=self.contacted_at or contacted_at)

    def changed(self, now: datetime) -> "Lead":
        """Return the next version of this lead, updated at ``now``."""
        return evolve(self, version=self.version + 1, updated_at=now)


class ChangedLead(NamedTuple):
    """A lead before and after a change."""

    before: Lead
    after: Lead
