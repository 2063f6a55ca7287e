"""The application held against its OpenAPI document by Schemathesis.

Thousands of requests that keep the document's rules or break one, by an admin and by an anonymous caller.
They are the same in every run, so that only a change of the code can make them fail.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, TypeAlias
from zlib import crc32

import orjson
import pytest
import schemathesis
from attrs import field, frozen
from flask import Flask
from schemathesis.core.parameters import ParameterLocation

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.use_cases.leads.change_many_leads import MAX_BULK_LEADS
from leadtracker.entrypoints.http.docs.document import openapi_document
from leadtracker.entrypoints.http.requests.csv_body import XLSX_TYPE
from tests.integration.http.conftest import Accounts, MakeContainer, Way
from tests.support.builders import make_fields
from tests.support.database import on_sqlite
from tests.support.examples.sample_files import SAMPLES
from tests.support.examples.workbooks import make_workbook
from tests.support.http import Client

pytestmark = on_sqlite

Case: TypeAlias = schemathesis.Case[Any]

WEEK = "2026-W46"
DOCUMENT: dict[str, Any] = orjson.loads(orjson.dumps(openapi_document()))
UNCOMMON_PHRASE = "seven herons at dawn"  # no schema lists the most common passwords, which are rejected
FILE = "application/octet-stream"
ORDERED_BY = {"/deliveries": "state", "/leads": "sort", "/follow-ups": "status"}


@schemathesis.serializer(FILE)
def as_file(context: schemathesis.SerializationContext, body: Any) -> bytes:
    """No schema describes the content of a file."""
    return SAMPLES["txt"] if _keeps_rules(context.case, ParameterLocation.BODY) else str(body).encode()


@schemathesis.serializer(XLSX_TYPE)
def as_workbook(context: schemathesis.SerializationContext, body: Any) -> bytes:
    """No schema describes the content of a workbook, either."""
    rows = ("first_name", "email"), ("Ann", "ann@example.com")
    return make_workbook(*rows) if _keeps_rules(context.case, ParameterLocation.BODY) else str(body).encode()


def described(*, with_made_up_credentials: bool) -> Any:
    """The document as Schemathesis reads it, with all its checks on."""
    generation = {
        "database": "none",
        "deterministic": True,
        "max-examples": 10,  # besides those at every boundary, which Schemathesis calls coverage
        "with-security-parameters": with_made_up_credentials,
    }
    settings = {
        "base-url": "http://localhost",
        "generation": generation,
        "seed": 1,
        "suppress-health-check": ["all"],
    }
    return schemathesis.openapi.from_dict(DOCUMENT, config=schemathesis.Config.from_dict(settings))


FOR_ADMINS = described(with_made_up_credentials=False)
FOR_STRANGERS = described(with_made_up_credentials=True)


@frozen
class Reality:
    """Replaces generated values by ids and cursors that exist, which the document alone cannot give.

    Only in cases that keep the rules: a case that breaks them must stay broken.
    """

    ids: list[str]
    primary_lead: str
    cursors: Mapping[tuple[str, str], str]
    _numbers: Iterator[int] = field(factory=count)

    def enter(self, case: Case) -> None:
        """Put values that exist into a case; of names in a path, only every other time."""
        if _keeps_rules(case, ParameterLocation.PATH):
            self._enter_path(case)
        if _keeps_rules(case, ParameterLocation.QUERY) and "cursor" in case.query:
            order = case.query.get(ORDERED_BY.get(case.path, ""), "")
            # An empty cursor means the first page: some orders have no second one here.
            case.query["cursor"] = self.cursors.get((case.path, order), "")
        if _keeps_rules(case, ParameterLocation.HEADER):
            # The same key for two requests is rejected, and so is a version that the lead does not have.
            real = {"Idempotency-Key": f"key-{next(self._numbers)}", "If-Match": "*"}
            case.headers.update({name: value for name, value in real.items() if name in case.headers})
        if _keeps_rules(case, ParameterLocation.BODY) and isinstance(case.body, dict):
            self._enter_body(case, case.body)
        self._enter_resume(case)

    def _enter_path(self, case: Case) -> None:
        for name, real in (("lead_id", self.ids), ("week", [WEEK])):
            if name in case.path_parameters:
                made_up = str(case.path_parameters[name])
                number = crc32(made_up.encode())
                # Few years have a week 53, and no pattern knows which.
                if number % 2 or made_up.endswith("W53"):
                    case.path_parameters[name] = real[number // 2 % len(real)]

    def _enter_body(self, case: Case, body: dict[str, Any]) -> None:
        if body.get("duplicate_of"):
            body["duplicate_of"] = self.primary_lead
        if "ids" in body:
            body["ids"] = [*self.ids, *body["ids"]][:MAX_BULK_LEADS]
            if body.keys() == {"ids"}:
                body["owner"] = None  # one change is required
        if "owner" in body:
            body["owner"] = None  # any other text would have to be the name of a user
        if body.get("expires_at"):
            body["expires_at"] = "2030-01-01T00:00:00Z"  # no schema says what lies in the future
        if "password" in body:
            body["password"] = UNCOMMON_PHRASE
        if case.method in {"PATCH", "PUT"} and not body.get("phone", True):
            body.pop("email", None)  # a lead keeps an e-mail address or a phone number

    def _enter_resume(self, case: Case) -> None:
        """Send files as whole bodies: Schemathesis generates files in forms without a name."""
        is_about_resume = case.path.endswith("/resume")
        keeps_rules = _keeps_rules(case, ParameterLocation.BODY)
        if keeps_rules and case.media_type == "multipart/form-data":
            if is_about_resume:
                case.media_type, case.body = FILE, SAMPLES["txt"]
            elif isinstance(case.body, dict):
                case.body.pop("resume", None)
        if is_about_resume and _keeps_rules(case, ParameterLocation.QUERY):
            case.query.pop("filename", None)
            if keeps_rules and case.method == "PUT":
                case.query["filename"] = "cv.txt"


def _keeps_rules(case: Case, part: ParameterLocation) -> bool:
    return case.meta is not None and not case.meta.is_negative_at(part)


def _has_empty_value_against_rules(case: Case) -> bool:
    """An empty value counts as not given, so that the forms of pages can send it; no schema says so."""
    in_query = not _keeps_rules(case, ParameterLocation.QUERY) and any(
        value in ("", [""]) for value in case.query.values()
    )
    body = case.body if isinstance(case.body, dict) else {}
    return in_query or (not _keeps_rules(case, ParameterLocation.BODY) and "" in body.values())


def _has_ignored_parameter_against_rules(case: Case) -> bool:
    """Query parameters of the public's submissions are ignored, so that none of them loses a lead."""
    is_submission = (case.method, case.path) == ("POST", "/leads")
    return is_submission and not _keeps_rules(case, ParameterLocation.QUERY)


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    # Wrong credentials are tried far more often than by any person.
    return make_container(login_rate_limit="off")


@pytest.fixture
def reality(admin: Client) -> Reality:
    primary_lead, *ids = [
        admin.post("/leads", make_fields(f"p{n}@example.com", phone="+4930901820")).body["id"]
        for n in range(6)
    ]
    for lead_id in ids:
        for body in ({"message": "Hello."}, {"due_at": "2026-11-18T20:00:00Z"}):
            admin.post(f"/leads/{lead_id}/follow-up", body)
    for lead_id in ids[:2]:
        admin.post(f"/leads/{lead_id}/follow-up", {"due_at": "2026-11-18T10:00:00Z"})
    admin.post(f"/reports/weekly/{WEEK}/send")
    return Reality(ids, primary_lead, dict(_cursors(admin)))


def _cursors(admin: Client) -> Iterator[tuple[tuple[str, str], str]]:
    for path, name in ORDERED_BY.items():
        parameters = DOCUMENT["paths"][path]["get"]["parameters"]
        [orders] = [one["schema"]["enum"] for one in parameters if one["name"] == name]
        for order in orders:
            link = admin.get(path, limit=1, **{name: order}).headers.get("Link", "")
            for cursor in re.findall("cursor=([^&>]*)", link):
                yield (path, order), cursor


def check(case: Case, app: Flask, headers: Mapping[str, str]) -> None:
    if _has_empty_value_against_rules(case):
        return
    # Each case has its own application; checks that send more requests look for it at the schema.
    case.operation.schema.app = case.operation.app = app
    case.call_and_validate(headers=dict(headers))


@FOR_ADMINS.parametrize()  # type: ignore[untyped-decorator]
def test_admin_responses_match_the_document(
    case: Case, app: Flask, reality: Reality, accounts: Accounts
) -> None:
    reality.enter(case)
    check(case, app, accounts.credentials(Role.ADMIN, Way.BASIC))  # only users can own leads


@FOR_STRANGERS.parametrize()  # type: ignore[untyped-decorator]
def test_anonymous_responses_match_the_document(case: Case, app: Flask, reality: Reality) -> None:
    reality.enter(case)
    if not _has_ignored_parameter_against_rules(case):
        check(case, app, {})
