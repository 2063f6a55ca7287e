"""``POST /leads`` stores what was sent and returns it as it was parsed."""

from urllib.parse import urlencode, urlsplit

import pytest

from leadtracker.domain.model.leads.fields import TOUCH_FIELDS
from tests.support.builders import make_fields
from tests.support.clock import MICROSECOND
from tests.support.http import Client
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

FORM = "application/x-www-form-urlencoded"
COMPLETE = {
    "first_name": "Zoë",
    "last_name": "Çelik-O'Neill",
    "email": "zoe@Example.com",
    "phone": "+49 30 901820",
    "message": "First line\nsecond line",
    "source": "Newsletter \N{EN DASH} März",
}


def test_lead_is_returned_as_stored(public: Client) -> None:
    lead = public.post("/leads", COMPLETE).body
    assert lead == COMPLETE | {
        "id": lead["id"],
        "phone": "+4930901820",
        "state": "PENDING",
        "owner": None,
        "lost_reason": None,
        **dict.fromkeys(field.name for field in TOUCH_FIELDS),
        "answers": {},
        "enquiries": 0,
        "last_touch": None,
        "hold": None,
        "language": None,
        "resume": None,
        "attachments": [],
        "duplicate_of": None,
        "follow_up_at": None,
        "created_at": "2026-11-18T12:00:00.000000Z",
        "updated_at": "2026-11-18T12:00:00.000000Z",
        "version": 1,
    }


def test_times_keep_their_microseconds(public: Client, clock: MemoryClock) -> None:
    clock.advance(MICROSECOND)
    lead = public.post("/leads", COMPLETE).body
    assert lead["created_at"] == "2026-11-18T12:00:00.000001Z"


def test_response_equals_stored_lead(public: Client, viewer: Client, raw_db: RawDatabase) -> None:
    created = public.post("/leads", COMPLETE)
    assert created.status == 201
    assert viewer.get(f"/leads/{created.body['id']}").body == created.body
    [row] = raw_db.execute("SELECT id, first_name, message FROM leads")
    assert row == (created.body["id"], COMPLETE["first_name"], COMPLETE["message"])


def test_location_points_to_the_lead(public: Client, viewer: Client) -> None:
    created = public.post("/leads", COMPLETE)
    location = urlsplit(created.headers["Location"])
    assert (location.scheme, location.netloc) == ("http", "localhost")
    assert viewer.get(location.path).body == created.body


def test_etag_is_the_version(public: Client, viewer: Client) -> None:
    created = public.post("/leads", COMPLETE)
    shown = viewer.get(f"/leads/{created.body['id']}")
    assert created.headers["ETag"] == shown.headers["ETag"] == '"1"'


def test_only_names_and_address_are_required(public: Client) -> None:
    created = public.post("/leads", make_fields())
    assert created.status == 201
    assert (created.body["phone"], created.body["message"], created.body["source"]) == (None,) * 3


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", f"{FORM};charset=utf-8"])
def test_form_equals_json(public: Client, content_type: str) -> None:
    created = public.post("/leads", data=urlencode(COMPLETE), content_type=content_type)
    assert created.status == 201
    assert created.body["last_name"] == COMPLETE["last_name"]
    assert created.body["message"] == COMPLETE["message"]


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_declare_utf_8(public: Client, content_type: str) -> None:
    data = '{"first_name": "Zoë", "last_name": "L", "email": "z@example.com"}'.encode()
    assert public.post("/leads", data=data, content_type=content_type).body["first_name"] == "Zoë"


def test_first_of_repeated_form_fields_counts(public: Client) -> None:
    data = b"first_name=Ann&last_name=Lee&email=a%40example.com&first_name=Bob"
    assert public.post("/leads", data=data, content_type=FORM).body["first_name"] == "Ann"


def test_blank_form_fields_are_ignored(public: Client) -> None:
    data = b"first_name=Ann&last_name=Lee&email=a%40example.com&phone=&message=+&source=%0A"
    created = public.post("/leads", data=data, content_type=FORM)
    assert (created.body["phone"], created.body["message"], created.body["source"]) == (None,) * 3


@pytest.mark.parametrize(
    "more",
    [
        {"id": "mine", "state": "CONVERTED", "version": 7},
        {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z"},
        {"duplicate_of": "x", "follow_up_at": "2030-01-01T00:00:00Z"},
        {"submit": "Send", "": "", "__proto__": {"a": 1}},
        {"owner": "ann", "attachments": [1], "resume": None},
    ],
)
def test_read_only_fields_are_ignored(public: Client, more: dict[str, object]) -> None:
    plain = public.post("/leads", make_fields("one@example.com")).body
    lead = public.post("/leads", make_fields("two@example.com") | more).body
    assert lead["id"] not in {plain["id"], "mine"}
    assert lead == plain | {"id": lead["id"], "email": "two@example.com"}


def test_lead_is_accepted_before_any_sign_in(public: Client, raw_db: RawDatabase) -> None:
    assert public.post("/leads", make_fields()).status == 201
    assert raw_db.count("leads") == 1
    assert raw_db.count("users") == raw_db.count("api_keys") == 0
