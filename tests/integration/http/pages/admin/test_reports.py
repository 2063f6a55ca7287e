"""The reports page."""

import re
from datetime import timedelta

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Role
from leadtracker.domain.model.reports.weekly_report import ReportState
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields, make_lead
from tests.support.clients.html_client import HtmlClient
from tests.support.memory.system import MemoryClock

PATH = "/dashboard/reports"


@pytest.fixture
def admin(signed_in: SignedIn) -> HtmlClient:
    return signed_in(Role.ADMIN)


@pytest.fixture
def sealed(container: Container, clock: MemoryClock) -> str:
    """The name of a week that was sealed with two leads and delivered."""
    now = clock.now()
    clock.set(now - timedelta(days=7))
    for address in ("ann@example.com", "bob@example.com"):
        container.capture_lead()(PUBLIC, make_fields(address))
    clock.set(now)
    week = container.seal_weeks()().sealed[-1].week.name
    assert [report.state for report in container.send_due_reports()()] == [ReportState.DELIVERED]
    return week


def test_empty_ledger_shows_a_hint(admin: HtmlClient) -> None:
    assert "No week has been counted yet." in admin.get(PATH).html


def test_week_shows_number_and_attempts(admin: HtmlClient, sealed: str) -> None:
    shown = admin.get(PATH).html
    assert sealed in shown
    assert '<strong class="total">2</strong> leads' in shown
    assert "written to the log" in shown
    assert '<span class="badge written">Written to the log</span>' in shown


def test_delivered_week_is_sent_again(admin: HtmlClient, sealed: str, container: Container) -> None:
    form = admin.get(PATH).form(f"{PATH}/{sealed}/send")
    assert admin.submit(form).location == PATH
    assert f"{sealed} will be sent within seconds." in admin.get(PATH).html
    assert [report.week.name for report in container.send_due_reports()()] == [sealed]


@pytest.mark.parametrize("week", ["2026-W60", "nonsense"])
def test_unknown_week_is_not_sent(admin: HtmlClient, sealed: str, week: str) -> None:
    form = admin.get(PATH).form(f"{PATH}/{sealed}/send")
    form.action = f"{PATH}/{week}/send"
    assert admin.submit(form).status == 404


def test_open_week_shows_an_error_page(admin: HtmlClient, sealed: str) -> None:
    form = admin.get(PATH).form(f"{PATH}/{sealed}/send")
    form.action = f"{PATH}/2027-W01/send"
    rejected = admin.submit(form)
    assert (rejected.status, rejected.title) == (409, "This week has not ended · LeadTracker")


def test_older_weeks_are_on_next_page(admin: HtmlClient, sealed: str, container: Container) -> None:
    container.schedule_report()(OPERATOR, "2026-W10")
    first = admin.get(PATH)
    second = admin.get(first.link("Older weeks"))
    assert (f'id="{sealed}"' in first.html, 'id="2026-W10"' in first.html) == (True, False)
    assert (f'id="{sealed}"' in second.html, 'id="2026-W10"' in second.html) == (False, True)


def test_viewer_sees_reports_without_actions(signed_in: SignedIn, sealed: str) -> None:
    viewer = signed_in(Role.VIEWER)
    seen = viewer.get(PATH)
    assert (seen.status, "/send" in seen.html) == (200, False)
    token = seen.form("/sign-out").values["csrf_token"]
    assert viewer.post(f"{PATH}/{sealed}/send", {"csrf_token": token}).status == 403


def test_silent_scheduler_is_shown(admin: HtmlClient) -> None:
    assert "The scheduler is not running" in admin.get(PATH).html


def test_week_page_explains_the_number(admin: HtmlClient, sealed: str, container: Container) -> None:
    explained = container.explain_report()(OPERATOR, sealed)
    first, second = explained.counted
    container.erase_lead()(OPERATOR, first.id)
    week = admin.get(admin.get(PATH).link("Why this number?"))
    assert week.status == 200
    assert f"/dashboard/leads/{second.id}" in week.html
    assert f"/dashboard/leads/{first.id}" not in week.html
    assert "Erased</span>" in week.html
    assert first.id not in week.html
    assert 'counted, and erased since</th><td class="number">\N{MINUS SIGN}1</td>' in week.html


def test_week_page_names_leads_that_were_linked(admin: HtmlClient, sealed: str, container: Container) -> None:
    first, second = container.explain_report()(OPERATOR, sealed).counted
    container.update_lead()(OPERATOR, second.id, {"duplicate_of": first.id}, None)
    week = " ".join(admin.get(f"{PATH}/{sealed}").html.split())
    assert 'counted, and linked as repeat enquiries since</th><td class="number">\N{MINUS SIGN}1</td>' in week
    states = dict(
        re.findall(
            r'<th scope="row"><a href="/dashboard/leads/(\w+)">.*?<td data-label="Today">([^<]*)</td>', week
        )
    )
    assert states == {first.id: "Stored", second.id: "Repeat enquiry"}


def test_long_week_continues_on_the_next_page(admin: HtmlClient, sealed: str, container: Container) -> None:
    start = container.explain_report()(OPERATOR, sealed).report.week.start
    with container.unit_of_work()() as tx:
        for number in range(101):
            tx.leads.add(make_lead(f"lead-{number:03}", f"p{number}@example.com", start))
        tx.commit()
    first = admin.get(f"{PATH}/{sealed}")
    second = admin.get(first.link("More leads that are not counted"))
    assert ("lead-099" in first.html, "lead-100" in first.html) == (True, False)
    assert ("lead-099" in second.html, "lead-100" in second.html) == (False, True)
    assert admin.get(f"{PATH}/{sealed}?counted=nonsense").status == 200
