"""Contract suite of ``LeadActivity``."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from leadtracker.domain.model.leads.history import Action, HistoryEntry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_lead
from tests.support.clock import MICROSECOND, NOW

LOST = LeadState.LOST
LATER = NOW + timedelta(days=1)


def lost(lead_id: str, **values: Any) -> Lead:
    return evolve(make_lead(lead_id, f"{lead_id}@example.com", NOW), state=LOST, **values)


def repeat(lead_id: str, primary: str, **values: Any) -> Lead:
    """A later lead of the same address, which is stored as a duplicate."""
    return lost(lead_id, email=EmailAddress.parse(f"{primary}@example.com"), **values)


def record(unit_of_work: UnitOfWorkFactory, lead_id: str, at: datetime, action: Action) -> None:
    entry = HistoryEntry(lead_id=lead_id, version=1, at=at, actor="user:ann", action=action)
    with unit_of_work() as tx:
        tx.history.append([entry])
        tx.commit()


def hold(unit_of_work: UnitOfWorkFactory, lead_id: str) -> None:
    with unit_of_work() as tx:
        tx.leads.set_hold(lead_id, "lawsuit")
        tx.commit()


def inactive(
    unit_of_work: UnitOfWorkFactory, before: datetime, *, limit: int = 9, after: Cursor | None = None
) -> list[tuple[str, datetime]]:
    with unit_of_work.read_only() as tx:
        found = tx.activity.inactive(LOST, before, limit=limit, after=after)
        if after is None:
            assert tx.activity.count(LOST, before, limit=limit) == len(found)
        assert [tx.activity.last(one.lead.id) for one in found] == [one.last_activity for one in found]
        assert [tx.leads.get(one.lead.id) for one in found] == [one.lead for one in found]
    return [(one.lead.id, one.last_activity) for one in found]


class LeadActivityContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_last_change_is_an_activity(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, lost("a", updated_at=LATER))
        assert inactive(unit_of_work, LATER) == []
        assert inactive(unit_of_work, LATER + MICROSECOND) == [("a", LATER)]

    def test_only_one_state_is_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        others = [state for state in LeadState if state is not LOST]
        store(unit_of_work, lost("a"), *(evolve(lost(state.lower()), state=state) for state in others))
        assert inactive(unit_of_work, LATER) == [("a", NOW)]

    @pytest.mark.parametrize("action", Action)
    def test_entries_of_the_history_are_activities_except_of_holds(
        self, unit_of_work: UnitOfWorkFactory, action: Action
    ) -> None:
        store(unit_of_work, lost("a"))
        record(unit_of_work, "a", LATER, action)
        is_activity = action not in {Action.HOLD_SET, Action.HOLD_CLEARED}
        assert inactive(unit_of_work, LATER) == ([] if is_activity else [("a", NOW)])
        last = LATER if is_activity else NOW
        assert inactive(unit_of_work, LATER + MICROSECOND) == [("a", last)]

    def test_scheduled_follow_up_is_an_activity_at_its_time(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, lost("a", follow_up_at=LATER), lost("b"))
        assert inactive(unit_of_work, LATER) == [("b", NOW)]
        assert inactive(unit_of_work, LATER + MICROSECOND) == [("a", LATER), ("b", NOW)]

    @pytest.mark.parametrize("values", [{"updated_at": LATER}, {"follow_up_at": LATER}])
    def test_activity_of_a_duplicate_counts(
        self, unit_of_work: UnitOfWorkFactory, values: dict[str, datetime]
    ) -> None:
        store(unit_of_work, lost("a"), repeat("b", "a", **values), lost("c"))
        assert inactive(unit_of_work, LATER) == [("c", NOW)]
        assert inactive(unit_of_work, LATER + MICROSECOND) == [("a", LATER), ("c", NOW)]

    def test_history_of_a_duplicate_counts(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, lost("a"), repeat("b", "a"))
        record(unit_of_work, "b", LATER, Action.NOTE_ADDED)
        assert inactive(unit_of_work, LATER) == []
        assert inactive(unit_of_work, LATER + MICROSECOND) == [("a", LATER)]

    def test_held_leads_and_persons_are_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, lost("a"), lost("b"), repeat("c", "b"), lost("d"))
        hold(unit_of_work, "a")
        hold(unit_of_work, "c")
        assert inactive(unit_of_work, LATER) == [("d", NOW)]

    def test_pages_continue_after_cursor(self, unit_of_work: UnitOfWorkFactory) -> None:
        times = [NOW, NOW, NOW + MICROSECOND, LATER]
        store(unit_of_work, *(lost(f"l{number}", updated_at=time) for number, time in enumerate(times)))
        before = LATER + MICROSECOND
        assert inactive(unit_of_work, before, limit=2) == [("l0", NOW), ("l1", NOW)]
        after = Cursor(NOW, "l1")
        assert inactive(unit_of_work, before, limit=2, after=after) == [("l2", times[2]), ("l3", LATER)]
        assert inactive(unit_of_work, before, after=Cursor(LATER, "l3")) == []

    def test_unknown_lead_has_no_activity(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            assert tx.activity.last("unknown") is None
