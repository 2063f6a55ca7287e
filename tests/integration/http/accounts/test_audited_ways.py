"""Every way in which data leave, and every failed sign-in, leaves one entry with its actor."""

import io
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import pytest
from attrs import frozen
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter, AuditRecord
from tests.integration.http.conftest import PHRASE, wait_for_imports
from tests.support.clients.command_line import CommandLine
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.clients.routes import api_routes, page_routes
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.sample_files import PDF
from tests.support.http import Client, api_key, basic, bearer

KEY, USER, SIGNED_OUT = "api-key:boss", "user:boss", "public"
ROWS = b"first_name,last_name,email\nAnn,Lee,not an address\n"


@frozen
class Office:
    """An application with an admin, by key and by name, a lead with files, and an import of bad rows."""

    container: Container
    public: Client
    app: Flask
    command_line: CommandLine
    key: str
    revoked_key: str
    lead_id: str
    import_id: str

    def entries(self) -> list[AuditRecord]:
        return [one.record for one in self.container.read_audit_log().all(OPERATOR, AuditFilter())][::-1]

    def with_key(self, path: str, **query: str) -> int:
        return self._get(api_key(self.key), path, **query)

    def with_password(self, path: str, **query: str) -> int:
        return self._get(basic("boss", PHRASE), path, **query)

    def on_page(self, path: str, password: str = PHRASE) -> int:
        browser = HtmlClient.of(self.app)
        browser.sign_in("boss", password)
        return browser.get(path.format_map(self._names())).status

    def by_command(self, *arguments: str) -> int:
        filled = [one.format_map(self._names()) for one in arguments]
        return 200 if self.command_line.run(*filled).status == 0 else 500

    def rejected(self, headers: Mapping[str, str]) -> int:
        return self._get(headers, "/leads")

    def _get(self, headers: Mapping[str, str], path: str, **query: str) -> int:
        client = self.public.with_headers(headers)
        return client.get(path.format_map(self._names()), **query).status

    def _names(self) -> dict[str, str]:
        return {"lead_id": self.lead_id, "attachment_id": "1", "import_id": self.import_id}


@pytest.fixture
def office(
    container: Container,
    public: Client,
    app: Flask,
    database_url: str,
    restored_logging: None,  # noqa: ARG001 - each command sets up logging
) -> Office:
    container.manage_users().add(OPERATOR, "boss", Role.ADMIN, PHRASE)
    key, revoked = (container.manage_api_keys().add(OPERATOR, name, Role.ADMIN) for name in ("boss", "old"))
    container.manage_api_keys().revoke(OPERATOR, "old")
    parts = (file_part(b"My life.", "life.txt"), file_part(PDF, "more.pdf", "more"))
    lead = public.request("POST", "/leads", data=lead_form(*parts), content_type=MULTIPART).body
    admin = HtmlClient.of(app)
    admin.sign_in("boss", PHRASE)
    form = admin.get("/dashboard/import").form("/dashboard/import")
    match = admin.submit(form, {"file": (io.BytesIO(ROWS), "rows.csv")}).location
    imported = admin.submit(admin.get(match).form(match), {"do": "import"})
    wait_for_imports()
    import_id = re.findall(r"/dashboard/import/([^/?]+)$", imported.location)[0]
    command_line = CommandLine({"DATABASE_URL": database_url, "LOG_LEVEL": "warning"})
    return Office(container, public, app, command_line, key, revoked, lead["id"], import_id)


@frozen
class Way:
    """One way, with the entry that it leaves."""

    act: Callable[[Office], int]
    action: AuditAction
    actor: str
    subject: str = ""
    status: int = 200


def leads_exported(act: Callable[[Office], int], actor: str) -> Way:
    return Way(act, AuditAction.LEADS_EXPORTED, actor)


def about_lead(action: AuditAction, act: Callable[[Office], int], actor: str) -> Way:
    return Way(act, action, actor, "{lead_id}")


_EXPORTED, _DOWNLOADED = AuditAction.PERSON_EXPORTED, AuditAction.FILE_DOWNLOADED
EXITS: Mapping[str, Mapping[str, Way]] = MappingProxyType(
    {
        "/leads/export": {
            "CSV with a key": leads_exported(lambda o: o.with_key("/leads/export", format="csv"), KEY),
            "NDJSON with a key": leads_exported(lambda o: o.with_key("/leads/export", format="ndjson"), KEY),
            "CSV with a password": leads_exported(lambda o: o.with_password("/leads/export"), USER),
        },
        "/leads/{lead_id}/export": {
            "API": about_lead(_EXPORTED, lambda o: o.with_key("/leads/{lead_id}/export"), KEY),
        },
        "/leads/{lead_id}/export.zip": {
            "API": about_lead(_EXPORTED, lambda o: o.with_key("/leads/{lead_id}/export.zip"), KEY),
        },
        "/leads/{lead_id}/resume": {
            "API": about_lead(_DOWNLOADED, lambda o: o.with_key("/leads/{lead_id}/resume"), KEY),
        },
        "/leads/{lead_id}/attachments/{attachment_id}": {
            "API": about_lead(
                _DOWNLOADED, lambda o: o.with_password("/leads/{lead_id}/attachments/{attachment_id}"), USER
            ),
        },
        "/dashboard/leads/export": {
            "CSV": leads_exported(lambda o: o.on_page("/dashboard/leads/export?format=csv"), USER),
            "NDJSON": leads_exported(lambda o: o.on_page("/dashboard/leads/export?format=ndjson"), USER),
        },
        "/dashboard/leads/{lead_id}/export": {
            "page": about_lead(_EXPORTED, lambda o: o.on_page("/dashboard/leads/{lead_id}/export"), USER),
        },
        "/dashboard/leads/{lead_id}/resume": {
            "page": about_lead(_DOWNLOADED, lambda o: o.on_page("/dashboard/leads/{lead_id}/resume"), USER),
        },
        "/dashboard/leads/{lead_id}/resume/text": {
            "page": about_lead(
                _DOWNLOADED, lambda o: o.on_page("/dashboard/leads/{lead_id}/resume/text"), USER
            ),
        },
        "/dashboard/leads/{lead_id}/attachments/{attachment_id}": {
            "page": about_lead(
                _DOWNLOADED,
                lambda o: o.on_page("/dashboard/leads/{lead_id}/attachments/{attachment_id}"),
                USER,
            ),
        },
        "/dashboard/import/{import_id}/rejected": {
            "page": Way(
                lambda o: o.on_page("/dashboard/import/{import_id}/rejected"),
                AuditAction.REJECTED_ROWS_DOWNLOADED,
                USER,
                "{import_id}",
            ),
        },
        "/dashboard/audit/audit.csv": {
            "page": Way(lambda o: o.on_page("/dashboard/audit/audit.csv"), AuditAction.AUDIT_EXPORTED, USER),
        },
        "/dashboard/statistics/statistics.csv": {
            "page": Way(
                lambda o: o.on_page("/dashboard/statistics/statistics.csv"),
                AuditAction.STATISTICS_EXPORTED,
                USER,
            ),
        },
        "command line": {
            "audit log": Way(
                lambda o: o.by_command("audit", "list"), AuditAction.AUDIT_EXPORTED, OPERATOR.name
            ),
            "person with files": about_lead(
                _EXPORTED,
                lambda o: o.by_command("leads", "personal-data", "{lead_id}", "--zip"),
                OPERATOR.name,
            ),
            "CSV": leads_exported(lambda o: o.by_command("leads", "export"), OPERATOR.name),
            "NDJSON": leads_exported(
                lambda o: o.by_command("leads", "export", "--format", "ndjson"), OPERATOR.name
            ),
            "person": about_lead(
                _EXPORTED, lambda o: o.by_command("leads", "personal-data", "{lead_id}"), OPERATOR.name
            ),
        },
    }
)


def failed(act: Callable[[Office], int], subject: str = "") -> Way:
    return Way(act, AuditAction.SIGN_IN_FAILED, SIGNED_OUT, subject, 401)


FAILURES: Mapping[str, Way] = MappingProxyType(
    {
        "page, wrong password": Way(
            lambda o: o.on_page("/dashboard", "wrong wrong wrong"),
            AuditAction.SIGN_IN_FAILED,
            SIGNED_OUT,
            "boss",
            303,
        ),
        "Basic, wrong password": failed(lambda o: o.rejected(basic("boss", "wrong wrong wrong")), "boss"),
        "Basic, unknown user": failed(lambda o: o.rejected(basic("unknown", PHRASE))),
        "X-API-Key, unknown": failed(lambda o: o.rejected(api_key("lt_" + "x" * 43))),
        "X-API-Key, no key": failed(lambda o: o.rejected(api_key("secret"))),
        "X-API-Key, revoked": failed(lambda o: o.rejected(api_key(o.revoked_key)), "old"),
        "Bearer, unknown": failed(lambda o: o.rejected(bearer("lt_" + "x" * 43))),
        "Bearer, revoked": failed(lambda o: o.rejected(bearer(o.revoked_key)), "old"),
    }
)


def left_by(office: Office, way: Way) -> list[AuditRecord]:
    """Return the entries that a way leaves, besides that of the sign-in that it needs."""
    before = len(office.entries())
    assert way.act(office) == way.status
    return [one for one in office.entries()[before:] if one.action is not AuditAction.SIGNED_IN]


def check(office: Office, way: Way) -> None:
    [entry] = left_by(office, way)
    subject = way.subject.format(lead_id=office.lead_id, import_id=office.import_id)
    assert (entry.action, entry.actor, entry.subject) == (way.action, way.actor, subject)
    assert (entry.network is None) == (way.actor == OPERATOR.name)


def test_table_has_every_route_that_sends_files(app: Flask) -> None:
    routes = api_routes(app) | set(page_routes(app))
    files = re.compile(r"export|resume|attachment|rejected|\.csv")
    found = {path for method, path in routes if method == "GET" and files.search(path)}
    assert found == set(EXITS) - {"command line"}


@on_every_database
@pytest.mark.parametrize(
    "way",
    [pytest.param(way, id=f"{path} {name}") for path, ways in EXITS.items() for name, way in ways.items()],
)
def test_data_leave_with_an_entry(office: Office, way: Way) -> None:
    check(office, way)


@on_every_database
@pytest.mark.parametrize("way", FAILURES.values(), ids=FAILURES)
def test_failed_sign_in_leaves_an_entry(office: Office, way: Way) -> None:
    check(office, way)


@on_sqlite
def test_one_address_cannot_fill_the_log_with_wrong_keys(office: Office) -> None:
    before = len(office.entries())
    for _ in range(25):
        assert office.rejected(api_key("lt_" + "x" * 43)) == 401
    assert len(office.entries()) - before == 10  # as many as wrong passwords are allowed


@on_sqlite
def test_no_entry_has_a_secret(office: Office) -> None:
    office.rejected(api_key(office.revoked_key))
    office.rejected(basic("boss", "a secret of boss"))
    texts = " ".join(f"{one.actor} {one.subject} {one.network}" for one in office.entries())
    for secret in (office.key, office.revoked_key, "a secret of boss", PHRASE, "127.0.0.1"):
        assert secret not in texts


@on_every_database
def test_fields_of_lead_stay_out_of_log(office: Office) -> None:
    office.container.hold_lead().set(OPERATOR, office.lead_id, {"reason": "Very private."})
    office.container.add_note()(OPERATOR, office.lead_id, {"note": "Very private."})
    assert all("private" not in one.subject for one in office.entries())
    assert "ann@example.com" not in " ".join(one.subject for one in office.entries())
