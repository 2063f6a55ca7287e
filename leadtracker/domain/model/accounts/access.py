"""Who may do what: roles, the permissions they carry, and the actor who asks."""

from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen

from leadtracker.domain.errors import PermissionDenied


class Permission(StrEnum):
    """What can be allowed, as ``resource:action``; keep it alphabetical."""

    ACCOUNT_MANAGE = "account:manage"
    DELIVERY_MANAGE = "delivery:manage"
    LEAD_CREATE = "lead:create"
    LEAD_EDIT = "lead:edit"
    LEAD_ERASE = "lead:erase"
    LEAD_EXPORT = "lead:export"
    LEAD_IMPORT = "lead:import"
    LEAD_READ = "lead:read"
    QUARANTINE_MANAGE = "quarantine:manage"
    REPORT_READ = "report:read"
    REPORT_SEND = "report:send"


class Role(StrEnum):
    """What a user or an API key is trusted with; each role may all that the one before may."""

    VIEWER = "viewer"
    AGENT = "agent"
    ADMIN = "admin"


_VIEWER = frozenset({Permission.LEAD_READ, Permission.REPORT_READ})
_AGENT = _VIEWER | {Permission.LEAD_CREATE, Permission.LEAD_EDIT, Permission.QUARANTINE_MANAGE}

PERMISSIONS = MappingProxyType({Role.VIEWER: _VIEWER, Role.AGENT: _AGENT, Role.ADMIN: frozenset(Permission)})


@frozen
class Actor:
    """Whoever asks for something.

    Attributes:
        name: for logs and history, such as ``user:ann`` or ``api-key:website``.
        role: None for the public.
        request_id: the id of the HTTP request by which it asks, if that is how.
    """

    name: str
    role: Role | None
    request_id: str | None = field(default=None, eq=False)

    @property
    def is_public(self) -> bool:
        """Whether this is somebody who has not signed in."""
        return self.role is None

    def may(self, permission: Permission) -> bool:
        """Whether the actor's role carries ``permission``."""
        return self.role is not None and permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Stop an actor who may not.

        Raises:
            PermissionDenied: naming the permission.
        """
        if not self.may(permission):
            raise PermissionDenied(permission)


PUBLIC = Actor("public", None)
SCHEDULER = Actor("scheduler", None)
OPERATOR = Actor("operator", Role.ADMIN)
"""Whoever has a shell on the machine: they own the data anyway."""
