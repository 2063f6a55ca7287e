"""Errors of signing in, permissions, users and API keys."""

from leadtracker.domain.errors.general import Conflict, LeadTrackerError, NotFound


class AuthenticationFailed(LeadTrackerError):
    """Credentials are missing, wrong, revoked or those of a disabled user.

    The error does not say which, so that it reveals no user names.
    """

    code = "authentication-failed"


class PermissionDenied(LeadTrackerError):
    """The caller is known but lacks ``permission``."""

    code = "permission-denied"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(f"this needs the permission {permission}")


class AccountNotFound(NotFound):
    """No user or API key has this name."""

    code = "account-not-found"
    kind = "user or API key"


class LastAdmin(Conflict):
    """The user ``name`` is the last enabled admin and must stay one."""

    code = "last-admin"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is the last enabled admin")


class NameTaken(Conflict):
    """A user or API key called ``name`` exists."""

    code = "name-taken"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the name {name} is taken")


class PasswordHashingBusy(LeadTrackerError):
    """Too many passwords are waiting to be hashed; retrying in a moment may succeed."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__("too many passwords are being checked at this moment")
