"""Login sessions of users."""

from datetime import datetime, timedelta
from typing import Self

from attrs import Factory, field, frozen

from leadtracker.domain.model.accounts.account import digest_of
from leadtracker.domain.model.accounts.audit_entry import network_of
from leadtracker.domain.model.values.timestamps import check_utc

MAX_SESSION_IDLE = timedelta(minutes=30)
"""A session expires after this time without a request."""

MAX_SESSION_AGE = timedelta(hours=12)
"""A session expires after this time in any case."""

MAX_PENDING_AGE = timedelta(minutes=10)
"""For how long a sign-in waits for the code of the second factor."""

BETWEEN_CHECKS = timedelta(minutes=1)
"""The time between two questions to the OpenID provider whether the person of a session still has access."""

BETWEEN_SIGHTINGS = timedelta(minutes=1)
"""The minimum time between two updates of ``seen_at``, so that most page views write nothing."""

CONFIRMED_FOR = timedelta(minutes=15)
"""For how long the proof of the user's identity counts on pages that ask for it again."""


@frozen(kw_only=True)
class Browser:
    """The known facts about the browser of a session; a user agent can claim anything.

    Attributes:
        name: such as ``Firefox``; empty if unknown.
        system: such as ``Windows``; empty if unknown.
        address: the IP address; None if unknown.
    """

    name: str = ""
    system: str = ""
    address: str | None = None


@frozen(kw_only=True)
class UserSession:
    """A login session of one browser.

    Attributes:
        digest: the SHA-256, in hex, of the secret in the browser's cookie.
        user: the user's name.
        seen_at: when it was last used, to within a minute.
        confirmed_at: when the user last proved their identity, by signing in or on a page that asked for it.
        browser: the name of the browser; empty if unknown.
        system: the operating system; empty if unknown.
        network: the network of the address from which the session was started; None if unknown.
        ends_at: when it is over in any case, because the OpenID provider must be asked again; None for a
            session that began with a password.
        is_pending: true while the second factor is missing; the session then allows nothing else.
        sealed_tokens: what the OpenID provider has issued to this session, encrypted; None if it cannot be
            asked about the session.
        checked_at: when the provider was last asked whether the person still has access; None as above.
    """

    digest: str = field(repr=False)
    user: str
    started_at: datetime = field(validator=check_utc)
    seen_at: datetime = field(validator=check_utc)
    confirmed_at: datetime = field(
        default=Factory(lambda self: self.started_at, takes_self=True), validator=check_utc
    )
    browser: str = ""
    system: str = ""
    network: str | None = None
    ends_at: datetime | None = field(default=None, validator=check_utc)
    is_pending: bool = False
    sealed_tokens: str | None = field(default=None, repr=False)
    checked_at: datetime | None = field(default=None, validator=check_utc)

    @classmethod
    def start(
        cls, secret: str, user: str, browser: Browser, now: datetime, *, is_pending: bool = False
    ) -> Self:
        """Return a new session of a user who has just proved their identity."""
        return cls(
            digest=digest_of(secret),
            user=user,
            started_at=now,
            seen_at=now,
            browser=browser.name,
            system=browser.system,
            network=network_of(browser.address),
            is_pending=is_pending,
        )

    @property
    def is_from_provider(self) -> bool:
        """True if the session began at the OpenID provider."""
        return self.ends_at is not None

    def is_over(self, now: datetime) -> bool:
        """Return True if the session has expired."""
        max_age = MAX_PENDING_AGE if self.is_pending else MAX_SESSION_AGE
        is_old = now - self.started_at >= max_age or (self.ends_at is not None and now >= self.ends_at)
        return is_old or now - self.seen_at >= MAX_SESSION_IDLE

    def is_to_be_checked(self, now: datetime) -> bool:
        """Return True if the OpenID provider must be asked whether the person still has access."""
        return self.checked_at is not None and now - self.checked_at >= BETWEEN_CHECKS

    def is_sighting_due(self, now: datetime) -> bool:
        """Return True if a use at ``now`` should update ``seen_at``."""
        return now - self.seen_at >= BETWEEN_SIGHTINGS

    def is_confirmed(self, now: datetime) -> bool:
        """Return True if the user proved their identity recently enough for pages that ask for it again."""
        return now - self.confirmed_at < CONFIRMED_FOR
