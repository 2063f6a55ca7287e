"""Contract suite of ``FileStore``: resumes in an object storage, and keys without a resume."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest

from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.model.leads.lead_file import FileObject, StoredFile
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_lead, make_resume
from tests.support.clock import MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

LATER = NOW + timedelta(hours=1)
ROUNDS = 10
FILE = make_resume()


def reserve(unit_of_work: UnitOfWorkFactory, *keys: str) -> None:
    """Reserve keys that expire in an hour, and commit."""
    with unit_of_work() as tx:
        for key in keys:
            tx.files.reserve(key, LATER)
        tx.commit()


def put(unit_of_work: UnitOfWorkFactory, stored: StoredFile | str, lead_id: str = "lead-1") -> str | None:
    """Store a resume, optionally with a key, and commit; return the key that was freed."""
    with unit_of_work() as tx:
        freed = tx.files.put(
            lead_id, FileObject(FILE.metadata, stored) if isinstance(stored, str) else stored
        )
        tx.commit()
    return freed


def get(unit_of_work: UnitOfWorkFactory, lead_id: str = "lead-1") -> StoredFile | None:
    """Return the committed resume of a lead."""
    with unit_of_work.read_only() as tx:
        return tx.files.get(lead_id)


def mark_for_deletion(unit_of_work: UnitOfWorkFactory, key: str) -> bool:
    """Mark a key for deletion and commit."""
    with unit_of_work() as tx:
        is_marked = tx.files.mark_for_deletion(key)
        tx.commit()
    return is_marked


def marked_for_deletion(unit_of_work: UnitOfWorkFactory, limit: int = 100) -> list[str]:
    """Return the keys that are marked for deletion, sorted."""
    with unit_of_work.read_only() as tx:
        return sorted(tx.files.marked_for_deletion(limit))


def unreferenced(unit_of_work: UnitOfWorkFactory, *keys: str) -> list[str]:
    """Return those of the keys that are unreferenced."""
    with unit_of_work.read_only() as tx:
        return [key for key in keys if tx.files.is_unreferenced(key)]


class ResumeObjectsContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture(autouse=True)
    def _leads(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead())
        store(unit_of_work, make_lead("lead-2", "bob@example.com"))

    def test_reserved_key_can_be_used(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a", "b")
        assert unreferenced(unit_of_work, "a", "b", "c") == ["a", "b"]
        assert put(unit_of_work, "a") is None
        assert get(unit_of_work) == FileObject(FILE.metadata, "a")
        assert unreferenced(unit_of_work, "a", "b") == ["b"]
        assert marked_for_deletion(unit_of_work) == []

    def test_key_is_usable_once_after_reservation(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a")
        put(unit_of_work, "a")
        for key in ("a", "b"):
            with pytest.raises(ResumeStorageUnavailable):
                put(unit_of_work, key, "lead-2")
        assert get(unit_of_work, "lead-2") is None

    def test_key_marked_for_deletion_is_unusable(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a")
        assert mark_for_deletion(unit_of_work, "a")
        with pytest.raises(ResumeStorageUnavailable):
            put(unit_of_work, "a")
        assert get(unit_of_work) is None
        assert marked_for_deletion(unit_of_work) == unreferenced(unit_of_work, "a") == ["a"]

    def test_used_key_cannot_be_marked(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a")
        put(unit_of_work, "a")
        assert not mark_for_deletion(unit_of_work, "a")
        assert not mark_for_deletion(unit_of_work, "unknown")
        assert marked_for_deletion(unit_of_work) == []

    def test_replacing_object_marks_its_key(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a", "b")
        assert put(unit_of_work, FILE) is None
        assert put(unit_of_work, "a") is None
        assert put(unit_of_work, "b") == "a"
        assert put(unit_of_work, FILE) == "b"
        assert get(unit_of_work) == FILE
        assert marked_for_deletion(unit_of_work) == ["a", "b"]

    def test_removing_resume_marks_its_key(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a")
        put(unit_of_work, "a")
        put(unit_of_work, FILE, "lead-2")
        with unit_of_work() as tx:
            freed = [tx.files.remove_all(lead_id) for lead_id in ("lead-1", "lead-1", "lead-2", "unknown")]
            tx.commit()
        assert freed == [["a"], [], [], []]
        assert get(unit_of_work) is None
        assert marked_for_deletion(unit_of_work) == ["a"]

    def test_uncommitted_key_changes_are_undone(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a", "b")
        put(unit_of_work, "a")
        with unit_of_work() as tx:
            assert tx.files.put("lead-1", FileObject(FILE.metadata, "b")) == "a"
        assert get(unit_of_work) == FileObject(FILE.metadata, "a")
        assert unreferenced(unit_of_work, "a", "b") == ["b"]

    def test_only_expired_keys_are_marked(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a", "taken")
        put(unit_of_work, "taken")
        for now, number in ((LATER - MICROSECOND, 0), (LATER, 1), (LATER, 0)):
            with unit_of_work() as tx:
                assert tx.files.mark_expired_for_deletion(now) == number
                tx.commit()
        assert marked_for_deletion(unit_of_work) == ["a"]

    def test_only_marked_reservations_are_deleted(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a", "b", "c")
        mark_for_deletion(unit_of_work, "a")
        mark_for_deletion(unit_of_work, "b")
        with unit_of_work() as tx:
            for key in ("a", "a", "c", "unknown"):
                tx.files.delete_reservation(key)
            tx.commit()
        assert unreferenced(unit_of_work, "a", "b", "c") == ["b", "c"]

    def test_marked_keys_come_in_pages(self, unit_of_work: UnitOfWorkFactory) -> None:
        keys = [f"key {number}" for number in range(5)]
        reserve(unit_of_work, *keys)
        for key in keys:
            mark_for_deletion(unit_of_work, key)
        assert len(marked_for_deletion(unit_of_work, limit=3)) == 3
        assert marked_for_deletion(unit_of_work, limit=9) == keys

    def test_reader_changes_no_key(self, unit_of_work: UnitOfWorkFactory) -> None:
        reserve(unit_of_work, "a")
        with unit_of_work.read_only() as tx:
            for change in (
                lambda: tx.files.reserve("b", LATER),
                lambda: tx.files.mark_for_deletion("a"),
                lambda: tx.files.mark_expired_for_deletion(LATER),
                lambda: tx.files.delete_reservation("a"),
            ):
                with pytest.raises(RuntimeError, match="read-only"):
                    change()

    def test_concurrent_use_and_mark_has_one_winner(self, unit_of_work: UnitOfWorkFactory) -> None:
        def take(key: str) -> bool:
            try:
                put(unit_of_work, key)
            except ResumeStorageUnavailable:
                return False
            return True

        def call(acts: Sequence[Callable[[], bool]], number: int) -> bool:
            return acts[number]()

        for number in range(ROUNDS):
            key = f"key {number}"
            reserve(unit_of_work, key)
            acts = (partial(take, key), partial(mark_for_deletion, unit_of_work, key))
            assert sorted(run_in_threads(2, partial(call, acts))) == [False, True]
            taken = get(unit_of_work)
            is_taken = isinstance(taken, FileObject) and taken.key == key
            assert is_taken != (key in unreferenced(unit_of_work, key))
