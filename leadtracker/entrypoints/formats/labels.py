"""Labels: the texts by which pages show the members of enums and the fields of a lead.

JSON, CSV and the command line show the values themselves, since files and options accept only these.
The states of a lead have their labels in the domain model, because e-mails show them, too.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction
from leadtracker.domain.model.deliveries.canary import CanaryFailure
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, DeliveryKind, DeliveryState
from leadtracker.domain.model.intake.consent import ConsentForm
from leadtracker.domain.model.intake.lead_import import ImportState
from leadtracker.domain.model.intake.quarantined_lead import QuarantineReason
from leadtracker.domain.model.leads.fields import LEAD_FIELDS
from leadtracker.domain.model.leads.follow_up import FollowUpShortcut, FollowUpStatus
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, Sort
from leadtracker.domain.model.leads.queries.text_order import TextSort
from leadtracker.domain.model.reports.sealed_leads import Exclusion
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.use_cases.imports.import_rows import RowOutcome
from leadtracker.i18n.texts import gettext as _

_ACTIONS: Mapping[StrEnum, str] = {
    Action.CREATED: "Received",
    Action.IMPORTED: "Imported",
    Action.EDITED: "Edited",
    Action.STATE_CHANGED: "State changed",
    Action.OWNER_CHANGED: "Owner changed",
    Action.NOTE_ADDED: "Note",
    Action.NOTE_CORRECTED: "Note corrected",
    Action.FOLLOW_UP: "Followed up",
    Action.MAIL_SENT: "E-mail sent",
    Action.RELEASED: "Released from quarantine",
    Action.INPUTS_LEFT_OUT: "Inputs left out",
    Action.FILES_REJECTED: "Files not stored, the disk was nearly full",
    Action.RESUME_ADDED: "Resume added",
    Action.ENQUIRED_AGAIN: "Enquired again",
    Action.DUPLICATE_LINKED: "Marked as duplicate",
    Action.DUPLICATE_UNLINKED: "Unlinked as duplicate",
    Action.HOLD_SET: "Legal hold set",
    Action.HOLD_CLEARED: "Legal hold cleared",
    Action.ERASED: "Erased",
}
_AUDIT_ACTIONS: Mapping[StrEnum, str] = {
    AuditAction.AUDIT_EXPORTED: "Audit log downloaded",
    AuditAction.FILE_DOWNLOADED: "File downloaded",
    AuditAction.HOLD_CLEARED: "Legal hold cleared",
    AuditAction.HOLD_SET: "Legal hold set",
    AuditAction.IDENTITY_LINKED: "User linked to the provider",
    AuditAction.IMPORT_STARTED: "Leads imported",
    AuditAction.IMPORT_UNDONE: "Import undone",
    AuditAction.KEY_CREATED: "API key added",
    AuditAction.KEY_REVOKED: "API key revoked",
    AuditAction.LEADS_EXPORTED: "Leads exported",
    AuditAction.PASSWORD_CHOSEN: "Password chosen by a link",
    AuditAction.PASSWORD_RESET_REQUESTED: "Password reset requested",
    AuditAction.PERSON_ERASED: "Person erased",
    AuditAction.PERSON_EXPORTED: "Personal data exported",
    AuditAction.RECOVERY_CODES_CREATED: "New recovery codes",
    AuditAction.RECOVERY_CODE_USED: "Recovery code used",
    AuditAction.REJECTED_ROWS_DOWNLOADED: "Rejected rows downloaded",
    AuditAction.REPORT_REQUESTED: "Weekly report sent by hand",
    AuditAction.SECOND_FACTOR_ENABLED: "Second factor set up",
    AuditAction.SECOND_FACTOR_FAILED: "Second factor failed",
    AuditAction.SECOND_FACTOR_REMOVED: "Second factor removed",
    AuditAction.SESSION_ENDED: "Session ended by the provider",
    AuditAction.SIGNED_IN: "Signed in",
    AuditAction.SIGN_IN_FAILED: "Sign-in failed",
    AuditAction.STATISTICS_EXPORTED: "Statistics exported",
    AuditAction.USER_CHANGED: "User changed",
    AuditAction.USER_CREATED: "User added",
    AuditAction.USER_INVITED: "User invited",
}
_KINDS: Mapping[StrEnum, str] = {
    DeliveryKind.ACCOUNT_CHANGE: "Account changed",
    DeliveryKind.ACKNOWLEDGEMENT: "Acknowledgement",
    DeliveryKind.ASSIGNMENT: "Assignment",
    DeliveryKind.DIGEST: "Digest",
    DeliveryKind.FOLLOW_UP: "Follow-up",
    DeliveryKind.INVITATION: "Invitation",
    DeliveryKind.NOTIFICATION: "Notification",
    DeliveryKind.NOTIFICATION_BUNDLE: "Notification of several leads",
    DeliveryKind.PASSWORD_RESET: "Password reset",
    DeliveryKind.REMINDER: "Reminder",
    DeliveryKind.SILENCE_ALERT: "Silence alert",
    DeliveryKind.TEST: "Test",
    DeliveryKind.WEEKLY_REPORT: "Weekly report",
    DeliveryKind.LEAD_CREATED: "Lead created",
    DeliveryKind.LEAD_UPDATED: "Lead updated",
    DeliveryKind.LEAD_STATE_CHANGED: "Lead state changed",
    DeliveryKind.LEAD_ERASED: "Lead erased",
}
_OUTCOMES: Mapping[StrEnum, str] = {
    Outcome.DELIVERED: "Delivered",
    Outcome.NOT_SENT: "Not sent",
    Outcome.REJECTED: "Rejected",
    Outcome.RETRY: "To be retried",
    Outcome.UNKNOWN: "Unknown",
    Outcome.CANCELLED: "Cancelled",
}
_SORTS: Mapping[StrEnum, str] = {
    Sort.LATEST_CREATED: "Latest first",
    Sort.CREATED_AT: "Oldest first",
    Sort.LATEST_UPDATED: "Last updated first",
    Sort.UPDATED_AT: "Longest unchanged first",
    Sort.FOLLOW_UP_AT: "Next follow-up first",
}
_TEXT_SORTS: Mapping[StrEnum, str] = {
    TextSort.NAME: "Name, A to Z",
    TextSort.NAME_REVERSED: "Name, Z to A",
    TextSort.STATE: "State, from new to lost",
    TextSort.STATE_REVERSED: "State, from lost to new",
    TextSort.OWNER: "Owner, A to Z",
    TextSort.OWNER_REVERSED: "Owner, Z to A",
    TextSort.SOURCE: "Source, A to Z",
    TextSort.SOURCE_REVERSED: "Source, Z to A",
}
_SPAM_REASONS: Mapping[StrEnum, str] = {
    QuarantineReason.INVALID_TOKEN: "The form was not issued by this site",
    QuarantineReason.TOO_FAST: "The form was sent within two seconds",
    QuarantineReason.HONEYPOT: "A hidden field was filled in",
    QuarantineReason.INVALID: "Rejected submission",
    QuarantineReason.TOO_MANY: "Too many enquiries of this person were waiting",
}
_EXCLUSIONS: Mapping[StrEnum, str] = {
    Exclusion.REPEAT: "Repeat enquiry",
    Exclusion.QUARANTINED: "In quarantine when the week was sealed",
    Exclusion.ERASED: "Erased before the week was sealed",
    Exclusion.ADDED_LATER: "Imported or entered after the week was sealed",
}
_FOLLOW_UPS: Mapping[StrEnum, str] = {
    FollowUpStatus.OVERDUE: "Overdue",
    FollowUpStatus.DUE: "Due today",
    FollowUpStatus.PLANNED: "Scheduled",
    FollowUpStatus.DONE: "Done",
}
_SHORTCUTS: Mapping[StrEnum, str] = {
    FollowUpShortcut.TOMORROW: "Tomorrow",
    FollowUpShortcut.IN_THREE_DAYS: "In 3 days",
    FollowUpShortcut.NEXT_MONDAY: "Next Monday",
}
_IMPORTS: Mapping[StrEnum, str] = {
    ImportState.RUNNING: "In progress",
    ImportState.INTERRUPTED: "Interrupted",
    ImportState.COMPLETED: "Completed",
    ImportState.UNDOING: "Being undone",
    ImportState.UNDONE: "Undone",
}
_ROWS: Mapping[StrEnum, str] = {
    RowOutcome.CREATED: "New lead",
    RowOutcome.DUPLICATE: "Skipped: the person is known",
    RowOutcome.REJECTED: "Rejected",
    RowOutcome.UPDATED: "Changes a known lead",
}
_CONSENT_FORMS: Mapping[StrEnum, str] = {
    ConsentForm.PAGE: "Public form",
    ConsentForm.EMBEDDED: "Embedded form",
}
_DUPLICATES: Mapping[StrEnum, str] = {
    Duplicates.EXCLUDE: "Hidden",
    Duplicates.OPEN: "Shown until answered",
    Duplicates.INCLUDE: "Included",
    Duplicates.ONLY: "Duplicates only",
}

LABELS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
        Action: _ACTIONS,
        AuditAction: _AUDIT_ACTIONS,
        CanaryFailure: {failure: failure.label for failure in CanaryFailure},
        Channel: {**{channel: channel.value.capitalize() for channel in Channel}, Channel.MAIL: "E-mail"},
        ConsentForm: _CONSENT_FORMS,
        DeliveryKind: _KINDS,
        DeliveryState: {state: state.value.capitalize() for state in DeliveryState},
        Duplicates: _DUPLICATES,
        Exclusion: _EXCLUSIONS,
        FollowUpShortcut: _SHORTCUTS,
        FollowUpStatus: _FOLLOW_UPS,
        ImportState: _IMPORTS,
        LeadState: {state: state.label for state in LeadState},
        Outcome: _OUTCOMES,
        ReportState: {state: state.value.capitalize() for state in ReportState},
        RowOutcome: _ROWS,
        Role: {role: role.value.capitalize() for role in Role},
        Sort: _SORTS,
        TextSort: _TEXT_SORTS,
        QuarantineReason: _SPAM_REASONS,
    }
)
"""The label of every member, by enum."""

FIELD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        **{field.name: field.label for field in LEAD_FIELDS},
        "answers": "Answers",
        "state": "State",
        "owner": "Owner",
        "resume": "Resume",
        "attachments": "Attachments",
        "duplicate_of": "Duplicate of",
        "follow_up_at": "Next follow-up",
        "created_at": "Received",
        "updated_at": "Updated",
        "note": "Note",
        "reason": "Reason",
        "name": "Name",
        "consent": "Consent",
        "body": "Submission",
        "row": "Row",
    }
)
"""The label of every field that pages show, of a lead, a submission or a row of a file."""


def label(member: StrEnum) -> str:
    """Return the text by which pages show a member of one of the enums in ``LABELS``."""
    return _(LABELS[type(member)][member])


def field_label(name: str) -> str:
    """Return the label of a lead's field, or its name if it has none."""
    return _(FIELD_LABELS.get(name, name))


def state_label(state: str) -> str:
    """Return the label of a lead's state, or the text itself if a form sent one that is no state."""
    return _(LeadState(state).label) if state in LeadState.__members__ else state
