"""The list of leads: filters, order, pages and columns, all of them in its URL."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import LEADS, AddLead, SignedIn
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.database import on_every_database
from tests.support.examples.cases import each
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

_NAME = re.compile(r'<th scope="row"><a href="/dashboard/leads/[^"]+">([^<]*)</a>')
_HEADING = re.compile(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]*)')


def names(seen: HtmlPage) -> list[str]:
    """Return the names of the leads in a list, in its order."""
    assert seen.status == 200
    return _NAME.findall(seen.html)


@pytest.fixture
def three(add_lead: AddLead, clock: MemoryClock) -> None:
    """Three leads, of which Ann is the oldest."""
    rest = (
        ("Ann", {"source": "ad", "message": "A divorce"}),
        ("Bob", {"state": "REACHED_OUT", "phone": "+49 30 901820"}),
        ("Carl", {"state": "LOST", "source": "ad"}),
    )
    for name, fields in rest:
        add_lead(f"{name}@example.com", first_name=name, last_name="Lee", **fields)
        clock.advance(timedelta(days=1))


@pytest.mark.usefixtures("three")
class TestFinding:
    """The leads that a URL selects, and their order."""

    @each(
        ("query", "expected"),
        [
            ("", ["Carl Lee", "Bob Lee", "Ann Lee"]),
            ("sort=created_at", ["Ann Lee", "Bob Lee", "Carl Lee"]),
            ("state=LOST&state=PENDING", ["Carl Lee", "Ann Lee"]),
            ("q=aNN", ["Ann Lee"]),
            ("q=DIVORCE+lee", ["Ann Lee"]),
            ("q=901820", ["Bob Lee"]),
            ("source=ad&state=LOST", ["Carl Lee"]),
            ("created_from=2026-11-19&created_to=2026-11-19", ["Bob Lee"]),
            ("follow_up=overdue", []),
            ("follow_up=none", ["Carl Lee", "Bob Lee", "Ann Lee"]),
            ("duplicates=only", []),
            ("q=&state=&created_from=&source=&limit=&sort=", ["Carl Lee", "Bob Lee", "Ann Lee"]),
        ],
    )
    def test_url_selects_the_leads(self, agent_browser: HtmlClient, query: str, expected: list[str]) -> None:
        assert names(agent_browser.get(f"{LEADS}?{query}")) == expected

    def test_form_keeps_the_filters(self, agent_browser: HtmlClient) -> None:
        query = "q=Lee&state=LOST&created_from=2026-01-02&source=ad&sort=updated_at&limit=25&follow_up=none"
        form = agent_browser.get(f"{LEADS}?{query}").form(LEADS)
        assert form.method == "GET"
        kept = dict(pair.split("=") for pair in query.split("&"))
        assert form.values | kept == form.values

    def test_url_only_filters_stay_in_form(self, agent_browser: HtmlClient) -> None:
        form = agent_browser.get(f"{LEADS}?email=ann@example.com").form(LEADS)
        assert names(agent_browser.submit(form)) == ["Ann Lee"]

    @on_every_database
    def test_pages_are_linked(self, agent_browser: HtmlClient) -> None:
        seen, found = agent_browser.get(f"{LEADS}?limit=1&q=lee"), []
        for _ in range(3):
            found += names(seen)
            link = re.search(r'rel="next" href="([^"]*)"', seen.html)
            seen = agent_browser.get(link[1].replace("&amp;", "&")) if link else seen
        assert found == ["Carl Lee", "Bob Lee", "Ann Lee"]
        assert 'rel="next"' not in seen.html
        first = re.search(r'href="([^"]*)">First page', seen.html)
        assert first is not None
        assert names(agent_browser.get(first[1].replace("&amp;", "&"))) == ["Carl Lee"]

    def test_url_selects_columns(self, agent_browser: HtmlClient) -> None:
        seen = agent_browser.get(f"{LEADS}?columns=source&columns=updated_at")
        assert _HEADING.findall(seen.html) == ["Name", "Source", "Updated"]
        assert "mailto:" not in seen.html

    def test_column_title_reverses_order(self, agent_browser: HtmlClient) -> None:
        seen = agent_browser.get(f"{LEADS}?state=PENDING&state=LOST")
        link = re.search(r'aria-sort="descending"><a href="([^"]*)">Received', seen.html)
        assert link is not None
        assert names(agent_browser.get(link[1].replace("&amp;", "&"))) == ["Ann Lee", "Carl Lee"]

    def test_script_gets_url_without_blanks(self, agent_browser: HtmlClient) -> None:
        page = agent_browser.get(f"{LEADS}?q=ann&state=&limit=", headers={"HX-Request": "true"})
        assert page.response.headers["HX-Replace-Url"] == f"{LEADS}?q=ann"
        assert names(page) == ["Ann Lee"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("created_from=yesterday", "created_from"),
        ("state=OPEN", "state"),
        ("limit=0", "limit"),
        ("cursor=x", "cursor"),
        ("columns=secret", "columns"),
        ("colour=red", "colour"),
    ],
)
def test_invalid_parameters_are_named(agent_browser: HtmlClient, query: str, name: str) -> None:
    seen = agent_browser.get(f"{LEADS}?{query}&created_to=2026-02-31")
    assert seen.status == 422
    assert f'id="{name}-wrong"' in seen.html
    assert 'id="created_to-wrong"' in seen.html
    assert seen.title == "Leads · LeadTracker"


def test_empty_results_show_a_hint(agent_browser: HtmlClient) -> None:
    empty = agent_browser.get(LEADS)
    assert "No leads yet" in empty.html
    assert empty.html.count(">New lead</a>") == 2  # in the bar, and where leads will be
    assert "Show all leads" in agent_browser.get(f"{LEADS}?q=unknown").html


def test_duplicates_are_marked(agent_browser: HtmlClient, public: Client, add_lead: AddLead) -> None:
    add_lead()
    public.post("/leads", {"first_name": "Ann", "last_name": "Again", "email": "ann@example.com"})
    assert names(agent_browser.get(f"{LEADS}?duplicates=exclude")) == ["Ann Lee"]
    seen = agent_browser.get(f"{LEADS}?duplicates=only")
    assert names(seen) == ["Ann Again"]
    assert "Repeat enquiry</span>" in seen.html


@pytest.mark.parametrize("query", ["", "?waiting=true", "?q=ann", "?sort=-updated_at", "?state=PENDING"])
def test_repeat_enquiry_is_listed_until_it_is_answered(
    agent_browser: HtmlClient, agent: Client, public: Client, add_lead: AddLead, query: str
) -> None:
    first = add_lead()
    public.post("/leads", {"first_name": "Ann", "last_name": "Again", "email": "ann@example.com"})
    shown = agent_browser.get(f"{LEADS}{query}")
    assert set(names(shown)) == {"Ann Lee", "Ann Again"}
    assert "Enquired again</span>" in shown.html
    agent.patch(f"/leads/{first['id']}", {"state": "REACHED_OUT"})
    answered = {"": {"Ann Lee"}, "?q=ann": {"Ann Lee", "Ann Again"}, "?sort=-updated_at": {"Ann Lee"}}
    assert set(names(agent_browser.get(f"{LEADS}{query}"))) == answered.get(query, set())


@pytest.mark.usefixtures("three")
class TestExport:
    """The selected leads as a file."""

    def test_export_holds_filtered_leads(self, signed_in: SignedIn) -> None:
        admin = signed_in(Role.ADMIN)
        page = admin.get(f"{LEADS}?source=ad&sort=updated_at&limit=25&columns=email")
        csv_link, ndjson_link = (
            link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*/export[^"]*)"', page.html)
        )
        saved = admin.get(csv_link)
        assert saved.response.headers["Content-Disposition"].startswith('attachment; filename="leads-')
        rows = csv.DictReader(io.StringIO(saved.html.removeprefix("\ufeff")))
        assert [row["first_name"] for row in rows] == ["Ann", "Carl"]
        lines = admin.get(ndjson_link).html.splitlines()
        assert [json.loads(line)["first_name"] for line in lines] == ["Ann", "Carl"]

    def test_invalid_export_url_is_reported(self, signed_in: SignedIn) -> None:
        assert signed_in(Role.ADMIN).get(f"{LEADS}/export?format=pdf").status == 422
        assert signed_in(Role.ADMIN).get(f"{LEADS}/export?state=OPEN").status == 422

    def test_export_is_offered_to_admins_only(self, agent_browser: HtmlClient) -> None:
        assert "/export" not in agent_browser.get(LEADS).html


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "3 leads"),
        ("?limit=2", "3 leads, 2 of them on this page"),
        ("?q=ann", "1 lead"),
        ("?q=zoe", "No leads"),
    ],
)
def test_total_is_shown(agent_browser: HtmlClient, add_lead: AddLead, query: str, said: str) -> None:
    for name in ("ann", "bob", "carl"):
        add_lead(f"{name}@example.com", first_name=name)
    found = re.search(r'id="found"[^>]*>([^<]*)<', agent_browser.get(f"{LEADS}{query}").html)
    assert found
    assert found[1].strip().replace("\n  ", "") == said
