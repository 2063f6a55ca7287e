"""The form of a lead's page that sets and clears a legal hold, and what a hold does to the erasure page."""

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn
from tests.support.clients.html_client import HtmlClient
from tests.support.http import Client

REASON = "Lawsuit <12> O 345/26"


@pytest.fixture
def boss(signed_in: SignedIn) -> HtmlClient:
    """A browser in which an admin is signed in."""
    return signed_in(Role.ADMIN)


def test_hold_is_set_shown_and_cleared(boss: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    path = f"{LEADS}/{add_lead()['id']}"
    sent = boss.submit(boss.get(path).form(f"{path}/hold"), {"reason": REASON})
    assert (sent.status, sent.location) == (303, path)
    page = boss.get(path)
    assert "The lead is on legal hold." in page.html
    assert page.html.count("Lawsuit &lt;12&gt; O 345/26") >= 2  # beside the name, and in the history
    assert "Legal hold" in boss.get(f"{LEADS}?hold=true").html
    boss.submit(page.form(f"{path}/clear-hold"))
    assert "The legal hold was cleared." in boss.get(path).html
    assert agent.get(path.removeprefix("/dashboard")).body["hold"] is None


def test_hold_without_a_reason_is_rejected(boss: HtmlClient, add_lead: AddLead) -> None:
    path = f"{LEADS}/{add_lead()['id']}"
    rejected = boss.submit(boss.get(path).form(f"{path}/hold"), {"reason": " "})
    assert rejected.status == 422
    assert rejected.html.count('id="hold-reason-wrong"') == 1


def test_held_lead_is_not_erased(boss: HtmlClient, agent: Client, add_lead: AddLead) -> None:
    lead_id = add_lead()["id"]
    path = f"{LEADS}/{lead_id}/erase"
    form = boss.get(path).form(path)
    agent.put(f"/leads/{lead_id}/hold", {"reason": REASON})
    shown = boss.get(path)
    assert "This lead is on legal hold." in shown.html
    assert "Nothing was erased." not in shown.html
    assert path not in {one.action for one in shown.forms}
    rejected = boss.submit(form)
    assert (rejected.status, "Nothing was erased." in rejected.html) == (409, True)
    assert agent.get(f"/leads/{lead_id}").status == 200
