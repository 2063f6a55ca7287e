"""Every page shows hostile input as text."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.pages.conftest import LEADS, SignedIn, form_of
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clients.multipart import MULTIPART, fields_of, file_part, form
from tests.support.examples.xss_payloads import XSS_PAIRS, XSS_PAYLOADS
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

# Pages are made of what the domain gives, whatever keeps it.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

_HANDLERS = ("on", "hx-on", "srcdoc", "style")


class Elements(HTMLParser):
    """Collect the elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.addresses += [
            value or "" for name, value in attrs if name in {"href", "src", "action", "formaction"}
        ]

    def handle_data(self, data: str) -> None:
        self.text += data


def elements(seen: HtmlPage) -> Elements:
    parser = Elements()
    parser.feed(seen.html)
    return parser


def check(seen: HtmlPage, harmless: Elements) -> Elements:
    """Check that a page about a hostile lead has the elements of a harmless one; return them."""
    found = elements(seen)
    assert found.shape == harmless.shape
    for _, attributes in found.shape:
        assert not [name for name in attributes if name.startswith(_HANDLERS)]
    for address in found.addresses:
        assert address.startswith(("/", "#", "mailto:", "tel:", "?")), address
    return found


@pytest.fixture
def boss(signed_in: SignedIn) -> HtmlClient:
    """A browser in which an admin is signed in, who sees everything."""
    return signed_in(Role.ADMIN)


def make(agent: Client, boss: HtmlClient, clock: MemoryClock, *texts: str, number: int = 0) -> dict[str, Any]:
    """Add a lead that has the texts in every field, with a history and a follow-up."""
    text = " ".join(texts)
    fields = {"first_name": text, "last_name": text, "message": f"{text}\n{text}", "source": text}
    email = f"a&b'{{{{7*7}}}}={number}@example.com"
    lead: dict[str, Any] = agent.post(
        "/leads", {**fields, "email": email, "phone": f"{texts[0][:30]} 12345", "resume": text}
    ).body
    path, own = f"/leads/{lead['id']}", f"{LEADS}/{lead['id']}"
    shown = boss.get(own)
    boss.submit(shown.form(f"{own}/notes"), {"note": text})
    boss.submit(shown.form(f"{own}/follow-up"), {"due_at": "2027-01-01T10:00", "note": text})
    agent.patch(path, {"source": f"{text}!", "phone": f"{texts[-1][:30]} 12345"})
    lead = agent.patch(path, {"source": text, "state": "REACHED_OUT"}).body
    clock.advance(timedelta(seconds=1))
    boss.post("/leads", {**fields, "email": email})  # a duplicate, as any anonymous client can send it
    return lead


def pages(boss: HtmlClient, agent: Client, lead: dict[str, Any], text: str) -> dict[str, HtmlPage]:
    """Return the path of every page that shows input about a lead."""
    own = f"{LEADS}/{lead['id']}"
    query = urlencode({"email": lead["email"], "duplicates": "include"})
    columns = "&".join(f"columns={name}" for name in ("state", "email", "source", "resume", "follow_up_at"))
    seen = {
        "list": boss.get(f"{LEADS}?{query}&{columns}"),
        "searched": boss.get(f"{LEADS}?{urlencode({'q': f'{text} zzz', 'source': text[:200]})}"),
        "wrong": boss.get(f"{LEADS}?{urlencode({'created_from': text, 'state': text})}"),
        "lead": boss.get(own),
        "edit": boss.get(f"{own}/edit"),
        "erase": boss.get(f"{own}/erase"),
        "resume": boss.get(f"{own}/resume/text"),
    }
    edit, plan, state = (
        seen["edit"].form(own),
        seen["lead"].form(f"{own}/follow-up"),
        seen["lead"].form(f"{own}/state"),
    )
    wrong = {"first_name": text, "email": text, "source": text, "phone": f"{text} call"}
    seen["edit, wrong"] = boss.submit(edit, wrong)
    seen["plan, wrong"] = boss.submit(plan, {"due_at": text, "note": text})
    boxes = {"lead": f"{lead['id']} 1", "state": "LOST"}
    seen["bulk"] = boss.submit(seen["list"].form(f"{LEADS}/bulk"), boxes)
    agent.patch(f"/leads/{lead['id']}", {"first_name": f"{text}."})
    seen["conflict"] = boss.submit(edit, {"first_name": f"{text}?", "source": f"{text}?"})
    seen["conflict about a plan"] = boss.submit(plan, {"due_at": "2027-01-01T10:00", "note": text})
    seen["conflict about a state"] = boss.submit(state, {"state": text})
    boss.submit(boss.get("/dashboard/board").form("/dashboard/board"), {"move": f"{lead['id']} 1 LOST"})
    seen["flash"] = boss.get(f"{own}/erase")
    return seen


def test_hostile_input_is_escaped(boss: HtmlClient, agent: Client, clock: MemoryClock) -> None:
    lead = make(agent, boss, clock, "harmless", "innocent")
    harmless = pages(boss, agent, lead, "harmless innocent")
    assert {name: seen.status for name, seen in harmless.items() if seen.status >= 500} == {}
    expected = {name: elements(seen) for name, seen in harmless.items()}
    for number, texts in enumerate(XSS_PAIRS, 1):
        text = " ".join(texts)
        for name, seen in pages(boss, agent, make(agent, boss, clock, *texts, number=number), text).items():
            assert seen.status == harmless[name].status, (name, text)
            found = check(seen, expected[name])
            if name in {"list", "lead", "resume", "conflict"}:
                assert text in found.text, (name, text)


def test_board_escapes_hostile_input(boss: HtmlClient, agent: Client, clock: MemoryClock) -> None:
    lead = make(agent, boss, clock, "harmless")
    boss.get(LEADS)  # shows and clears the messages of earlier requests
    harmless = elements(boss.get("/dashboard/board"))
    for text in XSS_PAYLOADS:
        fields = {"first_name": text, "last_name": text, "message": text, "source": text}
        agent.patch(f"/leads/{lead['id']}", fields)
        seen = boss.get("/dashboard/board")
        assert text in check(seen, harmless).text


def test_hostile_file_name_is_escaped(boss: HtmlClient, agent: Client) -> None:
    lead = agent.post("/leads", {"first_name": "A", "last_name": "B", "email": "a@example.com"}).body
    seen = []
    for text in ("harmless", *XSS_PAYLOADS):
        sent = form_of(boss, lead["id"], "resume")
        name = text.replace("/", "").replace("\\", "").replace('"', "%22") + ".txt"
        body = form(*fields_of(sent.values), file_part(b"text", name))
        assert boss.post(sent.action, body, content_type=MULTIPART).status == 303
        seen.append(elements(boss.get(f"{LEADS}/{lead['id']}")))
    harmless, *hostile = (found.shape for found in seen)
    scripts = harmless.count(("script", ("defer", "src")))
    for found in hostile:
        assert [tag for tag, _ in found].count("script") == scripts
        assert not [name for _, names in found for name in names if name.startswith(_HANDLERS)]
