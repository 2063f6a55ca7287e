"""``/dashboard/statistics``: progress by source, owner, reason, touch and week, in a range of dates."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Role
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.database import on_every_database
from tests.support.memory.system import MemoryClock

PATH = "/dashboard/statistics"


@pytest.fixture
def viewer(signed_in: SignedIn) -> HtmlClient:
    return signed_in(Role.VIEWER)


def capture(container: Container, number: int, *states: str, **fields: str) -> str:
    lead = container.capture_lead()(PUBLIC, make_fields(f"p{number}@example.com", **fields)).lead
    for state in states:
        container.update_lead()(OPERATOR, lead.id, {"state": state}, None)
    return lead.id


def texts(html: str, title: str) -> list[str]:
    """Return the words of the section with that heading."""
    section = html.split(f'<h2 id="{title}-title">')[1].split("</section>", maxsplit=1)[0]
    return re.sub(r"<[^>]+>", " ", section).split()


def test_page_without_leads_opens(viewer: HtmlClient) -> None:
    seen = viewer.get(PATH)
    assert (seen.status, seen.title) == (200, "Statistics · LeadTracker")
    assert "No leads in these weeks." in seen.html


@on_every_database
def test_groups_show_their_progress(signed_in: SignedIn, container: Container, clock: MemoryClock) -> None:
    touch = {"utm_source": "google", "utm_medium": "cpc"}
    lead_id = capture(container, 0, source="ad", **touch)
    clock.advance(timedelta(hours=5))
    container.update_lead()(OPERATOR, lead_id, {"state": "REACHED_OUT"}, None)
    container.update_lead()(OPERATOR, lead_id, {"state": "CONVERTED"}, None)
    lost = capture(container, 1, "LOST", source="ad")
    container.update_lead()(OPERATOR, lost, {"lost_reason": "too <expensive>"}, None)
    capture(container, 2)
    capture(container, 0, utm_campaign="autumn")
    viewer = signed_in(Role.VIEWER)
    html = viewer.get(PATH).html
    assert " ".join(texts(html, "sources")) == (
        "Conversion per source Source Leads Contacted Converted Lost "
        "ad 2 1 (50%) 1 (50%) 1 (50%) no source 1 0 (0%) 0 (0%) 0 (0%)"
    )
    assert "too &lt;expensive&gt;" in html
    assert "google / cpc 1 1 (100%) 1 (100%) 0 (0%)" in " ".join(texts(html, "first-touch"))
    assert "autumn 1 1 (100%) 1 (100%) 0 (0%)" in " ".join(texts(html, "last-touch"))
    assert "5\u00a0h" in html


def test_numbers_link_to_the_leads_that_they_count(viewer: HtmlClient, container: Container) -> None:
    found = [capture(container, number, source="ad") for number in range(2)]
    repeat = capture(container, 0, source="ad")
    html = viewer.get(PATH).html
    links = [unescape(url) for url in re.findall(r'<a href="(/dashboard/leads\?[^"]*)"', html)]
    assert len(links) == 4, "all, the week, the source and no owner"
    for url in links:
        listed = viewer.get(url).html
        assert [f"/dashboard/leads/{lead_id}" in listed for lead_id in (*found, repeat)] == [
            True,
            True,
            False,
        ], url


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("days=30", 2),
        ("days=31", 4),
        ("weeks=4", 2),
        ("weeks=12", 4),
        ("weeks=5", 4),
        ("weeks=x", 4),
        ("", 4),
        ("weeks=52", 5),
        ("from=2026-11-16&to=2026-11-30", 1),
        ("to=2026-11-30&weeks=4", 1),
        ("from=2027-01-01", 4),
    ],
)
def test_range_is_chosen_by_weeks_or_dates(
    signed_in: SignedIn, container: Container, clock: MemoryClock, query: str, number: int
) -> None:
    for lead, weeks in enumerate((0, 30, 5, 5)):
        clock.advance(timedelta(weeks=weeks))
        capture(container, lead)
    capture(container, 9)
    html = signed_in(Role.VIEWER).get(f"{PATH}?{query}").html
    total = html.split('<li class="metric">')[1].split("<strong>")[1].split("<")[0]
    assert int(total) == number


def test_week_that_has_not_ended_is_drawn_apart(viewer: HtmlClient, container: Container) -> None:
    capture(container, 0)
    assert "unfinished" in viewer.get(f"{PATH}?weeks=4").html
    assert "unfinished" not in viewer.get(f"{PATH}?from=2026-11-16&to=2026-11-22").html


def test_invalid_dates_are_named_and_kept(viewer: HtmlClient, container: Container) -> None:
    capture(container, 0)
    seen = viewer.get(f"{PATH}?from=yesterday&to=2026-11-16")
    assert seen.status == 422
    for text in ('id="from-wrong"', 'value="yesterday"', 'value="2026-11-16"', "Leads per week"):
        assert text in seen.html
    assert 'id="to-wrong"' not in seen.html
    assert viewer.get(f"{PATH}/statistics.csv?from=yesterday").status == 422


def test_download_has_every_number_and_no_formula(
    viewer: HtmlClient, container: Container, clock: MemoryClock
) -> None:
    lead_id = capture(container, 0, source="=1+1", utm_campaign="spring")
    clock.advance(timedelta(minutes=10))
    container.update_lead()(OPERATOR, lead_id, {"state": "REACHED_OUT"}, None)
    text = viewer.get(f"{PATH}/statistics.csv?weeks=4").html
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [
        ["kind", "name", "leads", "contacted", "converted", "lost", "median_seconds", "p90_seconds"],
        ["total", "", "1", "1", "0", "0", "600", "600"],
        ["week", "2026-W47", "1", "1", "0", "0", "600", "600"],
        ["source", "'=1+1", "1", "1", "0", "0", "", ""],
        ["owner", "", "1", "1", "0", "0", "", ""],
        ["first_touch", "spring", "1", "1", "0", "0", "", ""],
        ["last_touch", "spring", "1", "1", "0", "0", "", ""],
    ]
