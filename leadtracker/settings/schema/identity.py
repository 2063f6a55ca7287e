"""Settings of sign-in: the OpenID provider, and passwords."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from leadtracker.settings.identity_checks import (
    check_client_id,
    check_client_secret,
    check_issuer,
    check_password_sign_in,
    check_roles,
    check_scopes,
)
from leadtracker.settings.schema.installation import InstallationFields


class IdentityFields(InstallationFields):
    """Settings of how users prove who they are."""

    oidc_issuer: Annotated[str | None, AfterValidator(check_issuer)] = Field(
        default=None,
        description="Issuer of an OpenID provider through which users sign in, and whose JSON Web Tokens the "
        "API accepts; exactly as the provider states it. Without it users sign in with passwords only.",
        examples=["https://login.firm.example/realms/office"],
    )
    oidc_client_id: Annotated[str | None, AfterValidator(check_client_id)] = Field(
        default=None,
        validate_default=True,
        description="Id of LeadTracker at the provider, and the audience of its tokens.",
        examples=["leadtracker"],
    )
    oidc_client_secret: Annotated[SecretStr | None, AfterValidator(check_client_secret)] = Field(
        default=None,
        validate_default=True,
        description="Secret of LeadTracker at the provider.",
        examples=["SECRET"],
    )
    oidc_role_claim: str = Field(
        default="groups",
        min_length=1,
        max_length=200,
        description="Claim that decides about a user's role, a text or a list of texts; dots lead into "
        "objects, as in `realm_access.roles`.",
    )
    oidc_roles: Annotated[str | None, AfterValidator(check_roles)] = Field(
        default=None,
        validate_default=True,
        description="Roles by the values of the claim, separated by commas. The highest one wins; users with "
        "none of the values are rejected.",
        examples=["partners=admin,staff=agent,interns=viewer"],
    )
    oidc_scopes: Annotated[str | None, AfterValidator(check_scopes)] = Field(
        default=None,
        description="Scopes to ask for besides `openid email profile`, separated by spaces: `offline_access` "
        "where the provider issues refresh tokens only for it.",
        examples=["offline_access"],
    )
    oidc_introspection: Literal["on", "off"] = Field(
        default="on",
        description="`on` asks the provider at most once a minute whether a bearer token is still active, if "
        "it has an endpoint for that; `off` accepts tokens until they expire.",
    )
    oidc_session_minutes: int = Field(
        default=60,
        ge=5,
        le=720,
        description="Minutes after which a browser that signed in through the provider must do so again, "
        "usually without typing. A user whom the provider disables is signed out within a minute if it has "
        "issued a refresh token, else after this time.",
    )
    password_sign_in: Annotated[Literal["on", "off"], AfterValidator(check_password_sign_in)] = Field(
        default="on",
        validate_default=True,
        description="`off` accepts passwords, also those of API clients, from `LEADTRACKER_ADMIN_USERNAME` "
        "only, for emergencies in which the provider is down; all others sign in through the provider.",
    )
