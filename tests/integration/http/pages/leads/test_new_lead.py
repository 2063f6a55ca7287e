"""The form of a new lead: a phone call becomes a lead, without a mail and without JavaScript."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn
from tests.support.clients.html_client import Form, HtmlClient, HtmlPage
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

NEW = f"{LEADS}/new"
CALL = {"first_name": "Bea", "phone": "030 901820", "message": "Wants a\r\ncall <back>.", "source": "phone"}


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(timezone=ZoneInfo("Europe/Berlin"), phone_region="DE", notify="office@example.com")


@pytest.fixture
def form(agent_browser: HtmlClient) -> Form:
    return agent_browser.get(NEW).form(NEW)


def stored(agent: Client, page: HtmlPage) -> Mapping[str, object]:
    assert page.status == 303, page.html
    lead: Mapping[str, object] = agent.get(f"/leads/{page.location.rpartition('/')[2]}").body
    return lead


def number_of_leads(agent: Client) -> int:
    return len(agent.get("/leads", duplicates="include").body)


def test_every_page_links_to_the_form(agent_browser: HtmlClient) -> None:
    for path in ("/dashboard", LEADS, "/dashboard/board"):
        assert agent_browser.get(path).link("New lead") == NEW


def test_phone_call_becomes_a_lead(agent_browser: HtmlClient, agent: Client, form: Form) -> None:
    sent = agent_browser.submit(form, CALL)
    lead = stored(agent, sent)
    kept = {name: lead[name] for name in ("first_name", "phone", "message", "source", "state", "email")}
    assert kept == {
        "first_name": "Bea",
        "phone": "+4930901820",
        "message": "Wants a\ncall <back>.",
        "source": "phone",
        "state": "PENDING",
        "email": None,
    }
    assert "The lead was added." in agent_browser.get(sent.location).html


def test_no_mail_is_sent_unless_requested(
    agent_browser: HtmlClient, agent: Client, admin: Client, form: Form
) -> None:
    stored(agent, agent_browser.submit(form, CALL | {"email": "bea@example.com"}))
    assert [one["state"] for one in admin.get("/deliveries").body] == ["cancelled"]
    again = agent_browser.get(NEW).form(NEW)
    stored(
        agent,
        agent_browser.submit(again, {"first_name": "Al", "email": "al@example.com", "sends_mail": "yes"}),
    )
    states = sorted(one["state"] for one in admin.get("/deliveries").body)
    assert states == ["cancelled", "pending", "pending"]


def test_time_of_the_call_is_kept(agent_browser: HtmlClient, agent: Client, form: Form) -> None:
    lead = stored(agent, agent_browser.submit(form, CALL | {"created_at": "2026-11-18T09:15"}))
    assert lead["created_at"] == "2026-11-18T08:15:00.000000Z"


@pytest.mark.parametrize(
    ("chosen", "due_at"),
    [
        ({"shortcut": "tomorrow"}, "2026-11-19T08:00:00.000000Z"),
        ({"shortcut": "in-3-days"}, "2026-11-21T08:00:00.000000Z"),
        ({"shortcut": "next-monday"}, "2026-11-23T08:00:00.000000Z"),
        ({"due_at": "2026-12-24T12:00"}, "2026-12-24T11:00:00.000000Z"),
        ({"due_at": "2026-12-24T12:00", "shortcut": "tomorrow"}, "2026-12-24T11:00:00.000000Z"),
        ({"shortcut": "never"}, None),
    ],
)
def test_next_follow_up_is_planned(
    agent_browser: HtmlClient, agent: Client, form: Form, chosen: Mapping[str, str], due_at: str | None
) -> None:
    lead = stored(agent, agent_browser.submit(form, {**CALL, **chosen}))
    assert lead["follow_up_at"] == due_at


def test_shortcut_means_the_time_that_the_form_showed(
    agent_browser: HtmlClient, agent: Client, form: Form
) -> None:
    chosen = CALL | {"shortcut": "tomorrow", "seen_at": "2026-11-17T22:59:00Z"}
    lead = stored(agent, agent_browser.submit(form, {**chosen, "seen_at": "2026-11-18T12:00:00Z"}))
    assert lead["follow_up_at"] == "2026-11-19T08:00:00.000000Z"
    late = agent_browser.submit(form, {**chosen, "form_key": "", "phone": "030 222222"})
    assert (late.status, "lies in the past" in late.html) == (422, True)


def test_every_error_is_shown_at_its_field_and_no_input_is_lost(
    agent_browser: HtmlClient, agent: Client, form: Form
) -> None:
    entered = {
        "first_name": "",
        "last_name": "",
        "email": "not an address",
        "message": "Keep\nthis <text>",
        "source": "s" * 201,
        "created_at": "2026-11-18T14:00",  # in an hour
        "due_at": "2026-11-18T12:00",  # an hour ago
        "sends_mail": "yes",
    }
    seen = agent_browser.submit(form, entered)
    assert seen.status == 422
    for field in ("first_name", "email", "source", "due_at"):
        assert f'id="{field}-wrong"' in seen.html, field
    again = seen.form(NEW).values
    assert {name: again[name] for name in entered} == entered
    assert again["form_key"] == form.values["form_key"]
    assert number_of_leads(agent) == 0


@pytest.mark.parametrize("created_at", ["2026-11-18T14:00", "yesterday", "2026-02-30T10:00"])
def test_wrong_time_of_call_is_rejected(agent_browser: HtmlClient, form: Form, created_at: str) -> None:
    seen = agent_browser.submit(form, CALL | {"created_at": created_at})
    assert (seen.status, 'id="created_at-wrong"' in seen.html) == (422, True)


@pytest.mark.parametrize(
    "entered",
    [
        {"email": " ANN@example.com "},
        {"email": "other@example.com", "phone": "030/901820"},
        {"email": "", "phone": "+49 30 901820"},
    ],
)
def test_known_person_is_offered_before_anything_is_stored(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, form: Form, entered: dict[str, str]
) -> None:
    first = add_lead(phone="+49 30 901820")
    data = CALL | {"phone": ""} | entered
    seen = agent_browser.submit(form, data)
    assert (seen.status, number_of_leads(agent)) == (409, 1)
    assert seen.link("Ann Lee") == f"{LEADS}/{first['id']}"
    again = seen.form(NEW)
    assert again.values["message"] == CALL["message"].replace("\r", "")
    sent = agent_browser.submit(again, {"keeps_known": "yes"})
    assert stored(agent, sent)["first_name"] == "Bea"
    assert number_of_leads(agent) == 2


def test_second_enquiry_is_linked_to_the_first(
    agent_browser: HtmlClient, agent: Client, add_lead: AddLead, form: Form
) -> None:
    first = add_lead()
    entered = CALL | {"email": "ann@example.com", "keeps_known": "yes"}
    assert stored(agent, agent_browser.submit(form, entered))["duplicate_of"] == first["id"]


@pytest.mark.parametrize("query", ["email=Ann@Example.com", "phone=030+901820"])
def test_known_person_is_shown_while_typing(agent_browser: HtmlClient, add_lead: AddLead, query: str) -> None:
    add_lead(phone="+4930901820", message="Help with a lease")
    part = agent_browser.get(f"{NEW}/known?{query}", headers={"HX-Request": "true"})
    assert "Ann Lee" in part.html
    assert "Help with a lease" in part.html
    assert "<html" not in part.html


@pytest.mark.parametrize("query", ["phone=030+9018", "phone=0301", "email=ann@example.co", "email=&phone="])
def test_unknown_contact_shows_nothing(agent_browser: HtmlClient, add_lead: AddLead, query: str) -> None:
    add_lead(phone="+4930901820")
    assert agent_browser.get(f"{NEW}/known?{query}").html.strip() == ""


def test_form_that_is_sent_twice_stores_one_lead(
    agent_browser: HtmlClient, agent: Client, form: Form
) -> None:
    chosen = CALL | {"shortcut": "tomorrow"}
    sent = [agent_browser.submit(form, chosen) for _ in range(2)]
    assert [one.location for one in sent] == [sent[0].location] * 2
    history = agent.get(f"/leads/{sent[0].location.rpartition('/')[2]}/history").body
    assert [one["action"] for one in history] == ["created", "follow_up"]


def test_changed_form_that_was_saved_before_can_be_saved_again(
    agent_browser: HtmlClient, agent: Client, form: Form
) -> None:
    agent_browser.submit(form, CALL)
    again = agent_browser.submit(form, {"first_name": "Cem", "phone": "030 111111"})
    assert (again.status, number_of_leads(agent)) == (409, 1)
    stored(agent, agent_browser.submit(again.form(NEW)))
    assert number_of_leads(agent) == 2


def test_known_sources_are_suggested(
    agent_browser: HtmlClient, add_lead: AddLead, clock: MemoryClock
) -> None:
    add_lead(source="fair & market")
    clock.advance(timedelta(minutes=1))
    html = agent_browser.get(NEW).html
    assert html.index('<option value="phone">') < html.index('<option value="fair &amp; market">')


def test_viewer_cannot_add_leads(signed_in: SignedIn) -> None:
    viewer = signed_in(Role.VIEWER)
    assert "New lead" not in viewer.get(LEADS).html
    assert viewer.get(NEW).status == viewer.get(f"{NEW}/known").status == 403


@pytest.mark.parametrize(("chosen", "owner"), [(None, "agent"), ("bea", "bea"), ("none", None)])
def test_owner_is_chosen(
    agent_browser: HtmlClient,
    agent: Client,
    container: Container,
    chosen: str | None,
    owner: str | None,
) -> None:
    container.manage_users().add(OPERATOR, "bea", Role.AGENT, PHRASE)
    form = agent_browser.get(NEW).form(NEW)
    given = {"first_name": "Zoe", "email": "zoe@example.com"} | ({"owner": chosen} if chosen else {})
    sent = agent_browser.submit(form, given)
    assert agent.get("/leads/" + sent.location.rpartition("/")[2]).body["owner"] == owner


def test_owner_must_be_enabled(agent_browser: HtmlClient, agent: Client, form: Form) -> None:
    given = {"first_name": "Zoe", "email": "zoe@example.com", "owner": "stranger"}
    rejected = agent_browser.submit(form, given)
    assert rejected.status == 422
    assert agent.get("/leads").body == []
