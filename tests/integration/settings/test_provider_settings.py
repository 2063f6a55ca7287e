"""Settings of the OpenID provider, which belong together."""

import pytest

from leadtracker.domain.model.accounts.access import Role
from leadtracker.settings import masked
from tests.integration.settings.conftest import loaded, set_variable, settings_error

PROVIDER = {
    "OIDC_ISSUER": "https://login.firm.example/realms/office",
    "OIDC_CLIENT_ID": "leadtracker",
    "OIDC_CLIENT_SECRET": "canary",
    "OIDC_ROLES": "partners=admin, cn=staff=agent,,interns = viewer",
}


def test_provider_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in PROVIDER.items():
        set_variable(monkeypatch, name, text)
    set_variable(monkeypatch, "PASSWORD_SIGN_IN", "off")
    settings = loaded()
    assert settings.provider_host == "login.firm.example"
    assert settings.only_password_user == "admin"  # noqa: S105 - a name
    assert settings.oidc_role_of_groups == {
        "partners": Role.ADMIN,
        "cn=staff": Role.AGENT,
        "interns": Role.VIEWER,
    }
    assert masked(settings)["LEADTRACKER_OIDC_CLIENT_SECRET"] == "***"  # noqa: S105 - the mask


@pytest.mark.parametrize("missing", [name for name in PROVIDER if name != "OIDC_ISSUER"])
def test_incomplete_provider_is_rejected(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, text in PROVIDER.items():
        if name != missing:
            set_variable(monkeypatch, name, text)
    assert settings_error() == f"LEADTRACKER_{missing}: is needed with LEADTRACKER_OIDC_ISSUER"


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1", "[::1]:8080"])
def test_provider_on_this_machine_needs_no_tls(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    for name, text in {**PROVIDER, "OIDC_ISSUER": f"http://{host}"}.items():
        set_variable(monkeypatch, name, text)
    assert loaded().provider_host == host
