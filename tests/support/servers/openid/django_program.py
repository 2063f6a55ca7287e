"""Run a real OpenID provider, django-oauth-toolkit.

The program reads its configuration as JSON from standard input, prints a line when it accepts connections,
and runs until it is terminated. Django can be configured once per process only, so the program is one.
"""

import json
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

READY = "ready"

_SIGN_IN = """<!doctype html><html lang="en"><title>Office login</title><h1>Office login</h1>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Log in</button></form></html>"""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Write no access log."""


def main() -> None:
    """Run the provider."""
    configuration = json.load(sys.stdin)
    _configure(configuration)
    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", verbosity=0)
    _fill(configuration)
    with make_server(
        "127.0.0.1", configuration["port"], get_wsgi_application(), _Server, handler_class=_Quiet
    ) as server:
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()
        server.serve_forever()


def _configure(configuration: dict[str, Any]) -> None:
    from django.conf import settings

    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(Path(configuration["folder"]) / "provider.db"),
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        LOGIN_URL="/login/",
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        OAUTH2_PROVIDER=_oauth2_provider(configuration["private_key"]),
        # Django's own hash computes for over a second where a core is shared, and so does each request for
        # tokens, which has the client's secret. LeadTracker waits five seconds for a provider.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ROOT_URLCONF="tests.support.servers.openid.django_site",
        SECRET_KEY="guards nothing",
        SESSION_COOKIE_NAME="provider",  # cookies do not differ by port
        CSRF_COOKIE_NAME="provider-csrf",
        TEMPLATES=[_templates()],
        USE_TZ=True,
    )


def _oauth2_provider(private_key: str) -> dict[str, Any]:
    """Return the settings of OAuth 2 and OpenID Connect; the key, as PEM, signs tokens."""
    return {
        "OAUTH2_VALIDATOR_CLASS": "tests.support.servers.openid.django_site.Claims",
        "OIDC_ENABLED": True,
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
        "OIDC_RSA_PRIVATE_KEY": private_key,
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "identity", "email": "address", "profile": "name", "groups": "groups"},
    }


def _templates() -> dict[str, Any]:
    """Return the setting that finds the page for signing in."""
    pages = {"registration/login.html": _SIGN_IN}
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.locmem.Loader", pages),
                "django.template.loaders.app_directories.Loader",
            ],
            "context_processors": ["django.template.context_processors.request"],
        },
    }


def _fill(configuration: dict[str, Any]) -> None:
    """Add the client and the person."""
    from django.contrib.auth.models import Group, User
    from oauth2_provider.models import Application

    person = configuration["person"]
    user = User.objects.create_user(person["name"], person["email"], person["password"])
    for name in person["groups"]:
        user.groups.add(Group.objects.create(name=name))
    Application.objects.create(
        client_id=configuration["client_id"],
        client_secret=configuration["client_secret"],
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=configuration["redirect_uri"],
        post_logout_redirect_uris=configuration["sign_in_uri"],
        skip_authorization=True,
        algorithm=Application.RS256_ALGORITHM,
        name="LeadTracker",
    )


if __name__ == "__main__":
    main()
