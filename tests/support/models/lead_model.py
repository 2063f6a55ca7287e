"""A model of lead management, as simple as possible: dictionaries, loops, and no store."""

from datetime import datetime

from attrs import define, field

LEGAL = {
    "PENDING": {"REACHED_OUT", "LOST"},
    "REACHED_OUT": {"PENDING", "CONVERTED", "LOST"},
    "CONVERTED": {"REACHED_OUT"},
    "LOST": {"PENDING", "REACHED_OUT"},
}


@define
class ModelLead:
    """A lead of the model; ``history`` lists the actions on it."""

    id: str
    email: str
    message: str
    created_at: datetime
    state: str = "PENDING"
    primary: str | None = None
    follow_up_at: datetime | None = None
    contacted_at: datetime | None = None
    resume: bytes | None = None
    version: int = 1
    history: list[str] = field(factory=lambda: ["created"])

    def happened(self, action: str) -> None:
        """Record an action that creates a new version."""
        self.version += 1
        self.history.append(action)


class Rejected(Exception):
    """Raised where the application must fail; its text is the code of the expected error."""


@define
class LeadModel:
    """The stored leads, and the histories of erased ones."""

    leads: dict[str, ModelLead] = field(factory=dict)
    erased: dict[str, list[str]] = field(factory=dict)

    def primary_of(self, email: str) -> str | None:
        """Return the id of the primary lead of an address, or None."""
        owners = [lead.id for lead in self.leads.values() if lead.primary is None and lead.email == email]
        assert len(owners) <= 1, f"{email} has several primary leads"
        return owners[0] if owners else None

    def duplicates_of(self, lead_id: str) -> list[ModelLead]:
        """Return the duplicates of a lead, oldest first."""
        linked = [lead for lead in self.leads.values() if lead.primary == lead_id]
        return sorted(linked, key=lambda lead: (lead.created_at, lead.id))

    def capture(self, lead: ModelLead, *, is_public: bool) -> None:
        """Capture a lead."""
        owner = self.primary_of(lead.email)
        if owner is not None and not is_public:
            raise Rejected("duplicate-lead")
        lead.primary = owner
        self.leads[lead.id] = lead
        if owner is not None:
            self.leads[owner].history.append("enquired_again")

    def edit(self, lead_id: str, email: str, message: str) -> None:
        """Change the address and the message of a lead."""
        lead = self.leads[lead_id]
        if (email, message) == (lead.email, lead.message):
            return
        if email != lead.email and self.primary_of(email) not in {None, lead.id, lead.primary}:
            raise Rejected("duplicate-lead")
        lead.email, lead.message = email, message
        lead.happened("edited")

    def change_state(self, lead_id: str, state: str, now: datetime) -> None:
        """Change the state of a lead."""
        lead = self.leads[lead_id]
        if state == lead.state:
            return
        if state not in LEGAL[lead.state]:
            raise Rejected("illegal-transition")
        is_contact = lead.state == "PENDING"
        lead.state = state
        if state == "REACHED_OUT" and lead.contacted_at is None:
            lead.contacted_at = now
        lead.happened("state_changed")
        if is_contact:
            self.answer(lead, now)

    def answer(self, lead: ModelLead, now: datetime) -> None:
        """Answer all open enquiries of the person of a lead."""
        primary = lead.primary or lead.id
        for other in (self.leads[primary], *self.duplicates_of(primary)):
            if other.state == "PENDING":
                other.state = "REACHED_OUT"
                other.contacted_at = other.contacted_at or now
                other.happened("state_changed")

    def link(self, lead_id: str, primary: str) -> None:
        """Make a lead and its duplicates duplicates of another lead."""
        lead = self.leads[lead_id]
        if lead.primary == primary:
            return
        if primary == lead_id or primary not in self.leads or self.leads[primary].primary is not None:
            raise Rejected("invalid-input")
        own = self.duplicates_of(lead_id)
        for one in (lead, *own):
            one.primary = primary
            one.happened("duplicate_linked")

    def unlink(self, lead_id: str) -> None:
        """Make a duplicate an independent lead."""
        lead = self.leads[lead_id]
        if lead.primary is None:
            return
        if self.primary_of(lead.email) is not None:
            raise Rejected("duplicate-lead")
        lead.primary = None
        lead.happened("duplicate_unlinked")

    def follow_up(self, lead_id: str, due_at: datetime | None, now: datetime) -> None:
        """Schedule the next follow-up, or complete one."""
        lead = self.leads[lead_id]
        is_answer = due_at is None and lead.state == "PENDING"
        if due_at != lead.follow_up_at or is_answer:
            lead.follow_up_at = due_at
            lead.version += 1
        lead.history.append("follow_up")
        if is_answer:
            lead.state, lead.contacted_at = "REACHED_OUT", lead.contacted_at or now
            lead.history.append("state_changed")
        if due_at is None:
            self.answer(lead, now)

    def put_resume(self, lead_id: str, content: bytes) -> None:
        """Store a resume, replacing the previous one."""
        self.leads[lead_id].resume = content
        self.leads[lead_id].happened("resume_added")

    def note(self, lead_id: str) -> None:
        """Record a note in the history."""
        self.leads[lead_id].history.append("note_added")

    def erase(self, lead_id: str, *, with_duplicates: bool) -> None:
        """Erase a lead; its remaining duplicates are linked again, or become primary."""
        duplicates = self.duplicates_of(lead_id)
        gone = [self.leads[lead_id], *(duplicates if with_duplicates else [])]
        for lead in gone:
            self.erased[lead.id] = [*lead.history, "erased"]
            del self.leads[lead.id]
        for lead in [] if with_duplicates else duplicates:
            lead.primary = self.primary_of(lead.email)
            lead.happened("duplicate_unlinked" if lead.primary is None else "duplicate_linked")
