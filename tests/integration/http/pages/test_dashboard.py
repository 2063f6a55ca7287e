"""The dashboard page."""

import re
from datetime import timedelta
from html import unescape

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Role
from leadtracker.domain.model.deliveries.canary import CanaryFailure
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.contracts.intake.canary_runs import make_run
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clock import NOW
from tests.support.database import on_every_database
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

PATH = "/dashboard"
HOUR = timedelta(hours=1)


@pytest.fixture
def admin(signed_in: SignedIn) -> HtmlClient:
    return signed_in(Role.ADMIN)


def capture(container: Container, first_name: str, **fields: str) -> Lead:
    given = make_fields(f"{first_name.lower()}@example.com", first_name=first_name, **fields)
    return container.capture_lead()(PUBLIC, given).lead


def section(html: str, title: str) -> str:
    """Return the section of a page with that heading."""
    return html.split(f'<h2 id="{title}-title">')[1].split("</section>", maxsplit=1)[0]


def count_of(listed: HtmlPage) -> int:
    """Return how many leads a list says it has found."""
    found = listed.html.split('id="found"')[1].split(">", 1)[1].split("</p>", 1)[0].split()
    return 0 if found[:1] == ["No"] else int(found[0])


def metrics(html: str) -> dict[str, tuple[int, str]]:
    """Return the number and the URL of each figure that counts leads, by the words behind it."""
    found = re.findall(r'<a href="([^"]*)"><strong>(\d+)</strong></a> ([a-z -]*[a-z])', html)
    return {words: (int(number), unescape(url)) for url, number, words in found}


def test_empty_dashboard_shows_a_hint(admin: HtmlClient) -> None:
    seen = admin.get(PATH)
    assert seen.title == "Dashboard · LeadTracker"
    for sentence in ("Nothing is due today.", "No lead has waited for", "No lead is waiting"):
        assert sentence in seen.html
    assert "nearly full" not in seen.html


def test_new_lead_is_listed_until_contacted(admin: HtmlClient, container: Container) -> None:
    lead = capture(container, "Zoe", source="ad")
    shown = section(admin.get(PATH).html, "new")
    assert "Zoe" in shown
    assert f"/dashboard/leads/{lead.id}" in shown
    container.update_lead()(OPERATOR, lead.id, {"state": "REACHED_OUT"}, None)
    assert "Zoe" not in section(admin.get(PATH).html, "new")


def test_day_old_lead_is_untouched(signed_in: SignedIn, container: Container, clock: MemoryClock) -> None:
    capture(container, "Zoe")
    clock.advance(23 * HOUR)
    assert "Zoe" not in section(signed_in(Role.VIEWER).get(PATH).html, "untouched")
    clock.advance(2 * HOUR)
    assert "Zoe" in section(signed_in(Role.VIEWER).get(PATH).html, "untouched")


def test_follow_up_is_overdue_or_today(signed_in: SignedIn, container: Container, clock: MemoryClock) -> None:
    clock.set(clock.now().replace(hour=9))
    for name, wait in (("Late", -HOUR), ("Soon", HOUR), ("Tomorrow", 24 * HOUR)):
        due = {"due_at": format_timestamp(clock.now() + wait), "note": f"call {name}"}
        container.record_follow_up()(OPERATOR, capture(container, name).id, due)
    shown = section(signed_in(Role.AGENT).get(PATH).html, "overdue")
    assert (
        shown.index("overdue</span>")
        < shown.index("Late")
        < shown.index("today</span>")
        < shown.index("Soon")
    )
    assert "call Soon" in shown
    assert "Tomorrow" not in shown


def test_five_follow_ups_are_shown_overdue_ones_first(
    signed_in: SignedIn, container: Container, clock: MemoryClock
) -> None:
    clock.set(clock.now().replace(hour=9))
    for number in range(7):
        due = {"due_at": format_timestamp(clock.now() + (HOUR if number < 5 else -HOUR))}
        container.record_follow_up()(OPERATOR, capture(container, f"Ann{number}").id, due)
    shown = section(signed_in(Role.AGENT).get(PATH).html, "overdue")
    assert (shown.count("overdue</span>"), shown.count("today</span>")) == (2, 3)
    assert "Show all" in shown


def test_failed_deliveries_are_shown_to_admins(
    signed_in: SignedIn, container: Container, raw_db: RawDatabase
) -> None:
    capture(container, "Zoe")
    raw_db.execute("UPDATE deliveries SET state = 'failed', due_at = NULL")
    notice = "delivery has failed"
    assert notice in " ".join(signed_in(Role.ADMIN).get(PATH).html.split())
    assert notice not in " ".join(signed_in(Role.AGENT).get(PATH).html.split())


@on_every_database
def test_metrics_and_charts_match_leads(
    signed_in: SignedIn, container: Container, clock: MemoryClock
) -> None:
    contacted, _ = capture(container, "Ann", source="ad"), capture(container, "Bob")
    clock.advance(3 * HOUR)
    container.update_lead()(OPERATOR, contacted.id, {"state": "REACHED_OUT"}, None)
    html = signed_in(Role.VIEWER).get(PATH).html
    assert "<strong>2</strong></a> leads this week" in html
    assert "<strong>3\u00a0h</strong></a> median time to first contact" in html
    assert "50%" in section(html, "funnel")
    assert "ad" in section(html, "sources")
    assert "no source" in section(html, "sources")


@on_every_database
def test_numbers_link_to_the_leads_that_they_count(
    signed_in: SignedIn, container: Container, clock: MemoryClock
) -> None:
    capture(container, "Cold")
    capture(container, "Old")
    clock.advance(25 * HOUR)
    capture(container, "New")
    answered = [capture(container, "Old"), capture(container, "New")][0].id
    container.update_lead()(OPERATOR, answered, {"state": "REACHED_OUT"}, None)
    due = {"due_at": format_timestamp(clock.now() - HOUR)}
    for lead_id in (answered, capture(container, "Late").id):
        container.record_follow_up()(OPERATOR, lead_id, due)
    viewer = signed_in(Role.VIEWER)
    shown = metrics(viewer.get(PATH).html)
    assert {words: number for words, (number, _url) in shown.items()} == {
        "leads this week": 4,
        "overdue follow-ups": 2,
        "lead awaiting first contact for": 1,
    }
    assert {words: count_of(viewer.get(url)) for words, (_number, url) in shown.items()} == {
        words: number for words, (number, _url) in shown.items()
    }


def test_recent_numbers_link_to_their_leads(
    signed_in: SignedIn, container: Container, clock: MemoryClock
) -> None:
    """Those of the last 30 days, which neither begin nor end with a day or week."""
    for name, wait in (("Ann", 5 * HOUR), ("Amy", HOUR)):
        lead = capture(container, name, source="ad")
        clock.advance(wait)
        container.update_lead()(OPERATOR, lead.id, {"state": "REACHED_OUT"}, None)
        clock.advance(timedelta(days=29, hours=20))
    capture(container, "Bob", source="ad")
    capture(container, "Eve")
    viewer = signed_in(Role.VIEWER)
    html = viewer.get(PATH).html
    found = re.search(
        r'<a href="([^"]*)">ad</a>.*?<td class="number">(\d+)', section(html, "sources"), re.DOTALL
    )
    assert found
    assert count_of(viewer.get(unescape(found[1]))) == int(found[2]) == 2
    found = re.search(r'<a href="([^"]*)"><strong>(60\Wmin)</strong></a> median', html)
    assert found
    statistics = viewer.get(unescape(found[1])).html
    assert f"<strong>{found[2]}</strong> median time to first contact" in statistics
    found = re.search(r'<a href="([^"]*)"><strong>3</strong></a> leads', statistics)
    assert found
    assert count_of(viewer.get(unescape(found[1]))) == 3


@pytest.mark.parametrize(
    ("hours", "text"), [(0.5, "30 min"), (1.9, "114 min"), (2.9, "2 h"), (47, "47 h"), (49, "2 days")]
)
def test_waiting_times_are_readable(
    signed_in: SignedIn, container: Container, clock: MemoryClock, hours: float, text: str
) -> None:
    lead = capture(container, "Ann")
    clock.advance(hours * HOUR)
    container.update_lead()(OPERATOR, lead.id, {"state": "REACHED_OUT"}, None)
    unbroken = text.replace(" ", "\u00a0")
    assert f"<strong>{unbroken}</strong>" in signed_in(Role.VIEWER).get(PATH).html


def test_lead_of_the_future_is_not_among_the_new(
    admin: HtmlClient, container: Container, clock: MemoryClock
) -> None:
    row = {
        "first_name": "Future",
        "email": "f@example.com",
        "created_at": format_timestamp(clock.now() + HOUR),
    }
    list(container.import_leads()(OPERATOR, [ImportRow(2, row)]))
    capture(container, "Zoe")
    shown = section(admin.get(PATH).html, "new")
    assert "Zoe" in shown
    assert "Future" not in shown


def test_failed_canary_is_explained_in_the_language_of_the_user(
    admin: HtmlClient, container: Container
) -> None:
    detail = CanaryDetail.of(CanaryDetailCode.NO_FORM, host="firm.example")
    run = make_run(attempt=3).finished(NOW, CanaryFailure.FORM_MISSING, detail)
    with container.unit_of_work()() as tx:
        tx.canary_runs.add(run)
        tx.canary_runs.save(run)
        tx.commit()
    assert "No form of the page of firm.example posts to /leads." in admin.get(PATH).html
    german = admin.get(f"{PATH}?lang=de").html
    assert "Kein Formular der Seite von firm.example sendet an /leads." in german
