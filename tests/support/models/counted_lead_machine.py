"""A state machine that changes leads in any order while weeks are sealed and rolled up.

Whatever happens, every sealed number is explained by as many leads, and statistics that use rollups are those
of counting all leads.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leadtracker.domain.errors import LeadTrackerError
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import Delays
from leadtracker.domain.model.values.timestamps import TimeRange, format_timestamp
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.support.builders import make_fields
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

emails = st.sampled_from([f"p{number}@example.com" for number in range(5)])
campaigns = st.sampled_from([None, "spring", "autumn"])
choices = st.integers(0, 1_000)
ages = st.integers(0, 30).map(lambda days: timedelta(days=days, hours=days))


class ReportedLeads(RuleBasedStateMachine):
    """Rules that change leads, and invariants of reports; subclasses choose the store."""

    def open_store(self) -> UnitOfWorkFactory | None:
        """Return the store to use, or None for the in-memory one."""
        return None

    @initialize()
    def begin(self) -> None:
        unit_of_work = self.open_store()
        replaced: dict[str, Any] = {"unit_of_work": unit_of_work} if unit_of_work else {}
        self.app = InMemoryApp(**replaced)
        self.imports: list[str] = []
        self.app.seal_weeks()

    def has_leads(self) -> bool:
        return bool(self.app.leads())

    def has_imports(self) -> bool:
        return bool(self.imports)

    def has_quarantine(self) -> bool:
        return bool(self.app.manage_quarantine.page(ADMIN, limit=1, after=None).items)

    def pick(self, choice: int) -> Lead:
        leads = self.app.leads()
        return leads[choice % len(leads)]

    def attempt(self, lead: Lead, **changes: object) -> None:
        """Change a lead; what is not allowed changes nothing."""
        try:
            self.app.update_lead(AGENT, lead.id, changes)
        except LeadTrackerError:
            return

    @rule(days=st.sampled_from([0, 1, 3, 7]), seconds=st.integers(1, 90_000))
    def advance_clock(self, days: int, seconds: int) -> None:
        self.app.clock.advance(timedelta(days=days, seconds=seconds))

    @rule(email=emails, campaign=campaigns, source=st.sampled_from([None, "ad", "fair"]))
    def capture(self, email: str, campaign: str | None, source: str | None) -> None:
        self.app.capture_lead(PUBLIC, make_fields(email, utm_campaign=campaign, source=source))

    @rule(email=emails)
    def quarantine(self, email: str) -> None:
        self.app.capture_lead(PUBLIC, make_fields(email), None, Submission(filled_honeypot=True))

    @precondition(has_quarantine)
    @rule(choice=choices)
    def release(self, choice: int) -> None:
        entries = self.app.manage_quarantine.page(ADMIN, limit=50, after=None).items
        self.app.manage_quarantine.release(ADMIN, entries[choice % len(entries)].id)

    @rule(email=emails, age=ages)
    def enter_an_earlier_call(self, email: str, age: timedelta) -> None:
        fields = make_fields(email, created_at=format_timestamp(self.app.clock.now() - age))
        try:
            self.app.capture_lead(AGENT, fields)
        except LeadTrackerError:
            return

    @rule(addresses=st.sets(emails), age=ages)
    def import_file(self, addresses: set[str], age: timedelta) -> None:
        created_at = format_timestamp(self.app.clock.now() - age)
        rows = [
            ImportRow(2, make_fields(one, created_at=created_at, state="LOST")) for one in sorted(addresses)
        ]
        running = self.app.import_leads(ADMIN, rows, file_name="people.csv")
        list(running)
        self.imports += [running.import_id] if running.import_id else []

    @precondition(has_imports)
    @rule(choice=choices)
    def undo_import(self, choice: int) -> None:
        try:
            self.app.manage_imports.undo(ADMIN, self.imports[choice % len(self.imports)])
        except LeadTrackerError:
            return

    @precondition(has_leads)
    @rule(choice=choices, state=st.sampled_from(LeadState))
    def change_state(self, choice: int, state: LeadState) -> None:
        self.attempt(self.pick(choice), state=state)

    @precondition(has_leads)
    @rule(choice=choices, email=emails, campaign=campaigns)
    def edit(self, choice: int, email: str, campaign: str | None) -> None:
        self.attempt(self.pick(choice), email=email, utm_campaign=campaign, lost_reason=campaign)

    @precondition(has_leads)
    @rule(choice=choices, other=choices)
    def link(self, choice: int, other: int) -> None:
        self.attempt(self.pick(choice), duplicate_of=self.pick(other).id)

    @precondition(has_leads)
    @rule(choice=choices, email=emails)
    def unlink(self, choice: int, email: str) -> None:
        self.attempt(self.pick(choice), duplicate_of=None, email=email)

    @precondition(has_leads)
    @rule(choice=choices, with_duplicates=st.booleans())
    def erase(self, choice: int, *, with_duplicates: bool) -> None:
        self.app.erase_lead(ADMIN, self.pick(choice).id, None, with_duplicates=with_duplicates)

    @rule()
    def seal_weeks(self) -> None:
        self.app.seal_weeks()

    @rule()
    def roll_up(self) -> None:
        list(self.app.roll_up_leads())

    @invariant()
    def sealed_numbers_are_explained(self) -> None:
        if not hasattr(self, "app"):
            return
        stored = {lead.id: lead for lead in self.app.leads()}
        for report in self.app.reports():
            week, explanation = report.week, self.app.explain_report(VIEWER, report.week.name)
            assert report.number_of_leads == len(explanation.counted)
            listed = [*explanation.counted, *explanation.excluded]
            assert max(Counter(one.id for one in listed).values(), default=1) == 1
            within = {one.id for one in stored.values() if week.start <= one.created_at < week.end}
            assert within <= {one.id for one in listed}
            assert all(one.erased is (one.id not in stored) for one in explanation.counted)
            today = sum(stored[lead_id].duplicate_of is None for lead_id in within)
            difference = explanation.difference
            assert (difference.today, difference.today - report.number_of_leads) == (today, difference.change)

    @invariant()
    def statistics_are_those_of_all_leads(self) -> None:
        if not hasattr(self, "app"):
            return
        now = self.app.clock.now()
        for time_range in (TimeRange(), TimeRange(now - timedelta(days=20), now - timedelta(days=2))):
            shown = self.app.read_statistics(VIEWER, time_range)
            with self.app.unit_of_work.snapshot() as tx:
                counts, delays = tx.statistics.counts(time_range), tx.statistics.delays(time_range)
            assert shown.counts == counts
            assert shown.time_to_contact == Delays.of_all(delays)
            assert sum(number for _, number in shown.by_week) == counts.total.captured
