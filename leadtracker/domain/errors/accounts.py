"""Errors of signing in, permissions, users and API keys."""

from leadtracker.domain.errors.general import Conflict, LeadTrackerError, NotFound


class AuthenticationFailed(LeadTrackerError):
    """Credentials are missing, wrong, revoked or those of a disabled user.

    The error does not say which, so that it reveals no user names.
    """

    code = "authentication-failed"


class IdentityRejected(AuthenticationFailed):
    """A message of an OpenID provider, or of a client in its name, fails a check.

    Attributes:
        reason: the failed check, for the log; callers learn nothing of it.
    """

    code = "identity-rejected"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


class EntryDenied(AuthenticationFailed):
    """A person has signed in at the OpenID provider but may not enter.

    They have no group with a role, their user is disabled, or their address belongs to a user that must not
    be linked to them.

    Attributes:
        user: the name of the user if it is known; else empty.
        reason: which of these it is, for the log.
    """

    code = "entry-denied"

    def __init__(self, user: str, reason: str) -> None:
        self.user = user
        self.reason = reason
        super().__init__()


class ProviderUnavailable(LeadTrackerError):
    """The OpenID provider does not respond, or not as it has to; retrying later may succeed."""

    code = "provider-unavailable"


class LinkInvalid(NotFound):
    """A link was never made, or was used or has expired; the error does not say which."""

    code = "link-invalid"
    kind = "valid link"

    def __init__(self) -> None:
        super().__init__("")


class SecondFactorRequired(LeadTrackerError):
    """The user needs a second factor: a password alone is not enough, or the factor must stay."""

    code = "second-factor-required"

    def __init__(self) -> None:
        super().__init__(
            "this user needs a second factor, so a password alone is not accepted here; use an API key"
        )


class SecondFactorLocked(LeadTrackerError):
    """Too many codes of this user's second factor were wrong; none is accepted for some minutes."""

    code = "second-factor-locked"

    def __init__(self) -> None:
        super().__init__("too many codes were wrong; none is accepted for the next minutes")


class SecretUnreadable(LeadTrackerError):
    """A stored secret cannot be decrypted, for example because the secret key was replaced."""

    code = "secret-unreadable"

    def __init__(self) -> None:
        super().__init__("a stored secret cannot be read with the secret key of this installation")


class PermissionDenied(LeadTrackerError):
    """The caller is known but lacks ``permission``."""

    code = "permission-denied"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(f"this needs the permission {permission}")


class AccountNotFound(NotFound):
    """No user or API key has this name; ``kind`` is what was looked for."""

    code = "account-not-found"

    def __init__(self, name: str, kind: str = "user") -> None:
        self.kind = kind
        super().__init__(name)


class LastAdmin(Conflict):
    """The user ``name`` is the last enabled admin and must stay one."""

    code = "last-admin"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is the last enabled admin")


class NotInvited(Conflict):
    """The user ``name`` has chosen a password already, or has no e-mail address for an invitation."""

    code = "not-invited"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} needs no invitation, or has no e-mail address")


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
