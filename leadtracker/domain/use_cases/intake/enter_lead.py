"""Enter a lead that came by phone or in person, with its next follow-up."""

from collections.abc import Collection, Mapping
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.domain.ports.system import Clock, PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.follow_ups.record_follow_up import RecordFollowUp
from leadtracker.domain.use_cases.intake.capture_lead import CaptureLead
from leadtracker.domain.use_cases.ownership.check_owner import check_owner
from leadtracker.domain.use_cases.reports.read_statistics import CachedStatistics

PHONE_SOURCE = "phone"
"""The source that is suggested first."""


@frozen(kw_only=True)
class Entry:
    """The decisions of a user about a lead besides its fields.

    Attributes:
        due_at: when the next follow-up is due; None to schedule none.
        owner: the user who owns the lead; None for no owner, or that of the person's first lead.
        sends_mail: true to acknowledge the lead to the prospect, and to notify the users.
        keeps_known: true to store the lead although its address or number is known.
    """

    due_at: datetime | None = None
    owner: str | None = None
    sends_mail: bool = False
    keeps_known: bool = False


@frozen(kw_only=True)
class EnterLead:
    """Store a lead that a user has typed in, at most once for each form."""

    _capture_lead: CaptureLead
    _record_follow_up: RecordFollowUp
    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _phones: PhoneParser

    def __call__(
        self,
        actor: Actor,
        raw: Mapping[str, object],
        entry: Entry,
        key: str,
        field_errors: Collection[FieldError] = (),
    ) -> Lead:
        """Store the lead, its owner and its next follow-up, and return the lead.

        Args:
            actor: the user.
            raw: the unvalidated fields of the lead by name, and ``created_at``.
            entry: what the user decides besides.
            key: the idempotency key of the form, so that sending it twice stores one lead.
            field_errors: the errors of inputs that the caller has read, to be raised with all others.

        Raises:
            PermissionDenied: the actor may not create leads.
            InvalidInput: names every invalid field.
            DuplicateLead: the address or number is known, and ``entry.keeps_known`` is false.
            IdempotencyKeyReused: the form was sent before with other fields.
        """
        actor.require(Permission.LEAD_CREATE)
        self._check(raw, entry, field_errors)
        submission = Submission(
            sends_mail=entry.sends_mail,
            keeps_duplicate=entry.keeps_known,
            rejects_known=not entry.keeps_known,
            owner=entry.owner,
        )
        captured = self._capture_lead(actor, raw, key, submission)
        with self._unit_of_work.read_only() as tx:
            lead = tx.leads.get(captured.lead.id)
        if entry.due_at and lead.follow_up_at is None:
            self._record_follow_up(actor, lead.id, {"due_at": format_timestamp(entry.due_at)})
        return lead

    def _check(self, raw: Mapping[str, object], entry: Entry, field_errors: Collection[FieldError]) -> None:
        errors = list(field_errors)
        try:
            with self._unit_of_work.read_only() as tx:
                check_owner(tx, entry.owner)
        except InvalidInput as error:
            errors += error.errors
        try:
            LeadDraft.read(raw, self._phones.to_e164, created_until=self._clock.now())
        except InvalidInput as error:
            raise InvalidInput([*error.errors, *errors]) from None
        if errors:
            raise InvalidInput(errors)


@frozen(kw_only=True)
class SuggestSources:
    """Suggest sources for a lead that a user enters."""

    _unit_of_work: UnitOfWorkFactory
    _cached_statistics: CachedStatistics

    def __call__(self, actor: Actor) -> list[str]:
        """Return ``PHONE_SOURCE`` and the most frequent sources of the last 30 days.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.snapshot() as tx:
            sources = self._cached_statistics(tx).by_source
        return list(dict.fromkeys([PHONE_SOURCE, *(source for source in sources if source)]))
