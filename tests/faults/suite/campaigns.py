"""The campaigns whose attacks are tests of the suite, with the least number of tests that must have run."""

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import MEMORY
from tests.faults.harness.planting import in_processes
from tests.faults.suite.running import run_tests


def api_description(sandbox: Sandbox) -> None:
    """Send what the OpenAPI document allows, and what it forbids, signed in and anonymously."""
    examples = sandbox.size(3, 30)
    run_tests(
        sandbox,
        "integration/http/openapi",
        least=sandbox.size(1_000, 5_000),
        counted="cases",
        SCHEMATHESIS_EXAMPLES=str(examples),
        SCHEMATHESIS_SEED=str(sandbox.rng.randrange(2**32)),
    )


def access(sandbox: Sandbox) -> None:
    """Call every route of the URL map with every role and every kind of credentials."""
    tables = "integration/http/accounts/test_authorisation.py", "integration/http/pages/test_access.py"
    run_tests(sandbox, *tables, least=700, counted="cells")


def sessions(sandbox: Sandbox) -> None:
    """Steal, replay and guess sessions, and send forms of other sites."""
    run_tests(
        sandbox,
        "integration/http/accounts/test_authentication.py",
        "integration/http/accounts/test_sign_in_limit.py",
        "integration/http/accounts/test_transport_security.py",
        "integration/http/pages/public/test_sign_in.py",
        "integration/http/pages/public/test_account.py",
        "integration/http/pages/public/test_second_factor.py",
        least=100,
    )


def secrets_in_logs(sandbox: Sandbox) -> None:
    """Use secrets in working and failing ways, and look for them in everything that is written."""
    run_tests(sandbox, "integration/system/start/test_secrets.py", least=8)


def schemas(sandbox: Sandbox) -> None:
    """Compare migrated databases with those that the table definitions make."""
    run_tests(sandbox, "integration/adapters/database/schema/test_schema.py", least=2)


_ANSWER_200 = """
    from flask import Response
    from leadtracker.entrypoints.http import responses
    responses.no_content = lambda: Response(status=200)
"""
_VIEWERS_EDIT = """
    from types import MappingProxyType
    from leadtracker.domain.model.accounts import access
    permissions = dict(access.PERMISSIONS)
    permissions[access.Role.VIEWER] = permissions[access.Role.AGENT]
    access.PERMISSIONS = MappingProxyType(permissions)
"""
_TAKE_EVERY_FORM = """
    from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
    LoginSessions.require_csrf_token = lambda self: None
    LoginSessions.validate_csrf_token = lambda self, token: None
"""
_LOG_URLS = """
    import structlog
    from leadtracker.adapters.http_client.http_poster import OutboundRequest
    host = OutboundRequest.host.fget
    def logging(self):
        structlog.get_logger("planted").warning("posting", url=self.url)
        return host(self)
    OutboundRequest.host = property(logging)
"""
_FORGET_INDEX = """
    from leadtracker.adapters.database.tables.leads import LeadRow
    LeadRow._meta.indexes = LeadRow._meta.indexes[1:]
"""

CAMPAIGNS = (
    Campaign(
        "api-description",
        "thousands of generated requests, held against the OpenAPI document",
        api_description,
        databases_used=(MEMORY,),
        bugs=(
            PlantedBug(
                "what is deleted answers 200 instead of 204", ("failures",), in_processes(_ANSWER_200)
            ),
        ),
    ),
    Campaign(
        "access",
        "every route, role and kind of credentials",
        access,
        databases_used=(MEMORY,),
        bugs=(PlantedBug("viewers may do what agents may", ("failures",), in_processes(_VIEWERS_EDIT)),),
    ),
    Campaign(
        "sessions",
        "forms of other sites, and sessions that are stolen, replayed or guessed",
        sessions,
        databases_used=(MEMORY,),
        bugs=(
            PlantedBug(
                "forms are accepted without their token", ("failures",), in_processes(_TAKE_EVERY_FORM)
            ),
        ),
    ),
    Campaign(
        "secrets-in-logs",
        "secrets in working and failing ways",
        secrets_in_logs,
        databases_used=(MEMORY,),
        bugs=(PlantedBug("the URL of a post is logged", ("failures",), in_processes(_LOG_URLS)),),
    ),
    Campaign(
        "schemas",
        "migrated databases, compared with the table definitions",
        schemas,
        databases_used=(MEMORY,),
        bugs=(
            PlantedBug(
                "an index is missing in the table definitions", ("failures",), in_processes(_FORGET_INDEX)
            ),
        ),
    ),
)
