"""A state machine that performs every action of users on leads, in any order, and compares a model."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from leadtracker.domain.errors import LeadTrackerError, VersionConflict
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import WAITING, Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_fields
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp
from tests.support.models.lead_comparison import expected_error, expected_fields, has_words, stored_fields
from tests.support.models.lead_model import LeadModel, ModelLead

emails = st.sampled_from(["ann@example.com", "bob@example.com", "carl@example.com", "dora@example.com"])


messages = st.sampled_from(["divorce please", "a Contract", "divorcé, contract", "nothing"])


queries = st.sampled_from(["div", "contract divorce", "ANN", "example nothing", "zzz", "!!", "lee bob"])


states = st.sampled_from(LeadState)


choices = st.integers(0, 1_000)


LISTENER = WebhookEndpoint("https://listener.example/")


STEPS = 30
"""The number of actions of a run, which is enough for leads to meet."""


class LeadManagement(RuleBasedStateMachine):
    """Rules and invariants of lead management; subclasses choose the store."""

    def open_store(self) -> UnitOfWorkFactory | None:
        """Return the store to use, or None for the in-memory one."""
        return None

    @initialize()
    def begin(self) -> None:
        unit_of_work = self.open_store()
        replaced: dict[str, Any] = {"unit_of_work": unit_of_work} if unit_of_work else {}
        self.app = InMemoryApp(endpoints=(LISTENER,), **replaced)
        self.model = LeadModel()
        self.received: dict[str, dict[str, Any]] = {}

    def has_leads(self) -> bool:
        return bool(self.model.leads)

    def pick(self, choice: int) -> str:
        """Return the id of an existing lead."""
        lead_ids = list(self.model.leads)
        return lead_ids[choice % len(lead_ids)]

    def expect(self, act: Callable[[], object], expected: Callable[[], object]) -> None:
        """Check that both succeed, or that both fail with the same error code."""
        reason = expected_error(expected)
        if reason is None:
            act()
            return
        with pytest.raises(LeadTrackerError) as raised:
            act()
        assert raised.value.code == reason

    @rule(seconds=st.sampled_from([0, 1, 60, 86_400]))
    def advance_clock(self, seconds: int) -> None:
        self.app.clock.advance(timedelta(seconds=seconds, microseconds=1))

    @rule(email=emails, message=messages, is_public=st.booleans())
    def capture_lead_from_caller(self, email: str, message: str, *, is_public: bool) -> None:
        fields = make_fields(email, message=message)
        expected = ModelLead("?", email, message, self.app.clock.now())

        def act() -> None:
            captured = self.app.capture_lead(PUBLIC if is_public else AGENT, fields).lead
            expected.id = captured.id
            self.model.leads[captured.id] = self.model.leads.pop("?")

        self.expect(act, lambda: self.model.capture(expected, is_public=is_public))

    @precondition(has_leads)
    @rule(choice=choices, email=emails, message=messages)
    def edit_lead(self, choice: int, email: str, message: str) -> None:
        lead_id = self.pick(choice)
        self.expect(
            lambda: self.app.update_lead(AGENT, lead_id, {"email": email, "message": message}),
            lambda: self.model.edit(lead_id, email, message),
        )

    @precondition(has_leads)
    @rule(choice=choices, message=messages, age=st.integers(1, 3))
    def edit_outdated_version(self, choice: int, message: str, age: int) -> None:
        lead_id = self.pick(choice)
        version = self.model.leads[lead_id].version
        with pytest.raises(VersionConflict) as raised:
            self.app.update_lead(AGENT, lead_id, {"message": message}, {version - age})
        assert raised.value.version == version

    @precondition(has_leads)
    @rule(choice=choices, state=states)
    def a_user_changes_the_state(self, choice: int, state: LeadState) -> None:
        lead_id, now = self.pick(choice), self.app.clock.now()
        self.expect(
            lambda: self.app.update_lead(AGENT, lead_id, {"state": state}),
            lambda: self.model.change_state(lead_id, state, now),
        )

    @precondition(has_leads)
    @rule(choice=choices, other=choices)
    def link_lead(self, choice: int, other: int) -> None:
        lead_id, primary = self.pick(choice), self.pick(other)
        self.expect(
            lambda: self.app.update_lead(AGENT, lead_id, {"duplicate_of": primary}),
            lambda: self.model.link(lead_id, primary),
        )

    @precondition(has_leads)
    @rule(choice=choices)
    def unlink_lead(self, choice: int) -> None:
        lead_id = self.pick(choice)
        self.expect(
            lambda: self.app.update_lead(AGENT, lead_id, {"duplicate_of": None}),
            lambda: self.model.unlink(lead_id),
        )

    @precondition(has_leads)
    @rule(choice=choices, days=st.sampled_from([None, -1, 0, 1]))
    def record_follow_up_for_lead(self, choice: int, days: int | None) -> None:
        lead_id = self.pick(choice)
        due_at = None if days is None else self.app.clock.now() + timedelta(days=days)
        fields = {} if due_at is None else {"due_at": due_at.isoformat()}
        self.app.record_follow_up(AGENT, lead_id, fields)
        self.model.follow_up(lead_id, due_at, self.app.clock.now())

    @precondition(has_leads)
    @rule(choice=choices)
    def add_note_to_lead(self, choice: int) -> None:
        lead_id = self.pick(choice)
        self.app.add_note(AGENT, lead_id, {"note": "called"})
        self.model.note(lead_id)

    @precondition(has_leads)
    @rule(choice=choices, content=st.sampled_from([b"can sew", b"can knit"]))
    def replace_resume(self, choice: int, content: bytes) -> None:
        lead_id = self.pick(choice)
        self.app.put_resume(AGENT, lead_id, Upload("cv.txt", content))
        self.model.put_resume(lead_id, content)

    @precondition(has_leads)
    @rule(choice=choices, with_duplicates=st.booleans())
    def erase_one_lead(self, choice: int, *, with_duplicates: bool) -> None:
        lead_id = self.pick(choice)
        self.app.erase_lead(ADMIN, lead_id, with_duplicates=with_duplicates)
        self.model.erase(lead_id, with_duplicates=with_duplicates)

    @rule(query=queries, kind=st.sampled_from(Duplicates), state_filter=st.none() | states)
    def search_leads(self, query: str, kind: Duplicates, state_filter: LeadState | None) -> None:
        requested = LeadFilter(
            search=Search.parse(query),
            duplicates=kind,
            states=frozenset({state_filter} if state_filter else ()),
        )
        page = self.app.find_leads(VIEWER, requested, limit=200, after=None)

        def is_listed(lead: ModelLead) -> bool:
            shown = {Duplicates.INCLUDE, Duplicates.EXCLUDE if lead.primary is None else Duplicates.ONLY}
            is_open = lead.primary is None or lead.state == "PENDING"
            return kind in (shown | {Duplicates.OPEN} if is_open else shown)

        assert {lead.id for lead in page.items} == {
            lead.id
            for lead in self.model.leads.values()
            if has_words(lead, query) and is_listed(lead) and state_filter in {None, lead.state}
        }

    @rule(sort=st.sampled_from(Sort), limit=st.sampled_from([1, 2, 200]))
    def page_through_all_leads(self, sort: Sort, limit: int) -> None:
        after, seen = None, list[str]()
        while True:
            requested = LeadFilter(duplicates=Duplicates.INCLUDE)
            page = self.app.find_leads(VIEWER, requested, limit=limit, after=after, sort=sort)
            seen += [lead.id for lead in page.items]
            after = page.next
            if after is None:
                break
        assert len(seen) == len(self.model.leads)
        assert set(seen) == set(self.model.leads)

    @invariant()
    def leads_match_the_model(self) -> None:
        if hasattr(self, "model"):
            stored = {lead.id: stored_fields(lead) for lead in self.app.leads()}
            assert stored == {lead.id: expected_fields(lead) for lead in self.model.leads.values()}
            enquiries = {lead.id: lead.enquiries for lead in self.app.leads()}
            assert enquiries == {lead_id: len(self.model.duplicates_of(lead_id)) for lead_id in stored}

    @invariant()
    def waiting_leads_are_listed(self) -> None:
        if hasattr(self, "model"):
            page = self.app.find_leads(VIEWER, WAITING, limit=200, after=None)
            pending = {lead.id for lead in self.model.leads.values() if lead.state == "PENDING"}
            assert {lead.id for lead in page.items} == pending

    @invariant()
    def resumes_match_the_model(self) -> None:
        if hasattr(self, "model"):
            for lead in self.app.leads():
                file = self.app.load_file(lead.id)
                assert (file and file.content) == self.model.leads[lead.id].resume
                assert (file and file.metadata) == lead.resume

    @invariant()
    def events_reproduce_the_leads(self) -> None:
        if not hasattr(self, "model"):
            return
        list(self.app.deliver_notifications.events(LISTENER))
        arrived = self.app.webhook_sender.arrived
        for event in (orjson.loads(event.body) for _, event in arrived):
            self._apply(event)
        arrived.clear()
        # A repeat enquiry is an event of its duplicate, and makes no new version of the primary lead.
        stored = {lead.id: lead_payload(lead) for lead in self.app.leads()}
        for payload in (*self.received.values(), *stored.values()):
            for name in ("enquiries", "last_touch"):
                payload.pop(name, None)
        assert self.received == stored

    def _apply(self, event: dict[str, Any]) -> None:
        data = event["data"]
        known = self.received.get(data["id"])
        if event["type"] == DeliveryKind.LEAD_ERASED:
            assert data == {"id": data["id"]}
            del self.received[data["id"]]
        elif known is None or known["version"] <= data["version"]:
            for change in data.pop("changes", []):
                assert change["from"] != change["to"] == data[change["field"]]
            self.received[data["id"]] = data

    @invariant()
    def histories_match_the_model(self) -> None:
        if not hasattr(self, "model"):
            return
        for lead in self.model.leads.values():
            entries = self.app.read_history(VIEWER, lead.id)
            assert [entry.action for entry in entries] == lead.history
            assert {entry.version for entry in entries} == set(range(1, lead.version + 1))
        for lead_id, history in self.model.erased.items():
            entries = self.app.read_history(VIEWER, lead_id)
            assert [entry.action for entry in entries] == history
            assert not any(entry.note for entry in entries)
            versions = {entry.version for entry in entries}
            assert versions == set(range(1, len(versions) + 1))

    @invariant()
    def the_numbers_are_those_of_primary_leads(self) -> None:
        if hasattr(self, "model"):
            primary_leads = [lead for lead in self.model.leads.values() if lead.primary is None]
            with self.app.unit_of_work.read_only() as tx:
                counted = tx.statistics.counts(TimeRange()).by_state
            expected = [lead.state for lead in primary_leads]
            assert {state: number for state, number in counted.items() if number} == {
                state: expected.count(state) for state in set(expected)
            }
