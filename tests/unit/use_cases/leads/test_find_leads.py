"""Finding leads: one, a page, all of them."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import LeadNotFound, PermissionDenied
from leadtracker.domain.model.accounts.access import PUBLIC, Actor
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.values.paging import Page
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

SECOND = timedelta(seconds=1)


@pytest.fixture
def leads(app: InMemoryApp) -> list[Lead]:
    """Three leads, of which the second has the address of the first; oldest first."""
    for address in ("ann@example.com", "ann@example.com", "bob@example.com"):
        app.receive(address)
        app.clock.advance(SECOND)
    return app.leads()


@pytest.mark.parametrize("actor", [VIEWER, AGENT, ADMIN], ids=lambda actor: actor.name)
def test_lead_is_shown_with_duplicates(app: InMemoryApp, leads: list[Lead], actor: Actor) -> None:
    first, second, _ = leads
    assert app.get_lead(actor, second.id) == second
    assert second.duplicate_of == first.id


def test_unknown_lead_is_not_found(app: InMemoryApp) -> None:
    with pytest.raises(LeadNotFound):
        app.get_lead(VIEWER, "unknown")


def test_list_is_newest_first(app: InMemoryApp, leads: list[Lead]) -> None:
    first, _, third = leads
    page = app.find_leads(VIEWER, LeadFilter(), limit=5, after=None)
    assert page.items == (third, first)


def test_list_continues_after_a_page(app: InMemoryApp, leads: list[Lead]) -> None:
    lead_filter = LeadFilter(duplicates=Duplicates.INCLUDE)
    page = app.find_leads(VIEWER, lead_filter, limit=2, after=None)
    rest = app.find_leads(VIEWER, lead_filter, limit=2, after=page.next)
    assert [*page.items, *rest.items] == leads[::-1]
    assert rest.next is None


def test_payloads_equal_the_list(app: InMemoryApp, leads: list[Lead]) -> None:
    page = app.find_leads(VIEWER, LeadFilter(), limit=1, after=None)
    payload = app.find_leads.payload(VIEWER, LeadFilter(), limit=1, after=None)
    rest = app.find_leads.payload(VIEWER, LeadFilter(), limit=1, after=payload.next)
    assert payload.items == (lead_payload(leads[2]),)
    assert payload.next == page.next is not None
    assert rest == Page((lead_payload(leads[0]),), None)


def test_export_has_each_lead_oldest_first(app: InMemoryApp) -> None:
    for number in range(401):  # two full pages and one more
        app.receive(f"p{number % 300}@example.com")
        app.clock.advance(SECOND * (number % 3 == 0))
    assert list(app.export_leads(ADMIN)) == [lead_payload(lead) for lead in app.leads()]
    assert len(app.leads()) == 401


def test_export_applies_the_filter(app: InMemoryApp, leads: list[Lead]) -> None:
    first, _, third = leads
    assert list(app.export_leads(ADMIN, LeadFilter())) == [lead_payload(first), lead_payload(third)]


def test_export_holds_no_transaction(app: InMemoryApp, leads: list[Lead]) -> None:
    export = app.export_leads(ADMIN)
    seen = [next(export)]
    app.receive("carl@example.com")
    assert seen + list(export) == [lead_payload(lead) for lead in leads]


def test_empty_store_exports_nothing(app: InMemoryApp) -> None:
    assert list(app.export_leads(ADMIN)) == []


def test_anonymous_caller_cannot_find_leads(app: InMemoryApp, leads: list[Lead]) -> None:
    with pytest.raises(PermissionDenied):
        app.get_lead(PUBLIC, leads[0].id)
    with pytest.raises(PermissionDenied):
        app.find_leads(PUBLIC, LeadFilter(), limit=1, after=None)
    with pytest.raises(PermissionDenied):
        app.find_leads.payload(PUBLIC, LeadFilter(), limit=1, after=None)


@pytest.mark.parametrize("actor", [PUBLIC, VIEWER, AGENT], ids=lambda actor: actor.name)
def test_export_permission_is_checked_first(app: InMemoryApp, actor: Actor) -> None:
    with pytest.raises(PermissionDenied):
        app.export_leads(actor)
