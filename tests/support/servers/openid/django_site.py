"""The addresses of the Django provider, and what it states about its users."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.urls import include, path
from oauth2_provider.oauth2_validators import OAuth2Validator

urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("login/", LoginView.as_view()),
]


class Claims(OAuth2Validator):  # type: ignore[misc]  # the library has no types
    """Adds name, address and groups to the claims, as the library's documentation describes it."""

    oidc_claim_scope = None  # all claims with every scope

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Return the claims about the user of a request."""
        return {
            "preferred_username": request.user.get_username(),
            "email": request.user.email,
            "email_verified": True,
            "groups": [group.name for group in request.user.groups.all()],
        }
