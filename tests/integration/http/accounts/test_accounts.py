"""``/users`` and ``/api-keys``: what admins do there, and what it changes for others."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.values.timestamps import format_timestamp
from tests.integration.http.conftest import PHRASE
from tests.support.clock import MICROSECOND, NOW
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.cases import each
from tests.support.http import Client, api_key, basic, fields_in
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

NAMES = [
    "ann",
    "Zoë 李 🦊",
    "a/b",
    "/",
    "//",
    "/a//b/",
    "../a",
    "a?b#c",
    "100%",
    "a%2Fb",
    "a+b;c\\d",
    "'; --",
]


def new_user(name: str = "ann", **rest: object) -> dict[str, object]:
    return {"name": name, "role": "agent", "password": PHRASE} | rest


def test_new_user_is_returned_without_password(public: Client, admin: Client, raw_db: RawDatabase) -> None:
    response = admin.post("/users", new_user(" ann ", email=" Ann@Example.com"))
    assert response.status == 201
    assert response.headers["Location"] == "http://localhost/users/ann"
    assert response.body == {
        "name": "ann",
        "role": "agent",
        "email": "Ann@Example.com",
        "assignable": False,
        "must_change_password": True,
        "second_factor_at": None,
        "created_at": format_timestamp(NOW),
        "disabled_at": None,
        "invited": False,
        "identities": [],
    }
    assert PHRASE not in raw_db.dump()
    assert public.with_headers(basic("ann", PHRASE)).get("/leads").status == 200


def test_users_are_listed_by_name(admin: Client) -> None:
    for name in ("bob", "ann", "Zoe"):
        admin.post("/users", new_user(name))
    listed = admin.get("/users").body
    assert [user["name"] for user in listed] == ["Zoe", "ann", "bob"]
    assert [admin.get(f"/users/{user['name']}").body for user in listed] == listed


@on_every_database
def test_user_is_made_assignable(admin: Client) -> None:
    assert admin.post("/users", new_user(assignable=True)).body["assignable"] is True
    assert admin.patch("/users/ann", {"assignable": False}).body["assignable"] is False
    assert admin.get("/users/ann").body["assignable"] is False


@pytest.mark.parametrize("name", ["me", "none"])
def test_name_that_lists_take_as_an_owner_is_rejected(admin: Client, name: str) -> None:
    response = admin.post("/users", new_user(name=name))
    assert (response.status, response.body["errors"][0]["field"]) == (422, "name")


def test_user_fields_change_together(public: Client, admin: Client) -> None:
    created = admin.post("/users", new_user(email="ann@example.com")).body
    change = {"role": "viewer", "email": None, "password": "another phrase", "disabled": True}
    changed = admin.patch("/users/ann", change)
    assert changed.status == 200
    assert changed.body == created | {"role": "viewer", "email": None, "disabled_at": format_timestamp(NOW)}
    assert admin.get("/users/ann").body == changed.body
    assert public.with_headers(basic("ann", "another phrase")).get("/leads").status == 401
    assert admin.patch("/users/ann", {"disabled": False}).body["disabled_at"] is None
    assert public.with_headers(basic("ann", "another phrase")).get("/leads").status == 200
    assert public.with_headers(basic("ann", PHRASE)).get("/leads").status == 401


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "agent"}])
def test_last_admin_cannot_be_locked_out(public: Client, admin: Client, change: dict[str, object]) -> None:
    admin.post("/users", new_user("root", role="admin"))
    for client in (admin, public.with_headers(basic("root", PHRASE))):
        rejected = client.patch("/users/root", change)
        assert (rejected.status, rejected.body["type"]) == (409, "urn:leadtracker:problem:last-admin")
    admin.post("/users", new_user("toor", role="admin"))
    assert admin.patch("/users/root", change).status == 200


def test_key_is_shown_until_revoked(public: Client, admin: Client, raw_db: RawDatabase) -> None:
    issued = admin.post("/api-keys", {"name": "website", "role": "viewer"})
    assert issued.status == 201
    assert issued.headers["Location"] == "http://localhost/api-keys/website"
    secret = issued.body.pop("key")
    assert re.fullmatch(r"lt_[A-Za-z0-9_-]{43}", secret)
    assert issued.body == admin.get("/api-keys/website").body
    assert issued.body in admin.get("/api-keys").body
    assert secret not in raw_db.dump()
    assert public.with_headers(api_key(secret)).get("/leads").status == 200
    for _ in range(2):
        assert admin.delete("/api-keys/website").status == 204
    assert admin.get("/api-keys/website").body["revoked_at"] == format_timestamp(NOW)
    assert public.with_headers(api_key(secret)).get("/leads").status == 401


@on_every_database
def test_key_shows_its_creator_its_end_and_its_last_use(
    public: Client, admin: Client, clock: MemoryClock
) -> None:
    expires_at = format_timestamp(NOW + timedelta(days=90))
    issued = admin.post("/api-keys", {"name": "website", "role": "viewer", "expires_at": expires_at})
    key = {name: issued.body[name] for name in ("created_by", "expires_at", "last_used_at")}
    assert key == {
        "created_by": "api-key:admin with an API key",
        "expires_at": expires_at,
        "last_used_at": None,
    }
    client = public.with_headers(api_key(issued.body["key"]))

    def used_after(step: timedelta) -> object:
        clock.advance(step)
        assert client.get("/leads").status == 200
        return admin.get("/api-keys/website").body["last_used_at"]

    first = format_timestamp(NOW)
    assert used_after(timedelta(0)) == used_after(timedelta(minutes=59)) == first
    assert used_after(timedelta(minutes=1)) == format_timestamp(NOW + timedelta(hours=1))
    clock.set(NOW + timedelta(days=90) - MICROSECOND)
    assert client.get("/leads").status == 200
    clock.advance(MICROSECOND)
    assert client.get("/leads").status == 401


@pytest.mark.parametrize("expires_at", [format_timestamp(NOW), "2026-11-17T00:00:00Z", "tomorrow", 7])
def test_a_key_expires_in_the_future(admin: Client, expires_at: object) -> None:
    rejected = admin.post("/api-keys", {"name": "website", "role": "viewer", "expires_at": expires_at})
    assert (rejected.status, fields_in(rejected)) == (422, ["expires_at"])


@on_sqlite
class TestErrors:
    @pytest.mark.parametrize("path", ["/users", "/api-keys"])
    def test_account_names_are_never_reused(self, admin: Client, path: str) -> None:
        account = new_user() if path == "/users" else {"name": "ann", "role": "agent"}
        assert admin.post(path, account).status == 201
        rejected = admin.post(path, account | {"name": "  ann"})
        assert (rejected.status, rejected.body["type"]) == (409, "urn:leadtracker:problem:name-taken")

    @pytest.mark.parametrize(
        ("fields", "bad"),
        [
            ({}, ["name", "password", "role"]),
            (
                {"name": "a:b", "role": "owner", "password": "", "email": "x"},
                ["email", "name", "password", "role"],
            ),
            ({"name": 1, "role": None, "password": ["x"], "email": 2}, ["email", "name", "password", "role"]),
            (new_user(password="x" * 1_001), ["password"]),
            (new_user("x" * 101), ["name"]),
            (new_user("a\u2028b"), ["name"]),
            (
                new_user(disabled=True, created_at="now", password_hash="x"),
                ["created_at", "disabled", "password_hash"],
            ),
            ([], ["body"]),
        ],
    )
    def test_every_invalid_user_field_is_named(
        self, admin: Client, raw_db: RawDatabase, fields: Any, bad: list[str]
    ) -> None:
        rejected = admin.post("/users", fields)
        assert (rejected.status, fields_in(rejected)) == (422, bad)
        assert raw_db.count("users") == 0

    def test_every_invalid_change_is_named(self, admin: Client) -> None:
        user = admin.post("/users", new_user()).body
        bad = {
            "role": "",
            "email": "x",
            "password": None,
            "disabled": "false",
            "name": "bob",
            "created_at": "x",
        }
        rejected = admin.patch("/users/ann", bad)
        assert (rejected.status, fields_in(rejected)) == (422, sorted(bad))
        assert admin.get("/users/ann").body == user

    def test_every_invalid_key_field_is_named(self, admin: Client) -> None:
        rejected = admin.post("/api-keys", {"name": "", "role": "owner", "key": "lt_mine"})
        assert (rejected.status, fields_in(rejected)) == (422, ["key", "name", "role"])

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/users/"), ("PATCH", "/users/"), ("GET", "/api-keys/"), ("DELETE", "/api-keys/")],
    )
    @each("name", ["unknown", "Ann", "ann%00", "a%3Ab", "%FF", "x" * 10_000, "ann%2F"])
    def test_unknown_account_is_not_found(self, admin: Client, method: str, path: str, name: str) -> None:
        admin.post("/users", new_user())
        body: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
        missing = admin.request(method, path + name, **body)
        assert (missing.status, missing.body["type"]) == (404, "urn:leadtracker:problem:account-not-found")

    @pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
    def test_account_requests_are_json(self, admin: Client, content_type: str | None) -> None:
        for path in ("/users", "/api-keys"):
            assert admin.post(path, data=b"name=ann&role=agent", content_type=content_type).status == 415
        assert admin.post("/users", data=b"{", content_type="application/json").status == 400


@on_sqlite
class TestNames:
    @pytest.mark.parametrize("name", NAMES)
    def test_user_url_accepts_any_name(self, public: Client, admin: Client, name: str) -> None:
        location = admin.post("/users", new_user(name)).headers["Location"]
        path = urlsplit(location).path
        assert admin.patch(path, {"role": "viewer"}).body["name"] == name
        assert admin.get(f"/users/{quote(name, safe='')}").body["role"] == "viewer"
        assert public.with_headers(basic(name, PHRASE)).get("/leads").status == 200

    @pytest.mark.parametrize("name", NAMES)
    def test_key_url_accepts_any_name(self, admin: Client, name: str) -> None:
        location = admin.post("/api-keys", {"name": name, "role": "viewer"}).headers["Location"]
        assert admin.delete(urlsplit(location).path).status == 204
        assert admin.get(f"/api-keys/{quote(name, safe='')}").body["revoked_at"] is not None

    def test_name_lookup_is_normalised(self, admin: Client, container: Container) -> None:
        container.manage_users().add(OPERATOR, "Zo\u00eb", Role.VIEWER, PHRASE)
        assert admin.get("/users/%20Zoe%CC%88").body["name"] == "Zo\u00eb"
