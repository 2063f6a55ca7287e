"""Access control: permissions, roles, and the actor on whose behalf code runs."""

from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen

from leadtracker.domain.errors import PermissionDenied


class Permission(StrEnum):
    """The permissions, as ``resource:action``, in alphabetical order."""

    ACCOUNT_MANAGE = "account:manage"
    """Manage users and API keys."""
    AUDIT_READ = "audit:read"
    """Read the audit log."""
    DELIVERY_MANAGE = "delivery:manage"
    """List deliveries and retry them."""
    LEAD_CREATE = "lead:create"
    """Create leads on behalf of a prospect."""
    LEAD_EDIT = "lead:edit"
    """Edit leads, change states, link duplicates, add notes and follow up."""
    LEAD_ERASE = "lead:erase"
    """Erase a person."""
    LEAD_EXPORT = "lead:export"
    """Export all leads, or the complete data of a person."""
    LEAD_IMPORT = "lead:import"
    """Import leads."""
    LEAD_READ = "lead:read"
    """Read leads, resumes, histories, follow-ups and statistics."""
    QUARANTINE_MANAGE = "quarantine:manage"
    """Review the quarantine."""
    REPORT_READ = "report:read"
    """Read weekly reports."""
    REPORT_SEND = "report:send"
    """Have a weekly report sent."""


class Role(StrEnum):
    """The roles of users and API keys; each has all permissions of the one before."""

    SENDER = "sender"
    """Sends leads as anonymous clients do, without their rate limit; for API keys of websites only."""
    VIEWER = "viewer"
    """Reads, and changes nothing."""
    AGENT = "agent"
    """Works on leads."""
    ADMIN = "admin"
    """May do everything."""


USER_ROLES = (Role.VIEWER, Role.AGENT, Role.ADMIN)
"""The roles that users may have."""

_VIEWER = frozenset({Permission.LEAD_READ, Permission.REPORT_READ})
_AGENT = _VIEWER | {Permission.LEAD_CREATE, Permission.LEAD_EDIT, Permission.QUARANTINE_MANAGE}

PERMISSIONS = MappingProxyType(
    {
        Role.SENDER: frozenset[Permission](),
        Role.VIEWER: _VIEWER,
        Role.AGENT: _AGENT,
        Role.ADMIN: frozenset(Permission),
    }
)


@frozen
class Actor:
    """The user, API key or process on whose behalf code runs.

    Attributes:
        name: for logs and history, such as ``user:ann`` or ``api-key:website``.
        role: None for anonymous clients.
        request_id: the id of the current HTTP request; None outside of HTTP.
        address: the client's IP address; None outside of HTTP.
    """

    name: str
    role: Role | None
    request_id: str | None = field(default=None, eq=False)
    address: str | None = field(default=None, eq=False)

    @property
    def is_anonymous(self) -> bool:
        """True for a client without credentials."""
        return self.role is None

    @property
    def is_public(self) -> bool:
        """True for anonymous clients and senders, who send leads and learn nothing of those stored."""
        return self.role in {None, Role.SENDER}

    def may(self, permission: Permission) -> bool:
        """Return True if the actor's role has ``permission``."""
        return self.role is not None and permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Check that the actor's role has ``permission``.

        Raises:
            PermissionDenied: it has not.
        """
        if not self.may(permission):
            raise PermissionDenied(permission)


PUBLIC = Actor("public", None)
SCHEDULER = Actor("scheduler", None)
RETENTION = Actor("retention", Role.ADMIN)
"""The actor of erasures that the operator's retention settings cause."""
OPERATOR = Actor("operator", Role.ADMIN)
"""The actor of the command line: an operator with a shell can read and change the data anyway."""
