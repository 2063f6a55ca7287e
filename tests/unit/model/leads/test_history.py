"""The history of a lead: its entries for a change, and their redaction by an erasure."""

from attrs import evolve

from leadtracker.domain.model.accounts.access import Actor, Role
from leadtracker.domain.model.leads.history import Action, Change, entries_between, entry
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.builders import make_lead
from tests.support.clock import DAY, NOW

ANN = Actor("user:ann", Role.AGENT, request_id="request-1")
LEAD = make_lead(phone="+15551234567")


def test_each_change_kind_has_an_entry() -> None:
    after = evolve(
        LEAD,
        first_name="Anna",
        email=EmailAddress.parse("Anna@example.com"),
        phone=None,
        state=LeadState.LOST,
        duplicate_of="first",
    ).changed(NOW + DAY)
    edited, state_change, linked = entries_between(LEAD, after, ANN)
    assert edited.changes == (
        Change("first_name", "Ann", "Anna"),
        Change("email", "ann@example.com", "Anna@example.com"),
        Change("phone", "+15551234567", None),
    )
    assert (state_change.action, state_change.changes) == (
        Action.STATE_CHANGED,
        (Change("state", "PENDING", "LOST"),),
    )
    assert linked.changes == (Change("duplicate_of", None, "first"),)
    for one in (edited, state_change, linked):
        assert (one.version, one.at, one.actor, one.request_id) == (2, NOW + DAY, "user:ann", "request-1")


def test_unlinking_has_its_own_action() -> None:
    linked = evolve(LEAD, duplicate_of="first")
    [unlinked] = entries_between(linked, evolve(linked, duplicate_of=None).changed(NOW), ANN)
    assert unlinked.action is Action.DUPLICATE_UNLINKED


def test_equal_values_are_not_recorded() -> None:
    assert list(entries_between(LEAD, LEAD.changed(NOW), ANN)) == []


def test_erasure_keeps_states_only() -> None:
    changes = (Change("email", "a@x.example", "b@x.example"), Change("state", "PENDING", "LOST"))
    edited = evolve(entry(LEAD, ANN, Action.EDITED, NOW), changes=changes, note="She said …")
    kept = (Change("state", "PENDING", "LOST"),)
    assert edited.redacted() == evolve(edited, changes=kept, note=None, request_id=None)
