"""Let users change their own passwords."""

from attrs import evolve, frozen

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import OPERATOR, Actor
from leadtracker.domain.model.accounts.account import user_name_of
from leadtracker.domain.model.accounts.password import check_new_password
from leadtracker.domain.use_cases.accounts.manage_users import ManageUsers
from leadtracker.domain.use_cases.accounts.sign_in import SignIn


@frozen(kw_only=True)
class ChangePassword:
    """Set a new password for a user who proves the current one."""

    _sign_in: SignIn
    _manage_users: ManageUsers

    def __call__(self, actor: Actor, current: str, new: str) -> str:
        """Change the password, end all sessions of the user, and return the user's name.

        Raises:
            InvalidInput: the new password is not acceptable.
            AuthenticationFailed: the current password is wrong, or the actor is not a user.
        """
        check_new_password(new)
        name = user_name_of(actor.name)
        if name is None:
            raise AuthenticationFailed
        self._sign_in.user(name, current, actor.address)
        # One's own password needs no permission; the audit log shows who changed it.
        self._manage_users.set_password(evolve(OPERATOR, name=actor.name, address=actor.address), name, new)
        return name
