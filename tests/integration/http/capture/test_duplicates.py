"""Leads with a known address: the response that each sender gets, and the data that is stored."""

import pytest
from flask import Flask

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import Accounts, MakeContainer, Way
from tests.support.builders import NO_TOUCH, make_fields
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

KNOWN = make_fields("Ann.Lee@Müller.example")
ADDRESS_VARIANTS = [
    "Ann.Lee@Müller.example",
    "ann.lee@xn--mller-kva.example",
    "ANN.LEE@MÜLLER.EXAMPLE",
    "ann.lee@mu\u0308ller.example",
    "  Ann.Lee@Müller。example ",
]
# Everything in which answers to different requests differ.
OWN_HEADERS = {"Location", "X-Request-ID", "Content-Length", "Date"}


@pytest.fixture(params=["link", "reject"])
def mode(request: pytest.FixtureRequest) -> str:
    """The duplicate policy for anonymous clients."""
    mode: str = request.param
    return mode


@pytest.fixture
def app(make_container: MakeContainer, mode: str) -> Flask:
    return create_app(make_container(public_duplicates=mode))


def shape(response: Response) -> tuple[int, dict[str, type], dict[str, str]]:
    """Return what could distinguish two responses, without the values unique to a lead."""
    headers = {name: value for name, value in response.headers.items() if name not in OWN_HEADERS}
    return response.status, {name: type(value) for name, value in response.body.items()}, headers


@pytest.mark.parametrize("mode", ["link"], indirect=True)
class TestLink:
    def test_known_address_is_not_disclosed(self, public: Client) -> None:
        public.post("/leads", KNOWN)
        again = public.post("/leads", KNOWN)
        new = public.post("/leads", make_fields("Ann.Lee@Mueller.example"))
        assert again.status == new.status == 201
        assert shape(again) == shape(new)
        assert list(again.headers.keys()) == list(new.headers.keys())
        assert again.body["duplicate_of"] is None

    @on_every_database
    @pytest.mark.parametrize("spelling", ADDRESS_VARIANTS)
    def test_second_lead_is_stored_as_duplicate(self, public: Client, viewer: Client, spelling: str) -> None:
        first = public.post("/leads", KNOWN).body
        second = public.post("/leads", make_fields(spelling, first_name="Eve")).body
        assert second["id"] != first["id"]
        kept = viewer.get(f"/leads/{second['id']}").body
        assert kept == second | {"duplicate_of": first["id"]}
        assert viewer.get(f"/leads/{first['id']}").body == first | {
            "enquiries": 1,
            "last_touch": NO_TOUCH,
        }

    def test_third_lead_links_to_primary(self, public: Client, viewer: Client) -> None:
        first, *others = [public.post("/leads", KNOWN).body["id"] for _ in range(4)]
        found = {viewer.get(f"/leads/{other}").body["duplicate_of"] for other in others}
        assert found == {first}

    @pytest.mark.parametrize("email", ["annlee@müller.example", "ann.lee+1@müller.example"])
    def test_other_address_is_no_duplicate(self, public: Client, viewer: Client, email: str) -> None:
        public.post("/leads", KNOWN)
        public.post("/leads", make_fields(email))
        assert len(viewer.get("/leads").body) == 2


@pytest.mark.parametrize("mode", ["reject"], indirect=True)
class TestReject:
    @pytest.mark.parametrize("spelling", ADDRESS_VARIANTS)
    def test_disclosed_conflict_hides_lead(self, public: Client, raw_db: RawDatabase, spelling: str) -> None:
        first = public.post("/leads", KNOWN).body["id"]
        rejected = public.post("/leads", make_fields(spelling))
        assert rejected.status == 409
        assert set(rejected.body) == {"type", "title", "status", "detail", "request_id"}
        assert first not in str(rejected)
        assert raw_db.count("leads") == 1


@pytest.mark.parametrize("way", Way)
class TestSignedIn:
    @pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN])
    @pytest.mark.parametrize("spelling", ADDRESS_VARIANTS[:2])
    def test_creator_gets_primary_lead_url(
        self, public: Client, accounts: Accounts, way: Way, role: Role, spelling: str
    ) -> None:
        client = public.with_headers(accounts.credentials(role, way))
        first = client.post("/leads", KNOWN)
        rejected = client.post("/leads", make_fields(spelling))
        assert (first.status, rejected.status) == (201, 409)
        assert rejected.body["type"] == "urn:leadtracker:problem:duplicate-lead"
        assert rejected.body["lead"] == first.headers["Location"]

    def test_viewers_cannot_recognise_known_addresses(
        self, public: Client, accounts: Accounts, raw_db: RawDatabase, way: Way
    ) -> None:
        viewer = public.with_headers(accounts.credentials(Role.VIEWER, way))
        public.post("/leads", KNOWN)
        known = viewer.post("/leads", KNOWN)
        new = viewer.post("/leads", make_fields("new@example.com"))
        assert known.status == new.status == 403
        assert {**known.body, "request_id": ""} == {**new.body, "request_id": ""}
        assert raw_db.count("leads") == 1


def test_a_rejected_address_leaves_the_primary_lead_alone(agent: Client, viewer: Client) -> None:
    first = agent.post("/leads", KNOWN).body
    agent.post("/leads", KNOWN | {"first_name": "Eve", "phone": "+4930901820"})
    assert viewer.get(f"/leads/{first['id']}").body == first


@pytest.mark.parametrize("mode", ["reject"], indirect=True)
class TestAgentsChoice:
    def test_an_agent_keeps_a_lead_of_a_known_person_beside_the_first(self, agent: Client) -> None:
        first = agent.post("/leads", KNOWN).body
        rejected = agent.post("/leads", KNOWN)
        assert (rejected.status, rejected.body["type"].rpartition(":")[2]) == (409, "duplicate-lead")
        assert rejected.body["lead"].endswith(f"/leads/{first['id']}")
        linked = agent.post("/leads?duplicates=link", KNOWN)
        assert (linked.status, linked.body["duplicate_of"]) == (201, first["id"])
        assert agent.get(f"/leads/{first['id']}").body["enquiries"] == 1

    def test_a_new_person_is_no_duplicate(self, agent: Client) -> None:
        assert agent.post("/leads?duplicates=link", KNOWN).body["duplicate_of"] is None

    def test_a_bad_choice_is_named(self, agent: Client) -> None:
        rejected = agent.post("/leads?duplicates=merge&notify=maybe", KNOWN)
        assert rejected.status == 422
        assert [error["field"] for error in rejected.body["errors"]] == ["duplicates", "notify"]

    def test_the_public_cannot_choose(self, public: Client) -> None:
        public.post("/leads", KNOWN)
        assert public.post("/leads?duplicates=link", KNOWN).status == 409

    def test_agent_sends_no_mail_on_request(self, agent: Client, admin: Client) -> None:
        agent.post("/leads?notify=false", KNOWN)
        assert [one["state"] for one in admin.get("/deliveries").body] == ["cancelled"]
