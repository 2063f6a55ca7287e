"""The in-memory store: committed tables, and a lock for one writer at a time."""

import threading
from collections.abc import Mapping
from datetime import date, datetime

from attrs import Factory, define, evolve, frozen

from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.accounts.account import ApiKey, User
from leadtracker.domain.model.accounts.account_link import AccountLink
from leadtracker.domain.model.accounts.audit_entry import AuditEntry
from leadtracker.domain.model.accounts.external_identity import ExternalIdentity
from leadtracker.domain.model.accounts.second_factor import SecondFactor
from leadtracker.domain.model.accounts.user_session import UserSession
from leadtracker.domain.model.deliveries.canary import CanaryRun
from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.domain.model.intake.consent import Consent
from leadtracker.domain.model.intake.lead_import import FilePiece, LeadImport
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead
from leadtracker.domain.model.intake.rejected_submission import RejectedSubmission
from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.leads.history import HistoryEntry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import LeadFile, StoredFile
from leadtracker.domain.model.reports.cohort_counts import Period, Rollup
from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.model.reports.sealed_leads import SealedLead
from leadtracker.domain.model.reports.weekly_report import WeeklyReport


@frozen
class IdempotencyRecord:
    """An idempotency key; ``lead`` is None until the unit of work has captured one."""

    fingerprint: str
    at: datetime
    lead: Lead | None = None


@define(kw_only=True)
class Tables:
    """All tables. Committed tables are never modified: a writer modifies a copy.

    Attributes:
        account_links: by their id.
        audit_entries: in the order of their numbers; ``audit_number`` is the latest number.
        idempotency_keys: by the digest of the idempotency key.
        consents: by the id of the lead; ``consent_texts`` has when each text was used first.
        disabled_endpoints: since when, by the key of the endpoint.
        external_identities: by issuer and subject.
        primary_leads: by e-mail key, the id of the lead that is no duplicate.
        orphan_objects: by key, until when a resume may take it; None once it is marked for deletion.
        mail_budgets: by name, the start of the current window and the number counted in it.
        reports: by the name of the week.
        sealed_leads: by the name of the week, as they were when it was sealed.
        erased_leads: when each was created, by its id.
        rollups: by time zone, period and start.
        lead_changes: when the leads that have changed were created.
        files: by the id of the lead and the id of the file.
        second_factors: by the user's name.
        recovery_codes: the user's name and the digest of each.
        sessions: by the digest of the secret.
        quarantined leads: by their id, with their files.
        assigned: the number of leads that were assigned by turns.
    """

    account_links: dict[str, AccountLink] = Factory(dict)
    api_keys: dict[str, ApiKey] = Factory(dict)
    audit_entries: tuple[AuditEntry, ...] = ()
    audit_number: int = 0
    idempotency_keys: dict[str, IdempotencyRecord] = Factory(dict)
    canary_runs: dict[date, CanaryRun] = Factory(dict)
    consents: dict[str, Consent] = Factory(dict)
    consent_texts: dict[str, datetime] = Factory(dict)
    digest_days: frozenset[date] = frozenset()
    disabled_endpoints: dict[str, datetime] = Factory(dict)
    external_identities: dict[tuple[str, str], ExternalIdentity] = Factory(dict)
    primary_leads: dict[str, str] = Factory(dict)
    follow_ups: dict[str, FollowUp] = Factory(dict)
    history: dict[str, tuple[HistoryEntry, ...]] = Factory(dict)
    imports: dict[str, LeadImport] = Factory(dict)
    import_files: dict[tuple[str, int], FilePiece] = Factory(dict)
    leads: dict[str, Lead] = Factory(dict)
    orphan_objects: dict[str, datetime | None] = Factory(dict)
    deliveries: dict[str, Delivery] = Factory(dict)
    heartbeat: SchedulerHeartbeat | None = None
    mail_budgets: dict[str, tuple[datetime, int]] = Factory(dict)
    reports: dict[str, WeeklyReport] = Factory(dict)
    sealed_leads: dict[str, tuple[SealedLead, ...]] = Factory(dict)
    erased_leads: dict[str, datetime] = Factory(dict)
    rollups: dict[tuple[str, Period, datetime], Rollup] = Factory(dict)
    lead_changes: tuple[datetime, ...] = ()
    files: dict[tuple[str, str], StoredFile] = Factory(dict)
    second_factors: dict[str, SecondFactor] = Factory(dict)
    recovery_codes: frozenset[tuple[str, str]] = frozenset()
    sessions: dict[str, UserSession] = Factory(dict)
    quarantined_leads: dict[str, tuple[QuarantinedLead, Mapping[str, LeadFile]]] = Factory(dict)
    rejected_submissions: dict[str, RejectedSubmission] = Factory(dict)
    users: dict[str, User] = Factory(dict)
    assigned: int = 0

    def copy(self) -> "Tables":
        """Return a copy that can be modified independently."""
        return evolve(
            self,
            account_links=self.account_links.copy(),
            api_keys=self.api_keys.copy(),
            consents=self.consents.copy(),
            consent_texts=self.consent_texts.copy(),
            idempotency_keys=self.idempotency_keys.copy(),
            disabled_endpoints=self.disabled_endpoints.copy(),
            external_identities=self.external_identities.copy(),
            primary_leads=self.primary_leads.copy(),
            follow_ups=self.follow_ups.copy(),
            history=self.history.copy(),
            imports=self.imports.copy(),
            import_files=self.import_files.copy(),
            leads=self.leads.copy(),
            orphan_objects=self.orphan_objects.copy(),
            deliveries=self.deliveries.copy(),
            mail_budgets=self.mail_budgets.copy(),
            reports=self.reports.copy(),
            sealed_leads=self.sealed_leads.copy(),
            erased_leads=self.erased_leads.copy(),
            rollups=self.rollups.copy(),
            files=self.files.copy(),
            second_factors=self.second_factors.copy(),
            sessions=self.sessions.copy(),
            quarantined_leads=self.quarantined_leads.copy(),
            rejected_submissions=self.rejected_submissions.copy(),
            users=self.users.copy(),
        )


class MemoryStore:
    """Holds the committed tables, which all units of work on the store share.

    Attributes:
        committed: replaced as a whole by each commit, so a reader never sees half of one.
        is_available: set it to False to play a store that is down.
    """

    def __init__(self) -> None:
        self.committed = Tables()
        self.is_available = True
        self._lock = threading.Lock()
        self._writing_thread: int | None = None

    def check_available(self) -> None:
        """Raise the error of an unavailable store if the test has made it so.

        Raises:
            StorageUnavailable: ``is_available`` is False.
        """
        if not self.is_available:
            message = "the in-memory store is unavailable"
            raise StorageUnavailable(message)

    def begin(self) -> Tables:
        """Wait for the write lock and return the tables; ``end`` releases the lock.

        Raises:
            RuntimeError: this thread is writing already and would wait for itself.
        """
        if self._writing_thread == threading.get_ident():
            message = "units of work are not nested"
            raise RuntimeError(message)
        self._lock.acquire()
        self._writing_thread = threading.get_ident()
        return self.committed

    def end(self) -> None:
        """Release the write lock."""
        self._writing_thread = None
        self._lock.release()


@define
class Transaction:
    """The tables that one unit of work reads, and may change if it is writable.

    Attributes:
        is_changed: whether ``tables`` is a copy that was made for a change.
    """

    tables: Tables
    _writable: bool
    is_changed: bool = False

    def for_writing(self) -> Tables:
        """Return the tables for modification: a copy, made before the first change.

        Raises:
            RuntimeError: the unit of work is read-only, so its caller is wrong.
        """
        if not self._writable:
            message = "a read-only unit of work cannot write"
            raise RuntimeError(message)
        if not self.is_changed:
            self.tables, self.is_changed = self.tables.copy(), True
        return self.tables
