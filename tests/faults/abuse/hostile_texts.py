"""Texts that would run or change markup, in every field, and seen in every page, mail and CSV file.

A page or mail about a hostile lead must have the same elements and attributes as one about a harmless lead.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import count
from pathlib import Path
from typing import TypeAlias

from attrs import field, frozen
from dependency_injector import providers

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.leads.fields import MAX_NAME_LENGTH
from leadtracker.entrypoints.formats import lead_csv
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.http.middleware.request_context import SyncFlask
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import replaced
from tests.faults.mails.mail_delivery import NOTIFY_ADDRESS
from tests.integration.http.conftest import PHRASE, Accounts
from tests.integration.http.imports.test_round_trip import FORMULAS
from tests.integration.http.pages.leads.test_hostile_leads import Elements, check, elements, make, pages
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clock import NOW
from tests.support.examples.xss_payloads import XSS_PAYLOADS
from tests.support.http import Client
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.memory.system import MemoryClock
from tests.support.servers.received_mail import parse_mail

Shape: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]

_QUICK = 12
_BEFORE = ("", "=", '"', "'-->")
_SHOWN = frozenset({"list", "lead", "resume", "conflict"})
"""The pages on which the whole text must be found."""


@frozen
class _Office:
    """The application, as an agent's program and an admin's browser reach it."""

    container: Container
    agent: Client
    browser: HtmlClient
    clock: MemoryClock
    mails: Path
    _numbers: "count[int]" = field(factory=count)

    def pages_about(self, text: str) -> dict[str, HtmlPage]:
        """Make a lead that has a text everywhere, and open every page that shows it."""
        lead = make(self.agent, self.browser, self.clock, text, number=next(self._numbers))
        return pages(self.browser, self.agent, lead, text)

    def shapes_of_mails(self) -> dict[str, Shape]:
        """Send what is due; return the elements and attributes of each mail, by its subject."""
        for _ in self.container.deliver_notifications().mail():
            pass
        shapes = {}
        for path in self.mails.glob("*.eml"):
            message = parse_mail(path.read_bytes())
            html = message.get_body(["html"])
            assert html is not None
            parser = Elements()
            parser.feed(html.get_content())
            shapes[str(message["Subject"])] = tuple(parser.shape)
            path.unlink()
        return shapes


def run(sandbox: Sandbox) -> None:
    """Make a lead of each text, open every page about it, and read its mails and the exported file."""
    texts = [f"{before}{text}"[:MAX_NAME_LENGTH] for before in _BEFORE for text in XSS_PAYLOADS]
    chosen = texts if sandbox.is_full else sandbox.rng.sample(texts, _QUICK)
    settings = {
        "public_rate_limit": "off",
        "secret_key": "a key that guards nothing",
        "notify": NOTIFY_ADDRESS,
    }
    clock = MemoryClock(NOW)
    with sandbox.container(clock, **settings) as container:
        container.hasher.override(providers.Object(MemoryPasswordHasher()))
        office = _office(sandbox, container, clock)
        expected = {name: elements(page) for name, page in office.pages_about("harmless").items()}
        mails = office.shapes_of_mails()
        differing = [name for text in chosen for name in _differing(office, expected, text)]
        hostile = office.shapes_of_mails()
        exported = office.agent.get("/leads/export").body
    sandbox.findings.record(texts=len(chosen), mails=len(hostile))
    sandbox.findings.expect_equal([], pages=differing[:3])
    others = [subject for subject, shape in hostile.items() if shape not in mails.values()]
    sandbox.findings.expect_equal([], other_mails=others[:3])
    rows = csv.DictReader(StringIO(exported.decode("utf-8-sig")))
    cells = [cell for row in rows for name, cell in row.items() if name != "phone" and cell]
    sandbox.findings.expect_at_least(10 * len(chosen), cells=len(cells))
    sandbox.findings.expect_equal(0, formulas=sum(cell.startswith(FORMULAS) for cell in cells))


def _office(sandbox: Sandbox, container: Container, clock: MemoryClock) -> _Office:
    app = create_app(container)
    client, browser = Client.of(app), HtmlClient.of(app)
    agent = Accounts(container, app).client(client, Role.ADMIN)
    container.manage_users().add(OPERATOR, "boss", Role.ADMIN, PHRASE)
    browser.sign_in("boss", PHRASE)
    return _Office(container, agent, browser, clock, sandbox.folder / "program" / "data" / "mail")


def _differing(office: _Office, expected: dict[str, Elements], text: str) -> Iterator[str]:
    """Yield the pages that differ from those about a harmless lead, or do not show the text."""
    try:
        seen = office.pages_about(text)
    except (KeyError, StopIteration):  # a form is not what it should be
        yield f"forms: {text}"
        return
    for name, page in seen.items():
        try:
            found = check(page, expected[name])
            assert name not in _SHOWN or text in found.text
        except AssertionError:
            yield f"{name}: {text}"


@contextmanager
def _show_markup() -> Iterator[None]:
    with replaced(SyncFlask, select_jinja_autoescape=lambda *_: False):
        yield


@contextmanager
def _guard_nothing() -> Iterator[None]:
    with replaced(lead_csv, guarded=str):
        yield


CAMPAIGN = Campaign(
    "hostile-texts",
    "markup, templates and formulas in every field",
    run,
    databases_used=(SQLITE,),
    bugs=(
        PlantedBug("pages show texts as markup", ("pages",), _show_markup),
        PlantedBug("cells may begin like formulas", ("formulas",), _guard_nothing),
    ),
)
