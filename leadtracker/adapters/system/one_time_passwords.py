"""Time-based one-time passwords by pyotp."""

from datetime import datetime
from hmac import compare_digest

import pyotp
from attrs import frozen

from leadtracker.domain.ports.accounts.second_factors import OneTimePasswords

_SECONDS_PER_STEP = 30
_ACCEPTED_STEPS = (0, -1, 1)


@frozen
class PyotpOneTimePasswords(OneTimePasswords):
    """See the port for its promises.

    Args:
        issuer: the name that apps show beside the user's.
    """

    _issuer: str

    def new_secret(self) -> str:
        return pyotp.random_base32()

    def uri(self, secret: str, user: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=self._issuer)

    def matching_step(self, secret: str, code: str, now: datetime) -> int | None:
        totp, step = pyotp.TOTP(secret), int(now.timestamp()) // _SECONDS_PER_STEP
        given = code.encode("utf-8", "surrogatepass")
        matching = [
            step + offset
            for offset in _ACCEPTED_STEPS
            if compare_digest(totp.generate_otp(step + offset).encode(), given)
        ]
        return max(matching, default=None)
