"""Repeat enquiries: recorded with the primary lead, and answered together by a contact with the person."""

from collections.abc import Callable

import pytest

from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import WAITING
from leadtracker.domain.use_cases.leads.answer_enquiries import MAX_ANSWERED, Contact
from tests.support.clock import NOW
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

Act = Callable[[InMemoryApp, str], object]
CONTACTS: dict[str, tuple[Act, Contact]] = {
    "contacted": (lambda app, lead: _move(app, lead, "REACHED_OUT"), Contact.STATE_CHANGE),
    "lost": (lambda app, lead: _move(app, lead, "LOST"), Contact.STATE_CHANGE),
    "follow-up": (lambda app, lead: app.record_follow_up(AGENT, lead, {}), Contact.FOLLOW_UP),
    "mail": (lambda app, lead: app.record_follow_up(AGENT, lead, {"message": "Hi"}), Contact.MAIL),
}


def _move(app: InMemoryApp, lead_id: str, state: str) -> None:
    app.update_lead(AGENT, lead_id, {"state": state})


def waiting(app: InMemoryApp) -> set[str]:
    """Return the ids of the leads that wait for an answer."""
    return {lead.id for lead in app.find_leads(VIEWER, WAITING, limit=200, after=None).items}


def test_repeat_enquiry_is_recorded_with_its_primary_lead(app: InMemoryApp) -> None:
    first, second, third = app.receive("ann@example.com", "ANN@example.com", "ann@example.com")
    assert [lead.enquiries for lead in app.leads()] == [2, 0, 0]
    _, *again = app.read_history(VIEWER, first.id)
    assert [(entry.action, entry.note) for entry in again] == [
        (Action.ENQUIRED_AGAIN, second.id),
        (Action.ENQUIRED_AGAIN, third.id),
    ]
    assert {entry.version for entry in again} == {1}
    assert waiting(app) == {first.id, second.id, third.id}


@pytest.mark.parametrize(("act", "contact"), CONTACTS.values(), ids=CONTACTS.keys())
@pytest.mark.parametrize("by", [0, 1, 2])
def test_open_enquiries_are_answered_by_any_contact(
    app: InMemoryApp, act: Act, contact: Contact, by: int
) -> None:
    *enquiries, other = app.receive(
        "ann@example.com", "ann@example.com", "ann@example.com", "bob@example.com"
    )
    act(app, enquiries[by].id)
    assert waiting(app) == {other.id}
    for lead in (one for one in enquiries if one is not enquiries[by]):
        stored = app.get_lead(VIEWER, lead.id)
        assert (stored.state, stored.contacted_at, stored.version) == (LeadState.REACHED_OUT, NOW, 2)
        last = app.read_history(VIEWER, lead.id)[-1]
        assert (last.action, last.note, last.actor) == (Action.STATE_CHANGED, contact, AGENT.name)


@pytest.mark.parametrize(
    "act", [CONTACTS[name][0] for name in ("follow-up", "mail")], ids=["follow-up", "mail"]
)
def test_next_contact_answers_later_enquiries(app: InMemoryApp, act: Act) -> None:
    [first] = app.receive("ann@example.com")
    _move(app, first.id, "REACHED_OUT")
    [again] = app.receive("ann@example.com")
    assert waiting(app) == {again.id}
    act(app, first.id)
    assert waiting(app) == set()
    assert app.get_lead(VIEWER, first.id).version == 2


@pytest.mark.parametrize("act", [act for act, _ in CONTACTS.values()], ids=CONTACTS.keys())
def test_any_number_of_enquiries_is_answered(app: InMemoryApp, act: Act) -> None:
    number = 2 * MAX_ANSWERED + 2
    first, *_ = app.receive(*["ann@example.com"] * number)
    assert len(waiting(app)) == 200, "the first page is full"
    act(app, first.id)
    assert waiting(app) == set()
    assert {lead.version for lead in app.leads() if lead.id != first.id} == {2}


@pytest.mark.parametrize("state", ["CONVERTED", "LOST"])
def test_later_transitions_are_no_contact(app: InMemoryApp, state: str) -> None:
    [first] = app.receive("ann@example.com")
    _move(app, first.id, "REACHED_OUT")
    [again] = app.receive("ann@example.com")
    _move(app, first.id, state)
    assert waiting(app) == {again.id}


def test_bulk_change_accepts_what_it_has_answered_itself(app: InMemoryApp) -> None:
    enquiries = app.receive("ann@example.com", "ann@example.com")
    versions = {lead.id: 1 for lead in enquiries}
    results = app.change_many_leads(AGENT, {"ids": list(versions), "state": "REACHED_OUT"}, versions)
    assert [getattr(result.outcome, "version", result.outcome) for result in results] == [2, 2]


def test_links_and_erasures_are_counted(app: InMemoryApp) -> None:
    ann, again, bob = app.receive("ann@example.com", "ann@example.com", "bob@example.com")
    linked = app.update_lead(AGENT, ann.id, {"duplicate_of": bob.id})
    assert linked.enquiries == 0
    assert {lead.id: lead.enquiries for lead in app.leads()} == {ann.id: 0, again.id: 0, bob.id: 2}
    app.update_lead(AGENT, ann.id, {"duplicate_of": None})
    app.erase_lead(ADMIN, again.id)
    assert {lead.id: lead.enquiries for lead in app.leads()} == {ann.id: 0, bob.id: 0}


def test_weekly_number_ignores_repeat_enquiries(app: InMemoryApp) -> None:
    app.receive("ann@example.com", "ann@example.com", "bob@example.com")
    with app.unit_of_work.read_only() as tx:
        assert tx.leads.count_for_report(NOW, NOW.replace(year=2027)) == 2
