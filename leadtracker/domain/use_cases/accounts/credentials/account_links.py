"""Mail links by which users choose a password: after an invitation, or because they forgot theirs."""

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import LinkInvalid, NotInvited
from leadtracker.domain.model.accounts.access import PUBLIC, Actor, Permission
from leadtracker.domain.model.accounts.account import PasswordState, User, digest_of, name_to_find
from leadtracker.domain.model.accounts.account_change import AccountChange
from leadtracker.domain.model.accounts.account_draft import InvitationDraft
from leadtracker.domain.model.accounts.account_link import (
    LINK_LIFETIME,
    MAX_RESETS_PER_LIFETIME,
    AccountLink,
    LinkPurpose,
    purpose_of,
)
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.password import check_new_password
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher
from leadtracker.domain.ports.accounts.second_factors import SecretBox
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications

_MAX_TYPED_LENGTH = 300


@frozen(kw_only=True)
class MakeLink:
    """Make links, whose mails a scheduler enqueues."""

    _ids: IdSource
    _secret_box: SecretBox

    def __call__(self, purpose: LinkPurpose, user: str | None, now: datetime) -> AccountLink:
        """Return a new link; the caller stores it."""
        link_id, token = self._ids.new_id(now), self._ids.secret()
        return AccountLink(
            id=link_id,
            purpose=purpose,
            user=user,
            digest=digest_of(token),
            sealed_token=self._secret_box.seal(token, purpose_of(link_id)),
            created_at=now,
        )


@frozen(kw_only=True)
class RequestPasswordReset:
    """Take a request for a new password, without revealing whether there is such a user.

    A request for an unknown name is stored like any other; whether a mail is sent is decided later.

    Args:
        only_password_user: the one user who may sign in with a password; None if all may.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _make_link: MakeLink
    _only_password_user: str | None = None

    def __call__(self, typed: str, address: str | None) -> None:
        """Store a request for the user with this name or e-mail address, as it was typed."""
        now = self._clock.now()
        with self._unit_of_work.read_only() as tx:
            users = tx.users.all()
        user = self._find(users, typed.strip()) if len(typed) <= _MAX_TYPED_LENGTH else None
        link = self._make_link(LinkPurpose.PASSWORD_RESET, user, now)
        caller = evolve(PUBLIC, address=address)
        with self._unit_of_work() as tx:
            tx.account_links.add(link)
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.PASSWORD_RESET_REQUESTED, now, user or ""))
            tx.commit()

    def _find(self, users: list[User], typed: str) -> str | None:
        """Return the name of the user; of several with the same address none, because one must be named."""
        able = [user for user in users if self._is_able(user)]
        named = [user.name for user in able if user.name == typed]
        key = _key(typed)
        addressed = [user.name for user in able if key and user.email and _key(user.email) == key]
        found = named or addressed
        return found[0] if len(found) == 1 else None

    def _is_able(self, user: User) -> bool:
        may_use_password = self._only_password_user in {None, user.name} and user.has_password
        return may_use_password and user.reachable_at is not None


@frozen(kw_only=True)
class InviteUser:
    """Add a user who chooses the password by a link that is mailed."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _make_link: MakeLink

    def __call__(self, actor: Actor, fields: Mapping[str, object]) -> User:
        """Add a user from the unvalidated fields ``name``, ``role``, ``email`` and ``assignable``.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            InvalidInput: names every invalid field; the address is required.
            NameTaken: a user has this name.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        draft, now = InvitationDraft.read(fields), self._clock.now()
        user = User(
            name=draft.name,
            role=draft.role,
            email=draft.email,
            is_assignable=draft.is_assignable,
            password_hash="",
            password_state=PasswordState.INVITED,
            created_at=now,
        )
        with self._unit_of_work() as tx:
            tx.users.add(user)
            self._invite(tx, actor, user, now)
            tx.commit()
        return user

    def again(self, actor: Actor, name: str) -> User:
        """Send the invitation of a user again; earlier links stop working.

        Raises:
            PermissionDenied: the actor may not manage accounts.
            AccountNotFound: no user has this name.
            NotInvited: the user has chosen a password already, or cannot be reached by e-mail.
        """
        actor.require(Permission.ACCOUNT_MANAGE)
        with self._unit_of_work() as tx:
            user = tx.users.get(name_to_find(name))
            if user.password_state is not PasswordState.INVITED or user.reachable_at is None:
                raise NotInvited(user.name)
            tx.account_links.remove_of(user.name)
            self._invite(tx, actor, user, self._clock.now())
            tx.commit()
        return user

    def _invite(self, tx: UnitOfWork, actor: Actor, user: User, now: datetime) -> None:
        tx.account_links.add(self._make_link(LinkPurpose.INVITATION, user.name, now))
        tx.audit_log.append(AuditRecord.by(actor, AuditAction.USER_INVITED, now, user.name))


@frozen(kw_only=True)
class ChoosePassword:
    """Let the user of a link choose a password, once."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _hasher: PasswordHasher
    _notifications: Notifications

    def link(self, token: str) -> AccountLink:
        """Return the link with this token, which stays valid: programs open links of mails, too.

        Raises:
            LinkInvalid: there is no such link, or it was used or has expired.
        """
        with self._unit_of_work.read_only() as tx:
            link = tx.account_links.find_by_digest(digest_of(token))
            user = None if link is None or link.user is None else tx.users.find(link.user)
        if link is None or user is None or user.disabled_at or not link.is_valid(self._clock.now()):
            raise LinkInvalid
        return link

    def __call__(self, token: str, password: str, address: str | None) -> User:
        """Set the password, end all sessions and links of the user, and return the user.

        Raises:
            InvalidInput: the password is not acceptable; the link can still be used.
            LinkInvalid: there is no such link, or it was used or has expired.
        """
        link = self.link(token)
        password_hash = self._hasher.hash(check_new_password(password, link.user or ""))
        now = self._clock.now()
        with self._unit_of_work() as tx:
            taken = tx.account_links.take(link.digest)
            user = None if taken is None or taken.user is None else tx.users.get(taken.user)
            if user is None or user.disabled_at is not None:
                raise LinkInvalid
            user = evolve(user, password_hash=password_hash, password_state=PasswordState.OWN)
            tx.users.save(user)
            tx.sessions.end_of(user.name)
            tx.account_links.remove_of(user.name)
            caller = evolve(user.actor, address=address)
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.PASSWORD_CHOSEN, now, user.name))
            if link.purpose is LinkPurpose.PASSWORD_RESET:
                self._notifications.account_changed(tx, user, AccountChange.PASSWORD, now)
            tx.commit()
        return user


@frozen(kw_only=True)
class EnqueueAccountMails:
    """Enqueue the mails of links; schedulers call it."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _notifications: Notifications

    def __call__(self) -> int:
        """Enqueue the mails that wait, and return their number; other requests are deleted."""
        with self._unit_of_work.read_only() as tx:
            waiting = tx.account_links.waiting()
        return sum(self._enqueue(link) for link in waiting)

    def purge_expired(self) -> int:
        """Delete the links that have expired, and return their number."""
        with self._unit_of_work() as tx:
            purged = tx.account_links.purge(self._clock.now() - LINK_LIFETIME)
            tx.commit()
        return purged

    def _enqueue(self, link: AccountLink) -> bool:
        now = self._clock.now()
        with self._unit_of_work() as tx:
            user = None if link.user is None else tx.users.find(link.user)
            recipient = None if user is None else user.reachable_at
            is_sent = recipient is not None and not _is_one_too_many(tx, link, now)
            if is_sent and recipient is not None:
                is_sent = tx.account_links.mark_enqueued(link.id)
                if is_sent:
                    self._notifications.account_link(tx, link, recipient, now)
            else:
                tx.account_links.remove(link.id)
            tx.commit()
        return is_sent


def _is_one_too_many(tx: UnitOfWork, link: AccountLink, now: datetime) -> bool:
    """Return True if the user has been mailed enough links of this kind lately."""
    if link.purpose is LinkPurpose.INVITATION or link.user is None:
        return False
    sent = [one for one in tx.account_links.of(link.user) if not one.is_waiting and one.is_valid(now)]
    return len(sent) >= MAX_RESETS_PER_LIFETIME


def _key(address: str) -> str:
    try:
        return EmailAddress.parse(address).key
    except ValueError:
        return ""
