"""The page that shows whom retention erases."""

from datetime import timedelta

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import AddLead, SignedIn
from tests.support.clients.html_client import HtmlClient
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

PAGE = "/dashboard/retention"


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(retention="LOST=2,PENDING=1")


def wait(container: Container, clock: MemoryClock, days: int) -> None:
    """Let a scheduler run for some days."""
    for _ in range(days // 5):
        container.seal_weeks()()
        clock.advance(timedelta(days=5))
    container.seal_weeks()()


@pytest.fixture
def boss(signed_in: SignedIn) -> HtmlClient:
    """A browser in which an admin is signed in."""
    return signed_in(Role.ADMIN)


def test_page_lists_who_is_due(
    boss: HtmlClient, agent: Client, add_lead: AddLead, container: Container, clock: MemoryClock
) -> None:
    assert "no scheduler has run yet" in boss.get(PAGE).html
    new, lost = add_lead(first_name="Due"), add_lead("lost@example.com", first_name="Later", state="LOST")
    container.seal_weeks()()
    wait(container, clock, 40)
    boss.sign_in(Role.ADMIN, PHRASE)
    page = boss.get(PAGE)
    assert f'/dashboard/leads/{new["id"]}">Due Lee' in page.html
    assert lost["id"] not in page.html
    assert lost["id"] in boss.get(f"{PAGE}?state=LOST").html
    assert "1 month" in page.html
    assert "2 months" in page.html
    agent.put(f"/leads/{new['id']}/hold", {"reason": "Lawsuit."})
    assert new["id"] not in boss.get(PAGE).html


def test_pages_continue_where_the_last_one_ended(
    boss: HtmlClient, add_lead: AddLead, container: Container, clock: MemoryClock
) -> None:
    added = {add_lead(f"p{number}@example.com")["id"] for number in range(53)}
    container.seal_weeks()()
    wait(container, clock, 35)
    boss.sign_in(Role.ADMIN, PHRASE)
    first = boss.get(PAGE)
    second = boss.get(first.link("Next page"))
    shown = [{one for one in added if one in page.html} for page in (first, second)]
    assert [len(one) for one in shown] == [50, 3]
    assert shown[0] | shown[1] == added


@pytest.mark.parametrize("query", ["state=zzz", "cursor=zzz"])
def test_invalid_parameter_is_rejected(boss: HtmlClient, query: str) -> None:
    assert boss.get(f"{PAGE}?{query}").status == 422
