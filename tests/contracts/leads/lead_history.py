"""Contract suite of ``LeadHistory``."""

from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.model.leads.history import Action, Change, HistoryEntry
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_entry, make_lead
from tests.support.clock import EARLIEST, LATEST, MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

THREADS = 8
MANY = 20  # more than are written one by one
EDITED = make_entry(
    changes=(
        Change("first_name", "Zoë 🦊", 'O\'Neil; "DROP" \\ %'),
        Change("message", None, "Hello,\r\nworld\t\u2028"),
        Change("phone", "+15551234567", None),
        Change("state", "PENDING", "LOST"),
    ),
    note='said "no"\n',
    version=2**31 - 1,
    corrects=2**31 - 1,
    request_id="req-1",
)


def append(unit_of_work: UnitOfWorkFactory, *entries: HistoryEntry) -> list[HistoryEntry]:
    """Append entries and commit."""
    with unit_of_work() as tx:
        tx.history.append(entries)
        tx.commit()
    return list(entries)


def redact(unit_of_work: UnitOfWorkFactory, lead_id: str) -> None:
    """Redact a history and commit."""
    with unit_of_work() as tx:
        tx.history.redact(lead_id)
        tx.commit()


def history(unit_of_work: UnitOfWorkFactory, lead_id: str = "lead-1") -> list[HistoryEntry]:
    """Return the committed history of a lead."""
    with unit_of_work.read_only() as tx:
        return tx.history.of(lead_id)


class LeadHistoryContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.mark.parametrize(
        "entry",
        [
            pytest.param(make_entry(action=Action.CREATED), id="least"),
            pytest.param(EDITED, id="most"),
            pytest.param(make_entry(at=EARLIEST), id="earliest"),
            pytest.param(make_entry(at=LATEST), id="latest"),
            *(pytest.param(make_entry(action=action), id=action) for action in Action),
        ],
    )
    def test_history_entry_round_trips(self, unit_of_work: UnitOfWorkFactory, entry: HistoryEntry) -> None:
        append(unit_of_work, entry)
        assert history(unit_of_work) == [entry]

    def test_new_lead_has_no_history(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work, make_entry("another"))
        assert history(unit_of_work) == []

    def test_entries_keep_their_order(self, unit_of_work: UnitOfWorkFactory) -> None:
        later, earlier, same = (
            make_entry(at=NOW + MICROSECOND, version=3),
            make_entry(at=NOW - timedelta(days=1), version=2),
            make_entry(at=NOW - timedelta(days=1), version=2, note="again"),
        )
        append(unit_of_work, later, make_entry("another"), earlier)
        append(unit_of_work, make_entry("another"))
        append(unit_of_work, same, later)
        kept = history(unit_of_work)
        assert kept == [later, earlier, same, later]
        assert [entry.number for entry in kept] == [1, 2, 3, 4]

    def test_appending_nothing_is_allowed(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work)
        assert history(unit_of_work) == []

    def test_history_outlives_its_lead(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead())
        append(unit_of_work, EDITED)
        with unit_of_work() as tx:
            tx.leads.erase("lead-1")
            tx.history.append([make_entry(action=Action.ERASED)])
            tx.commit()
        assert history(unit_of_work) == [EDITED, make_entry(action=Action.ERASED)]

    def test_redacting_keeps_the_entries_without_data(self, unit_of_work: UnitOfWorkFactory) -> None:
        noted = make_entry(action=Action.NOTE_ADDED, note="called")
        state_changed = make_entry(changes=(Change("state", "PENDING", "LOST"),), request_id="req-2")
        entries = append(unit_of_work, EDITED, noted, state_changed)
        redact(unit_of_work, "lead-1")
        assert history(unit_of_work) == [entry.redacted() for entry in entries]
        assert history(unit_of_work)[0].changes == (Change("state", "PENDING", "LOST"),)

    def test_redacting_leaves_the_history_of_others_alone(self, unit_of_work: UnitOfWorkFactory) -> None:
        other = make_entry("another", note="called")
        append(unit_of_work, EDITED, other)
        redact(unit_of_work, "lead-1")
        redact(unit_of_work, "unknown")
        assert history(unit_of_work, "another") == [other]

    def test_what_is_added_after_redacting_stays(self, unit_of_work: UnitOfWorkFactory) -> None:
        append(unit_of_work, EDITED)
        redact(unit_of_work, "lead-1")
        append(unit_of_work, EDITED)
        assert history(unit_of_work) == [EDITED.redacted(), EDITED]

    def test_entry_of_a_duplicate_is_appended_to_its_primary_lead(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        [primary] = store(unit_of_work, make_lead("first"))
        append(unit_of_work, make_entry("first", Action.CREATED))
        with unit_of_work() as tx:
            tx.leads.save(evolve(primary, source="ad").changed(NOW))
            tx.commit()
        enquired_again = make_entry("again", Action.ENQUIRED_AGAIN, note="again", request_id="req-3")
        with unit_of_work() as tx:
            tx.leads.add_or_mark_duplicate(make_lead("again"))
            tx.history.append([make_entry("again", Action.CREATED)])
            tx.history.append_to_primary(enquired_again)
            tx.commit()
        assert history(unit_of_work, "first")[1:] == [evolve(enquired_again, lead_id="first", version=2)]
        assert history(unit_of_work, "again") == [make_entry("again", Action.CREATED)]

    def test_entry_of_a_primary_lead_is_not_appended(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.leads.add_or_mark_duplicate(make_lead())
            tx.history.append_to_primary(make_entry(action=Action.ENQUIRED_AGAIN))
            tx.commit()
        assert history(unit_of_work) == []

    def test_many_entries_at_once_are_all_kept(self, unit_of_work: UnitOfWorkFactory) -> None:
        def append_many(writer: int) -> None:
            entries = [make_entry(note=f"{writer} {number}") for number in range(MANY)]
            with unit_of_work() as tx:
                tx.history.append(entries)
                assert set(entries) <= set(tx.history.of("lead-1"))
                tx.commit()

        run_in_threads(THREADS, append_many)
        stored = history(unit_of_work)
        assert [one.number for one in stored] == list(range(1, THREADS * MANY + 1))
        assert len({one.note for one in stored}) == THREADS * MANY

    def test_concurrent_enquiries_are_all_kept(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead("first"))

        def enquire(number: int) -> None:
            lead = make_lead(f"again-{number}")
            with unit_of_work() as tx:
                tx.leads.add_or_mark_duplicate(lead)
                tx.history.append([make_entry(lead.id, Action.CREATED)])
                tx.history.append_to_primary(make_entry(lead.id, Action.ENQUIRED_AGAIN, note=lead.id))
                tx.commit()

        run_in_threads(THREADS, enquire)
        notes = {entry.note for entry in history(unit_of_work, "first")}
        assert notes == {f"again-{number}" for number in range(THREADS)}

    def test_concurrent_appends_are_kept(self, unit_of_work: UnitOfWorkFactory) -> None:
        def add(number: int) -> list[HistoryEntry]:
            entries = [make_entry(actor=f"user:{number}", version=version) for version in range(3)]
            return append(unit_of_work, *entries)

        added = run_in_threads(THREADS, add)
        kept = history(unit_of_work)
        assert len(kept) == 3 * THREADS
        for entries in added:
            assert [entry for entry in kept if entry.actor == entries[0].actor] == entries
