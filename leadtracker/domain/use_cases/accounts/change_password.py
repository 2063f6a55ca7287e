"""Change one's own password."""

from attrs import frozen

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import OPERATOR, Actor
from leadtracker.domain.model.accounts.account import check_password, user_name_of
from leadtracker.domain.use_cases.accounts.manage_users import ManageUsers
from leadtracker.domain.use_cases.accounts.sign_in import SignIn


@frozen(kw_only=True)
class ChangePassword:
    """Let users choose a new password if they know the present one."""

    _sign_in: SignIn
    _manage_users: ManageUsers

    def __call__(self, actor: Actor, current: str, new: str) -> str:
        """Change it, which ends all sessions of the user, and give the user's name.

        Raises:
            InvalidInput: nobody can have that new password.
            AuthenticationFailed: the present one is wrong, or the actor is no user.
        """
        check_password(new)
        name = user_name_of(actor.name)
        if name is None:
            raise AuthenticationFailed
        self._sign_in.user(name, current)
        self._manage_users.set_password(OPERATOR, name, new)
        return name
