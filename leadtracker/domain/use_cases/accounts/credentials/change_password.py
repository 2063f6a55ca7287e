"""Let users change their own passwords."""

from attrs import evolve, frozen

from leadtracker.domain.errors import AuthenticationFailed, InvalidInput
from leadtracker.domain.model.accounts.account import PasswordState, User
from leadtracker.domain.model.accounts.account_change import AccountChange
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.accounts.password import check_new_password
from leadtracker.domain.model.accounts.user_session import Browser, UserSession
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.accounts.sign_in import SignIn
from leadtracker.domain.use_cases.deliveries.notifications import Notifications


@frozen(kw_only=True)
class ChangePassword:
    """Set a new password for a user who proves the current one."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _hasher: PasswordHasher
    _sign_in: SignIn
    _notifications: Notifications

    def __call__(self, user: User, current: str, new: str, browser: Browser) -> str:
        """Change the password, replace all sessions of the user by a new one, and return its secret.

        Raises:
            InvalidInput: the new password is not acceptable, or is the current one.
            AuthenticationFailed: the current password is wrong.
        """
        password = check_new_password(new, user.name)
        proven = self._sign_in.user(user.name, current, browser.address)
        if self._hasher.verify(password, proven.password_hash):
            raise InvalidInput([field_error("password", InvalidValue("same-password"))])
        password_hash = self._hasher.hash(password)
        now, secret = self._clock.now(), self._ids.secret()
        with self._unit_of_work() as tx:
            if tx.users.get(proven.name) != proven:
                raise AuthenticationFailed
            tx.users.save(evolve(proven, password_hash=password_hash, password_state=PasswordState.OWN))
            tx.sessions.end_of(proven.name)
            tx.account_links.remove_of(proven.name)
            tx.sessions.add(UserSession.start(secret, proven.name, browser, now))
            caller = evolve(proven.actor, address=browser.address)
            tx.audit_log.append(AuditRecord.by(caller, AuditAction.USER_CHANGED, now, proven.name))
            self._notifications.account_changed(tx, proven, AccountChange.PASSWORD, now)
            tx.commit()
        return secret
