"""The members of an enum that an interface shows, read from a page, a text or an OpenAPI document."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from attrs import evolve, field, frozen

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.entrypoints.formats.labels import label
from tests.integration.http.pages.conftest import LEADS
from tests.support.builders import (
    make_delivery,
    make_entry,
    make_fields,
    make_follow_up,
    make_lead,
)
from tests.support.clients.command_line import CommandLine
from tests.support.clients.html_client import HtmlClient
from tests.support.clock import NOW
from tests.support.http import Client

QUARANTINED = r"(?:<p><strong>|<h2[^>]*>)([^<.]+)(?:\.</strong>|</h2>)"
BADGE = r'<span class="badge [^"]*">([^<]+)</span>'
OPTION = r"<option [^>]*>([^<]+)</option>"
HISTORY = r'<p class="what"><strong>([^<]+)</strong>'
RESULT = r'<p role="status"><strong>([^<]+)\.</strong>'
CAPTION = r'<caption class="[^"]*">Leads, ([^<]+)<'
NOTE = r'<blockquote class="said">([^<]+)</blockquote>'


@frozen
class Shown:
    """The texts that each place shows: labels for users, values for API clients."""

    labels: Mapping[str, set[str]] = field(factory=dict)
    values: Mapping[str, set[str]] = field(factory=dict)


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.]+", text))


def enum_values(node: Any) -> Iterator[str]:
    """Every value that an OpenAPI document lists in an ``enum``."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and isinstance(node.get("enum"), list):
        yield from filter(None, node["enum"])
    for child in children:
        yield from enum_values(child)


@frozen
class PlaceReader:
    """Reads the places of an application that show the members of enums."""

    container: Container
    admin: Client
    browser: HtmlClient
    command_line: CommandLine

    def deliveries_shown(self, deliveries: Any, pattern: str, name: str) -> Shown:
        with self.container.unit_of_work()() as tx:
            tx.deliveries.add(evolve(one, lead_id=None) for one in deliveries)
            tx.commit()
        return Shown(
            {"deliveries page": self.on_page("/dashboard/deliveries", pattern)},
            {
                "API": {one[name] for one in self.admin.get("/deliveries").body},
                "command line": words(self.command_line.run("deliveries", "list").out),
                "OpenAPI": self.in_openapi(),
            },
        )

    def noted(self, action: Action, notes: Iterable[str]) -> set[str]:
        """Append an entry with each note to the history of a lead, and read the notes on its page."""
        lead_id = self.admin.post("/leads", make_fields("noted@example.com")).body["id"]
        with self.container.unit_of_work()() as tx:
            tx.history.append(
                make_entry(lead_id, action, version=version, note=note)
                for version, note in enumerate(notes, 2)
            )
            tx.commit()
        return self.on_page(f"{LEADS}/{lead_id}", NOTE)

    def reminded_states(self) -> Iterator[str]:
        """The state that the reminder of a lead in each state shows, once each."""
        delivery: Delivery = make_delivery(kind=DeliveryKind.REMINDER, follow_up_id="follow-up-1")
        follow_up = make_follow_up(due_at=NOW + timedelta(hours=1))
        for state in LeadState:
            lead = make_lead(state=state)
            text = self.container.email_writer().write_reminder(delivery, lead, follow_up).text
            yield from (shown for shown in map(label, LeadState) if re.search(rf"\b{shown}\b", text))

    def orders(self, sorts: type[StrEnum]) -> Shown:
        """The names of orders in the filter of the list, and in its caption when it has them."""
        self.admin.post("/leads", make_fields())
        captions = [self.on_page(f"{LEADS}?sort={sort}", CAPTION) for sort in sorts]
        labels = {"choice": self.on_page(LEADS, OPTION), "captions": set.union(*captions)}
        return Shown(labels, {"OpenAPI": self.in_openapi()})

    def in_openapi(self) -> set[str]:
        return set(enum_values(self.admin.get("/openapi.json").body))

    def on_page(self, path: str, pattern: str) -> set[str]:
        page = self.browser.get(path)
        assert page.status == 200
        return set(re.findall(pattern, page.html))
