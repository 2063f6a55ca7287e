"""Port: the OpenID provider that the installation trusts."""

from typing import Protocol

from attrs import field, frozen

from leadtracker.domain.model.accounts.external_identity import ProvenIdentity, ProviderTokens


@frozen(kw_only=True)
class PendingSignIn:
    """A sign-in that a browser has begun and the provider has not answered yet.

    Attributes:
        state: returned by the provider, so that a response can only be used by the browser that began.
        nonce: returned inside the signed token, so that a token belongs to one sign-in.
        code_verifier: proves to the provider that the party that began redeems the code (PKCE, RFC 7636).
        redirect_uri: the URL to which the provider sends the browser back.
        is_confirmation: true if the person must prove their identity again, though still signed in there.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    redirect_uri: str
    is_confirmation: bool = False


@frozen(kw_only=True)
class ProviderResponse:
    """The parameters with which the provider has sent a browser back; None or empty if missing.

    Attributes:
        code: can be redeemed once for the tokens.
        state: has to be that of the pending sign-in.
        issuer: the parameter ``iss`` (RFC 9207).
    """

    code: str = field(repr=False)
    state: str = field(repr=False)
    issuer: str | None


class IdentityProvider(Protocol):
    """Signs users in through an OpenID provider, and verifies its tokens.

    Every method may wait some seconds for the provider, so none is called within a unit of work.
    """

    @property
    def host(self) -> str:
        """The host of the provider, by which users recognise it."""
        ...

    def authorization_url(self, pending: PendingSignIn) -> str:
        """Return the URL to which the browser is sent to sign in.

        Raises:
            ProviderUnavailable: the provider does not respond, or not as expected.
        """
        ...

    def redeem(
        self, response: ProviderResponse, pending: PendingSignIn
    ) -> tuple[ProvenIdentity, ProviderTokens]:
        """Redeem the code of a response whose state is that of the pending sign-in.

        Returns:
            The person, and what the provider has issued to the session.

        Raises:
            IdentityRejected: the code or its tokens fail a check.
            ProviderUnavailable: the provider does not respond, or not as expected.
        """
        ...

    def renew(self, tokens: ProviderTokens) -> tuple[ProvenIdentity | None, ProviderTokens]:
        """Ask whether the person of a session still has access, by its refresh token, which may change.

        Returns:
            The person, or None if the provider does not describe the person again, and the tokens to keep.

        Raises:
            IdentityRejected: the provider has withdrawn the access, or the session has ended there.
            ProviderUnavailable: the provider does not respond, or not as expected.
        """
        ...

    def end_session_url(self, tokens: ProviderTokens, return_url: str) -> str | None:
        """Return the URL to which a browser is sent to sign out at the provider; None if it has none.

        Args:
            tokens: those of the session.
            return_url: the URL to which the provider may send the browser back.

        Raises:
            ProviderUnavailable: the provider does not respond, or not as expected.
        """
        ...

    def verify(self, token: str) -> ProvenIdentity:
        """Verify a JSON Web Token that a client sends as a bearer token.

        Raises:
            IdentityRejected: the token fails a check.
            ProviderUnavailable: the provider does not respond, or not as expected, and its keys are unknown.
        """
        ...

    def check(self) -> None:
        """Check that the provider can be reached and used.

        Raises:
            ProviderUnavailable: it cannot; the text says why.
        """
        ...
