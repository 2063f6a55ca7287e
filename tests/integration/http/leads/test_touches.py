"""The touch of an enquiry: how its sender came to the form, on every way in and in every place."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.leads.fields import TOUCH_FIELDS
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.public_form import FILL_IN_SECONDS, submit_form_from_other_site, submit_lead_form
from tests.support.database import on_every_database
from tests.support.http import Client
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

TOUCH = {field.name: f"{field.name} of the first" for field in TOUCH_FIELDS}
LAST = {field.name: f"{field.name} of the last" for field in TOUCH_FIELDS}


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    """An application that also announces leads to a webhook and by mail."""
    return make_container(
        webhook_urls=SecretStr("https://hooks.example/"),
        webhook_secret=SecretStr("secret"),
        notify="office@firm.example",
    )


@pytest.fixture
def browser(app: Flask, container: Container) -> HtmlClient:
    container.manage_users().add(OPERATOR, "boss", Role.ADMIN, PHRASE)
    html_client = HtmlClient.of(app)
    html_client.sign_in("boss", PHRASE)
    return html_client


@pytest.fixture
def html_client(app: Flask) -> HtmlClient:
    return HtmlClient.of(app)


def touch_in(lead: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of the touch that a lead has."""
    return {name: lead[name] for name in TOUCH if lead[name] is not None}


@on_every_database
def test_touch_is_shown_and_found_by_each_of_its_fields(viewer: Client, public: Client) -> None:
    captured = public.post("/leads", make_fields(email="first@example.com") | TOUCH).body
    again = public.post("/leads", make_fields(email="first@example.com") | LAST).body
    public.post("/leads", make_fields(email="other@example.com"))
    assert (touch_in(captured), captured["answers"]) == (TOUCH, {})
    assert captured["source"] == TOUCH["utm_source"]
    assert touch_in(viewer.get(f"/leads/{captured['id']}").body) == TOUCH
    for name, text in TOUCH.items():
        assert [one["id"] for one in viewer.get("/leads", **{name: text}).body] == [captured["id"]]
        assert viewer.get("/leads", **{name: LAST[name]}).body == []
        repeats = viewer.get("/leads", duplicates="only", **{name: LAST[name]}).body
        assert [one["id"] for one in repeats] == [again["id"]]
    assert viewer.get("/leads", utm_source="x" * 201).status == 422
    assert viewer.get("/leads", last_utm_source="x" * 201).status == 422


@on_every_database
def test_last_touch_is_that_of_the_latest_enquiry(
    viewer: Client, public: Client, admin: Client, clock: MemoryClock
) -> None:
    def captured(name: str, touch: dict[str, str]) -> dict[str, Any]:
        clock.advance(timedelta(seconds=1))
        return dict(public.post("/leads", make_fields(email=f"{name}@example.com") | touch).body)

    first, single = captured("first", TOUCH), captured("single", LAST)
    middle, again = captured("first", {"utm_term": "in between"}), captured("first", LAST)

    def found(**query: str) -> list[str]:
        return [one["id"] for one in viewer.get("/leads", duplicates="include", **query).body]

    def last_touches() -> dict[str, Any]:
        leads = viewer.get("/leads", duplicates="include").body
        assert leads == [viewer.get(f"/leads/{one['id']}").body for one in leads]
        return {one["id"]: one["last_touch"] for one in leads}

    without = dict.fromkeys([single["id"], middle["id"], again["id"]])
    assert (last_touches(), again["last_touch"]) == (without | {first["id"]: LAST}, None)
    for name, text in LAST.items():
        assert found(**{f"last_{name}": text}) == [single["id"], first["id"]]
        assert found(**{f"last_{name}": TOUCH[name]}) == []
    assert admin.delete(f"/leads/{again['id']}").status == 204
    assert last_touches()[first["id"]] == dict.fromkeys(TOUCH) | {"utm_term": "in between"}
    assert found(last_utm_term="in between") == [first["id"]]
    assert admin.patch(f"/leads/{middle['id']}", {"utm_term": "later"}).status == 200
    assert (found(last_utm_term="later"), found(last_utm_term="in between")) == ([first["id"]], [])
    assert admin.delete(f"/leads/{middle['id']}").status == 204
    assert found(last_utm_term=TOUCH["utm_term"]) == [first["id"]]


def test_touch_is_wherever_the_lead_is_and_erased_with_it(
    browser: HtmlClient, public: Client, admin: Client, raw_db: RawDatabase
) -> None:
    lead = public.post("/leads", make_fields(email="first@example.com") | TOUCH).body
    public.post("/leads", make_fields(email="first@example.com") | LAST)
    path = f"/dashboard/leads/{lead['id']}"
    columns = "&".join(f"columns={name}" for name in TOUCH)
    shown = {
        "list": browser.get(f"/dashboard/leads?{columns}&utm_campaign={TOUCH['utm_campaign']}").html,
        "personal data": browser.get(path.removeprefix("/dashboard") + "/export").html,
        "lines of JSON": browser.get("/leads/export?format=ndjson").html,
        "webhook": str(raw_db.execute("SELECT text FROM deliveries WHERE channel = 'webhook'")),
    }
    missing = {place: [one for one in TOUCH.values() if one not in text] for place, text in shown.items()}
    assert missing == {place: [] for place in shown}
    page = browser.get(path).html
    assert [one for one in (*TOUCH.values(), *LAST.values()) if one not in page] == []
    assert page.index("First touch") < page.index(TOUCH["gclid"]) < page.index("Last touch")
    assert admin.delete(f"/leads/{lead['id']}", duplicates="erase").status == 204
    assert not [one for one in (*TOUCH.values(), *LAST.values()) if one in raw_db.dump()]


def test_touch_stays_when_a_user_edits_the_lead(browser: HtmlClient, public: Client, viewer: Client) -> None:
    lead = public.post("/leads", make_fields() | TOUCH).body
    path = f"/dashboard/leads/{lead['id']}/edit"
    form = browser.get(path).form(path)
    assert not form.values.keys() & TOUCH.keys()
    assert browser.submit(form, {"first_name": "Zoe"}).status == 303
    edited = viewer.get(f"/leads/{lead['id']}").body
    assert (edited["first_name"], touch_in(edited)) == ("Zoe", TOUCH)


def test_export_is_read_back_with_touch(admin: Client, public: Client) -> None:
    lead = public.post("/leads", make_fields() | TOUCH).body
    exported = admin.get("/leads/export", format="csv").body
    assert admin.delete(f"/leads/{lead['id']}").status == 204
    imported = admin.request("POST", "/leads/import", data=exported, content_type="text/csv")
    assert imported.body["created"] == 1
    [again] = admin.get("/leads").body
    assert (touch_in(again), again["source"], again["answers"]) == (TOUCH, TOUCH["utm_source"], {})


def test_touch_beyond_its_bounds_is_kept_whole_as_an_answer(public: Client) -> None:
    url = f"https://www.firm.example/{'x' * 300}"
    captured = public.post("/leads", make_fields(landing_page=url, gclid={"a": 1}))
    assert captured.status == 201
    assert touch_in(captured.body) == {"landing_page": url[:200]}
    assert captured.body["answers"] == {"landing_page": url, "gclid": '{"a": 1}'}


def test_touch_of_a_rejected_submission_survives(public: Client, agent: Client) -> None:
    assert public.post("/leads", {"first_name": "Ann", "email": "ann@"} | TOUCH).status == 422
    [kept] = agent.get("/quarantine", reason="invalid").body
    released = agent.post(f"/quarantine/{kept['id']}/release", {"email": "ann@example.com"})
    assert touch_in(released.body) == TOUCH


@pytest.mark.parametrize(
    ("path", "referrer", "touch"),
    [
        ("/", None, {"landing_page": "http://localhost/"}),
        (
            "/?utm_campaign=spring&gclid=abc",
            "https://blog.example/post?q=ann",
            {
                "utm_campaign": "spring",
                "gclid": "abc",
                "referrer": "https://blog.example/post",
                "landing_page": "http://localhost/",
            },
        ),
        (
            "/form/embed?utm_medium=cpc",
            "https://www.firm.example/contact?utm_source=google",
            {
                "utm_source": "google",
                "utm_medium": "cpc",
                "landing_page": "https://www.firm.example/contact",
            },
        ),
    ],
)
def test_form_carries_the_touch_also_through_a_correction(
    html_client: HtmlClient,
    viewer: Client,
    clock: MemoryClock,
    path: str,
    referrer: str | None,
    touch: dict[str, str],
) -> None:
    page = html_client.get(path, headers={"Referer": referrer} if referrer else {})
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    rejected = submit_lead_form(html_client, page, {"email": "ann@"})
    assert rejected.status == 422
    corrected = submit_lead_form(html_client, rejected, headers={"Referer": "http://localhost/leads"})
    assert corrected.status == 303
    [lead] = viewer.get("/leads").body
    assert touch_in(lead) == touch


@pytest.mark.parametrize(
    ("fields", "touch"),
    [
        ({}, {"utm_source": "google", "landing_page": "https://www.firm.example/contact"}),
        (
            {"landing page": "https://www.firm.example/", "UTM Source": "bing"},
            {"utm_source": "bing", "landing_page": "https://www.firm.example/"},
        ),
    ],
)
def test_form_of_another_site_has_its_page_as_the_landing_page(
    html_client: HtmlClient, viewer: Client, fields: dict[str, str], touch: dict[str, str]
) -> None:
    referrer = "https://www.firm.example/contact?utm_source=google"
    submit: Callable[..., Any] = submit_form_from_other_site
    assert submit(html_client, make_fields(**fields), Referer=referrer).status == 303
    [lead] = viewer.get("/leads").body
    assert touch_in(lead) == touch
