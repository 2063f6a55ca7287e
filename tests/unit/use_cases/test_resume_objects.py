"""Resumes in an object storage: there before their lead, gone after it, and never in anybody's way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import (
    DuplicateLead,
    LeadNotFound,
    ResumeMissing,
    ResumeStorageUnavailable,
    StorageUnavailable,
    VersionConflict,
)
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.intake.resume import ResumeFile, Upload
from leadtracker.domain.use_cases.resumes.resume_storage import RESERVATION_LIFETIME
from tests.support.builders import make_fields, make_resume
from tests.support.clock import MICROSECOND
from tests.support.files import PDF
from tests.support.in_memory_app import ADMIN, AGENT, VIEWER, Installation
from tests.support.memory.object_store import MemoryObjectStore
from tests.support.memory.store import MemoryStore
from tests.support.memory.unit_of_work import MemoryUnitOfWork, MemoryUnitOfWorkFactory

CV = Upload("cv.pdf", PDF)
OTHER = Upload("other.txt", b"other")


@pytest.fixture
def objects() -> MemoryObjectStore:
    return MemoryObjectStore()


@pytest.fixture
def app(objects: MemoryObjectStore) -> Installation:
    return Installation(objects=objects)


def capture(app: Installation, key: str | None = None, email: str = "ann@example.com") -> str:
    return app.capture_lead(PUBLIC, make_fields(email, resume=CV), key).lead.id


def sweep(app: Installation) -> int:
    return len(list(app.resume_storage.sweep()))


def contents(objects: MemoryObjectStore) -> list[bytes]:
    return list(objects.objects.values())


def test_the_content_is_an_object_under_a_key_that_nobody_can_guess(
    app: Installation, objects: MemoryObjectStore
) -> None:
    lead_id = capture(app)
    assert contents(objects) == [PDF]
    [key] = objects.objects
    assert len(key) > 40
    assert not {lead_id, "cv", "pdf"} & set(key.split("."))
    assert app.get_resume(VIEWER, lead_id) == make_resume("cv.pdf", PDF)
    assert app.store.committed.orphan_objects == {}


def test_a_lead_without_a_file_does_not_need_the_storage(
    app: Installation, objects: MemoryObjectStore
) -> None:
    objects.is_available = False
    app.capture_lead(PUBLIC, make_fields())
    assert len(app.leads()) == 1


def test_a_lead_with_a_file_is_rejected_while_the_storage_is_down(
    app: Installation, objects: MemoryObjectStore
) -> None:
    objects.is_available = False
    with pytest.raises(ResumeStorageUnavailable):
        capture(app)
    assert app.leads() == []
    objects.is_available = True
    app.clock.advance(RESERVATION_LIFETIME)
    assert sweep(app) == 1  # nobody knows whether something arrived after all
    assert app.store.committed.orphan_objects == {}


def test_a_resume_is_not_to_be_had_while_the_storage_is_down(
    app: Installation, objects: MemoryObjectStore
) -> None:
    lead_id = capture(app)
    objects.is_available = False
    with pytest.raises(ResumeStorageUnavailable):
        app.get_resume(VIEWER, lead_id)
    objects.is_available = True
    assert app.get_resume(VIEWER, lead_id).content == PDF


def test_a_replay_leaves_no_second_object(app: Installation, objects: MemoryObjectStore) -> None:
    assert capture(app, "key") == capture(app, "key")
    assert contents(objects) == [PDF]
    assert app.store.committed.orphan_objects == {}


REJECTED: list[tuple[type[Exception], Callable[[Installation, str], object]]] = [
    (DuplicateLead, lambda app, _: app.capture_lead(AGENT, make_fields(resume=OTHER))),
    (VersionConflict, lambda app, lead_id: app.put_resume(AGENT, lead_id, OTHER, {7})),
    (LeadNotFound, lambda app, _: app.put_resume(AGENT, "nobody", OTHER)),
]


@pytest.mark.parametrize(("expected", "act"), REJECTED)
def test_what_is_rejected_leaves_no_object(
    app: Installation,
    objects: MemoryObjectStore,
    expected: type[Exception],
    act: Callable[[Installation, str], object],
) -> None:
    lead_id = capture(app)
    with pytest.raises(expected):
        act(app, lead_id)
    assert contents(objects) == [PDF]
    assert app.store.committed.orphan_objects == {}


def test_another_takes_its_place(app: Installation, objects: MemoryObjectStore) -> None:
    lead_id = capture(app)
    app.put_resume(AGENT, lead_id, OTHER)
    assert contents(objects) == [b"other"]
    assert app.get_resume(VIEWER, lead_id).content == b"other"


def test_erasing_a_person_deletes_every_object(app: Installation, objects: MemoryObjectStore) -> None:
    lead_id = capture(app)
    capture(app)
    kept = capture(app, email="bob@example.com")
    app.erase_lead(ADMIN, lead_id, with_duplicates=True)
    assert len(objects.objects) == 1
    assert app.get_resume(VIEWER, kept).content == PDF


def test_what_could_not_be_deleted_at_once_is_swept(app: Installation, objects: MemoryObjectStore) -> None:
    first, second = capture(app), capture(app, email="bob@example.com")
    objects.is_available = False
    app.erase_lead(ADMIN, first)
    assert [lead.id for lead in app.leads()] == [second]
    with pytest.raises(ResumeStorageUnavailable):
        sweep(app)
    assert len(objects.objects) == 2
    objects.is_available = True
    assert [sweep(app), sweep(app)] == [1, 0]
    assert app.get_resume(VIEWER, second).content == PDF
    assert len(objects.objects) == 1


def test_what_a_killed_process_has_left_is_swept_once_nobody_can_want_it(
    app: Installation, objects: MemoryObjectStore
) -> None:
    storing = app.resume_storage.store(make_resume())
    storing.__enter__()
    app.clock.advance(RESERVATION_LIFETIME - MICROSECOND)
    assert sweep(app) == 0
    assert len(objects.objects) == 1
    app.clock.advance(MICROSECOND)
    assert sweep(app) == 1
    assert objects.objects == {}


def test_a_request_that_slept_through_the_sweep_stores_nothing(
    app: Installation, objects: MemoryObjectStore
) -> None:
    [lead] = app.receive("ann@example.com")
    with (
        pytest.raises(ResumeStorageUnavailable),
        app.resume_storage.store(make_resume()) as kept,
    ):
        app.clock.advance(timedelta(days=1))
        assert sweep(app) == 1
        with app.unit_of_work() as tx:
            tx.resumes.put(lead.id, kept)
    assert objects.objects == {}


class LosesTheResponse(MemoryUnitOfWorkFactory):
    """Commits, and then cannot tell, as when a connection is lost."""

    def __call__(self) -> MemoryUnitOfWork:
        class Unit(MemoryUnitOfWork):
            def commit(self) -> None:
                super().commit()
                if self._transaction.tables.resumes:
                    message = "lost"
                    raise StorageUnavailable(message)

        return Unit(self._store, writable=True)


def test_a_commit_of_unknown_outcome_costs_no_object(objects: MemoryObjectStore) -> None:
    store = MemoryStore()
    app = Installation(store=store, unit_of_work=LosesTheResponse(store), objects=objects)
    with pytest.raises(StorageUnavailable):
        capture(app)
    app = evolve(app, unit_of_work=MemoryUnitOfWorkFactory(store))
    app.clock.advance(timedelta(days=1))
    assert sweep(app) == 0
    [lead] = app.leads()
    assert app.get_resume(VIEWER, lead.id).content == PDF


@pytest.mark.parametrize("spoil", [dict.clear, lambda objects: objects.update(dict.fromkeys(objects, b"x"))])
def test_an_object_that_is_missing_or_another_is_told(
    app: Installation, objects: MemoryObjectStore, spoil: Callable[[dict[str, bytes]], object]
) -> None:
    lead_id = capture(app)
    spoil(objects.objects)
    with pytest.raises(ResumeMissing) as lost:
        app.get_resume(VIEWER, lead_id)
    assert lost.value.lead_id == lead_id


class ReplacedMeanwhile(MemoryObjectStore):
    """Another takes the place of what is asked for, just before it is handed out."""

    def __init__(self) -> None:
        super().__init__()
        self.replace: Callable[[], object] | None = None

    def get(self, key: str) -> bytes | None:
        replace, self.replace = self.replace, None
        if replace:
            replace()
        return super().get(key)


def test_a_reader_gets_the_new_resume_when_the_old_one_goes_under_its_hands() -> None:
    objects = ReplacedMeanwhile()
    app = Installation(objects=objects)
    lead_id = capture(app)
    objects.replace = lambda: app.put_resume(AGENT, lead_id, OTHER)
    assert app.get_resume(VIEWER, lead_id).content == b"other"


def test_resumes_stay_where_they_are_when_the_owner_chooses_another_place(
    app: Installation, objects: MemoryObjectStore
) -> None:
    in_objects = capture(app)
    app = evolve(app, objects=None)
    in_database = capture(app, email="bob@example.com")
    assert app.get_resume(VIEWER, in_database).content == PDF
    with pytest.raises(ResumeStorageUnavailable, match="none is set up"):
        app.get_resume(VIEWER, in_objects)
    app.put_resume(AGENT, in_objects, OTHER)
    assert (app.get_resume(VIEWER, in_objects).content, sweep(app)) == (b"other", 0)
    app = evolve(app, objects=objects)
    assert isinstance(app.store.committed.resumes[in_database], ResumeFile)
    assert app.get_resume(VIEWER, in_database).content == PDF
    assert sweep(app) == 1
    assert objects.objects == {}
