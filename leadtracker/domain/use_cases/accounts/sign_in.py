"""Find out who is asking."""

from attrs import frozen

from leadtracker.domain.errors import AuthenticationFailed, InvalidInput
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.accounts.account import (
    API_KEY_PREFIX,
    User,
    check_account_name,
    check_password,
    digest_of,
)
from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class SignIn:
    """Turn credentials into an actor; every failure looks alike and takes alike long."""

    _unit_of_work: UnitOfWorkFactory
    _hasher: PasswordHasher

    def with_password(self, name: str, password: str) -> Actor:
        """Who a user is that knows that password; errors are those of ``user``."""
        return self.user(name, password).actor

    def user(self, name: str, password: str) -> User:
        """The user who knows that password.

        Raises:
            AuthenticationFailed: no such user, wrong password, or disabled.
        """
        possible = _possible(password)
        user = self._find(name) if possible else None
        proven = self._hasher.verify(possible, None if user is None else user.password_hash)
        if user is None or not proven:
            raise AuthenticationFailed
        return user

    def with_api_key(self, secret: str) -> Actor:
        """The API key with that secret.

        Raises:
            AuthenticationFailed: no such key, or revoked.
        """
        if not (secret.startswith(API_KEY_PREFIX) and secret.isascii()):
            raise AuthenticationFailed
        with self._unit_of_work.read_only() as tx:
            key = tx.api_keys.find_by_digest(digest_of(secret))
        if key is None or key.revoked_at is not None:
            raise AuthenticationFailed
        return key.actor

    def _find(self, name: str) -> User | None:
        """The user of that name who may sign in."""
        try:
            name = check_account_name(name)
        except InvalidInput:
            return None
        with self._unit_of_work.read_only() as tx:
            user = tx.users.find(name)
        return None if user is None or user.disabled_at is not None else user


def _possible(password: str) -> str:
    """The password, or an empty one (which nobody has) in place of one that nobody can have."""
    try:
        return check_password(password)
    except InvalidInput:
        return ""
