"""Values that exist, in the requests that Schemathesis generates."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, TypeAlias
from unicodedata import category
from zlib import crc32

import schemathesis
from attrs import field, frozen
from schemathesis.core.parameters import ParameterLocation

from leadtracker.domain.model.leads.fields import MAX_TOUCH_LENGTH, TOUCH_FIELDS
from leadtracker.domain.model.values.field_parser import is_placeholder
from leadtracker.domain.use_cases.leads.change_many_leads import MAX_BULK_LEADS
from leadtracker.entrypoints.http.requests.csv_body import XLSX_TYPE
from tests.support.examples.sample_files import SAMPLES
from tests.support.examples.workbooks import make_workbook

Case: TypeAlias = schemathesis.Case[Any]

WEEK = "2026-W46"
UNCOMMON_PHRASE = "seven herons at dawn"  # no schema lists the most common passwords, which are rejected
FILE = "application/octet-stream"
ORDERED_BY = {"/deliveries": "state", "/leads": "sort", "/follow-ups": "status"}


@schemathesis.serializer(FILE)
def as_file(context: schemathesis.SerializationContext, body: Any) -> bytes:
    """No schema describes the content of a file."""
    return SAMPLES["txt"] if keeps_rules(context.case, ParameterLocation.BODY) else str(body).encode()


@schemathesis.serializer(XLSX_TYPE)
def as_workbook(context: schemathesis.SerializationContext, body: Any) -> bytes:
    """No schema describes the content of a workbook, either."""
    rows = ("first_name", "email"), ("Ann", "ann@example.com")
    return make_workbook(*rows) if keeps_rules(context.case, ParameterLocation.BODY) else str(body).encode()


@schemathesis.serializer("text/csv")
def as_csv(context: schemathesis.SerializationContext, body: Any) -> bytes:
    """A schema could say which columns are named, but not all their other names."""
    if not keeps_rules(context.case, ParameterLocation.BODY):
        return str(body).encode()
    return f"first_name,email\r\n{body}".replace('"', "").encode(errors="replace")


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
        if keeps_rules(case, ParameterLocation.PATH):
            self._enter_path(case)
        if keeps_rules(case, ParameterLocation.QUERY) and "owner" in case.query and case.method == "POST":
            del case.query["owner"]  # any text would have to be the name of a user
        if keeps_rules(case, ParameterLocation.QUERY) and "cursor" in case.query:
            order = case.query.get(ORDERED_BY.get(case.path, ""), "")
            # An empty cursor means the first page: some orders have no second one here.
            case.query["cursor"] = self.cursors.get((case.path, order), "")
        if keeps_rules(case, ParameterLocation.HEADER):
            # The same key for two requests is rejected, and so is a version that the lead does not have.
            real = {"Idempotency-Key": f"key-{next(self._numbers)}", "If-Match": "*"}
            case.headers.update({name: value for name, value in real.items() if name in case.headers})
        if keeps_rules(case, ParameterLocation.BODY) and isinstance(case.body, dict):
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
        has_valid_body = keeps_rules(case, ParameterLocation.BODY)
        if has_valid_body and case.media_type == "multipart/form-data":
            if is_about_resume:
                case.media_type, case.body = FILE, SAMPLES["txt"]
            elif isinstance(case.body, dict):
                case.body.pop("resume", None)
        if is_about_resume and keeps_rules(case, ParameterLocation.QUERY):
            case.query.pop("filename", None)
            if has_valid_body and case.method == "PUT":
                case.query["filename"] = "cv.txt"


def keeps_rules(case: Case, part: ParameterLocation) -> bool:
    return case.meta is not None and not case.meta.is_negative_at(part)


def has_empty_value_against_rules(case: Case) -> bool:
    """An empty value, and a text such as ``n/a``, counts as not given; no schema says so."""
    in_query = not keeps_rules(case, ParameterLocation.QUERY) and any(
        value in ("", [""]) for value in case.query.values()
    )
    body = case.body if isinstance(case.body, dict) else {}
    is_empty = any(value == "" or is_placeholder(value) for value in body.values())
    return in_query or (not keeps_rules(case, ParameterLocation.BODY) and is_empty)


def has_touch_against_rules(case: Case) -> bool:
    """A touch never makes a lead invalid: one that is too long, or that is no text, becomes an answer."""
    body = case.body if isinstance(case.body, dict) else {}
    touches = [body[field.name] for field in TOUCH_FIELDS if field.name in body]
    return not keeps_rules(case, ParameterLocation.BODY) and any(
        not isinstance(text, str) or len(text) > MAX_TOUCH_LENGTH for text in touches
    )


def has_text_that_is_shorter_when_cleaned(case: Case) -> bool:
    """Limits hold for texts without their invisible characters, which no schema can say."""
    body = case.body if isinstance(case.body, dict) else {}
    texts = [text for text in body.values() if isinstance(text, str)]
    return not keeps_rules(case, ParameterLocation.BODY) and any(map(_is_cleaned, texts))


def _is_cleaned(text: str) -> bool:
    return any(category(character) in {"Cf", "Cc", "Zl", "Zp"} for character in text) or text != text.strip()


def has_ignored_parameter_against_rules(case: Case) -> bool:
    """Query parameters of anonymous submissions are ignored, so that none of them loses a lead."""
    is_submission = (case.method, case.path) == ("POST", "/leads")
    return is_submission and not keeps_rules(case, ParameterLocation.QUERY)
