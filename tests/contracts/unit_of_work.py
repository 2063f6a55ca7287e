"""Contract suite of ``UnitOfWork`` and ``UnitOfWorkFactory``."""

from collections.abc import Callable

import pytest
from attrs import evolve

from leadtracker.domain.errors import NotFound
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tests.support.builders import (
    make_api_key,
    make_entry,
    make_follow_up,
    make_lead,
    make_report,
    make_user,
)
from tests.support.clock import NOW

Read = Callable[[UnitOfWork, str], object]
Write = Callable[[UnitOfWork], object]

WRITES: dict[str, Write] = {
    "add a lead": lambda tx: tx.leads.add(make_lead()),
    "link a lead": lambda tx: tx.leads.add_or_mark_duplicate(make_lead("linked")),
    "add a report": lambda tx: tx.ledger.add(make_report("2026-W47")),
    "claim a report": lambda tx: tx.ledger.replace(make_report().claim(NOW), epoch=0),
    "add a user": lambda tx: tx.users.add(make_user("bob")),
    "disable a user": lambda tx: tx.users.save(make_user("ann", disabled_at=NOW)),
    "add an API key": lambda tx: tx.api_keys.add(make_api_key("form")),
    "revoke an API key": lambda tx: tx.api_keys.save(make_api_key("shop", revoked_at=NOW)),
    "save a lead": lambda tx: tx.leads.save(make_lead("kept", "kept@example.com", version=2, source="ad")),
    "erase a lead": lambda tx: tx.leads.erase("erased"),
    "add to a history": lambda tx: tx.history.append([make_entry("kept", Action.NOTE_ADDED, note="called")]),
    "redact a history": lambda tx: tx.history.redact("redacted"),
    "plan a follow-up": lambda tx: tx.follow_ups.save(make_follow_up("planned", "kept")),
    "change a follow-up": lambda tx: tx.follow_ups.save(make_follow_up("open", "open", done_at=NOW)),
    "remove a follow-up": lambda tx: tx.follow_ups.remove("done"),
    "erase follow-ups": lambda tx: tx.follow_ups.erase("followed"),
    "heartbeat": lambda tx: tx.heartbeat.save(SchedulerHeartbeat(last_heartbeat_at=NOW)),
}
every_write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())


READS: dict[str, Read] = {
    "a lead": lambda tx, text: tx.leads.get(text),
    "leads by address": lambda tx, text: tx.leads.page(LeadFilter(email_key=text), limit=9).items,
    "leads by source": lambda tx, text: tx.leads.page(LeadFilter(source=text), limit=9).items,
    "the primary lead of an address": lambda tx, text: tx.leads.find_primary(text),
    "duplicates of a lead": lambda tx, text: tx.leads.page(LeadFilter(duplicate_of=text), limit=9).items,
    "a history": lambda tx, text: tx.history.of(text),
    "follow-ups": lambda tx, text: tx.follow_ups.of(text),
    "the open follow-up": lambda tx, text: tx.follow_ups.find_open(text),
    "a report": lambda tx, text: tx.ledger.get(text),
    "a user": lambda tx, text: tx.users.get(text),
    "an API key": lambda tx, text: tx.api_keys.get(text),
    "an API key by digest": lambda tx, text: tx.api_keys.find_by_digest(text),
}


EVERYTHING = LeadFilter(duplicates=Duplicates.INCLUDE)
LEADS = ("kept", "erased", "redacted", "open", "followed")


class Accident(Exception):
    """An error in the middle of a unit of work."""


def look(tx: UnitOfWork) -> object:
    """Return everything that a unit of work reads, for comparison."""
    leads = tx.leads.page(EVERYTHING, limit=100)
    found = tx.leads.page(evolve(EVERYTHING, search=Search.parse("example")), limit=100)
    about_leads = [(tx.history.of(name), tx.follow_ups.of(name)) for name in LEADS]
    follow_ups = tx.follow_ups.open_page(TimeRange(), limit=100), tx.follow_ups.done_page(limit=100)
    counts = tx.statistics.counts(TimeRange()), tx.statistics.by_source(TimeRange())
    others = tx.ledger.all(), tx.users.all(), tx.api_keys.all(), tx.heartbeat.read()
    return leads, found, about_leads, follow_ups, counts, others


class UnitOfWorkContract:
    """Requires the fixtures ``unit_of_work`` and ``another_unit_of_work``.

    Both are factories on one empty store; the second shares no more with the first than another
    process would.
    """

    @pytest.fixture(autouse=True)
    def before(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            for name in LEADS:
                tx.leads.add(make_lead(name, f"{name}@example.com"))
            tx.history.append([make_entry("redacted", note="called")])
            for follow_up in (
                make_follow_up("open", "open"),
                make_follow_up("done", "open", done_at=NOW),
                make_follow_up("followed", "followed"),
            ):
                tx.follow_ups.save(follow_up)
            tx.ledger.add(make_report())
            tx.users.add(make_user("ann"))
            tx.api_keys.add(make_api_key("shop"))
            tx.commit()

    @every_write
    def test_committed_changes_are_visible(
        self,
        unit_of_work: UnitOfWorkFactory,
        another_unit_of_work: UnitOfWorkFactory,
        write: Write,
    ) -> None:
        before = look_through(another_unit_of_work)
        with unit_of_work() as tx:
            write(tx)
            seen = look(tx)
            tx.commit()
        assert look_through(another_unit_of_work) == seen != before

    @every_write
    def test_uncommitted_changes_are_discarded(self, unit_of_work: UnitOfWorkFactory, write: Write) -> None:
        before = look_through(unit_of_work)
        with unit_of_work() as tx:
            write(tx)
            assert look(tx) != before
        assert look_through(unit_of_work) == before

    @every_write
    def test_exception_rolls_back_and_propagates(self, unit_of_work: UnitOfWorkFactory, write: Write) -> None:
        before = look_through(unit_of_work)
        with pytest.raises(Accident), unit_of_work() as tx:
            write(tx)
            raise Accident
        assert look_through(unit_of_work) == before

    @every_write
    def test_read_only_transaction_cannot_write(self, unit_of_work: UnitOfWorkFactory, write: Write) -> None:
        before = look_through(unit_of_work)
        with unit_of_work.read_only() as tx:
            with pytest.raises(RuntimeError):
                write(tx)
            assert look(tx) == before
        assert look_through(unit_of_work) == before

    @pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=["NUL", "lone surrogate"])
    @pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
    def test_unstorable_text_is_not_found(
        self, unit_of_work: UnitOfWorkFactory, read: Read, text: str
    ) -> None:
        with unit_of_work.read_only() as tx:
            assert not finds(read, tx, text)
        with unit_of_work() as tx:
            tx.leads.add(make_lead())
            assert not finds(read, tx, text)
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.leads.get("lead-1") == make_lead()

    def test_readers_see_only_committed_data(
        self, unit_of_work: UnitOfWorkFactory, another_unit_of_work: UnitOfWorkFactory
    ) -> None:
        before = look_through(unit_of_work)
        with unit_of_work() as tx:
            for write in WRITES.values():
                write(tx)
            assert look_through(another_unit_of_work) == before

    def test_snapshot_is_consistent(
        self, unit_of_work: UnitOfWorkFactory, another_unit_of_work: UnitOfWorkFactory
    ) -> None:
        before = look_through(unit_of_work)
        with unit_of_work.snapshot() as tx:
            assert look(tx) == before
            with another_unit_of_work() as writer:
                for write in WRITES.values():
                    write(writer)
                writer.commit()
            assert look(tx) == before
        assert look_through(unit_of_work) != before

    def test_snapshot_cannot_write(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.snapshot() as tx, pytest.raises(RuntimeError):
            tx.leads.add(make_lead())

    def test_writer_does_not_wait_for_readers(
        self, unit_of_work: UnitOfWorkFactory, another_unit_of_work: UnitOfWorkFactory
    ) -> None:
        with another_unit_of_work.read_only() as reader:
            look(reader)
            with unit_of_work() as tx:
                tx.leads.add(make_lead())
                tx.commit()
        with another_unit_of_work.read_only() as reader:
            assert reader.leads.get("lead-1") == make_lead()

    def test_failed_transaction_does_not_block_the_next(self, unit_of_work: UnitOfWorkFactory) -> None:
        with pytest.raises(Accident), unit_of_work():
            raise Accident
        with unit_of_work() as tx:
            tx.leads.add(make_lead())
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.leads.get("lead-1") == make_lead()


def look_through(unit_of_work: UnitOfWorkFactory) -> object:
    """Return everything that is committed, for comparison."""
    with unit_of_work.read_only() as tx:
        return look(tx)


def finds(read: Read, tx: UnitOfWork, text: str) -> bool:
    """Return whether any stored record contains the text."""
    try:
        return bool(read(tx, text))
    except NotFound:
        return False
