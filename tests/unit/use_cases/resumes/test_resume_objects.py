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
from leadtracker.domain.model.leads.lead_file import RESUME_ID, LeadFile, Upload
from leadtracker.domain.use_cases.files.file_storage import RESERVATION_LIFETIME
from tests.support.builders import make_fields, make_resume
from tests.support.clock import MICROSECOND
from tests.support.examples.sample_files import PDF
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp
from tests.support.memory.leads.object_store import MemoryObjectStore
from tests.support.memory.store import MemoryStore
from tests.support.memory.unit_of_work import MemoryUnitOfWork, MemoryUnitOfWorkFactory

CV = Upload("cv.pdf", PDF)
OTHER = Upload("other.txt", b"other")


@pytest.fixture
def objects() -> MemoryObjectStore:
    return MemoryObjectStore()


@pytest.fixture
def app(objects: MemoryObjectStore) -> InMemoryApp:
    return InMemoryApp(objects=objects)


def capture(app: InMemoryApp, key: str | None = None, email: str = "ann@example.com") -> str:
    return app.capture_lead(PUBLIC, make_fields(email, resume=CV), key).lead.id


def sweep(app: InMemoryApp) -> int:
    return len(list(app.file_storage.sweep()))


def contents(objects: MemoryObjectStore) -> list[bytes]:
    return list(objects.objects.values())


def test_object_key_is_unguessable(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    lead_id = capture(app)
    assert contents(objects) == [PDF]
    [key] = objects.objects
    assert len(key) > 40
    assert not {lead_id, "cv", "pdf"} & set(key.split("."))
    assert app.get_resume(VIEWER, lead_id) == make_resume("cv.pdf", PDF)
    assert app.store.committed.orphan_objects == {}


def test_lead_without_file_needs_no_storage(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    objects.is_available = False
    app.capture_lead(PUBLIC, make_fields())
    assert len(app.leads()) == 1


def test_a_lead_with_a_file_is_rejected_while_the_storage_is_down(
    app: InMemoryApp, objects: MemoryObjectStore
) -> None:
    objects.is_available = False
    with pytest.raises(ResumeStorageUnavailable):
        capture(app)
    assert app.leads() == []
    objects.is_available = True
    app.clock.advance(RESERVATION_LIFETIME)
    assert sweep(app) == 1  # the upload may have completed after its error
    assert app.store.committed.orphan_objects == {}


def test_storage_outage_blocks_downloads(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    lead_id = capture(app)
    objects.is_available = False
    with pytest.raises(ResumeStorageUnavailable):
        app.get_resume(VIEWER, lead_id)
    objects.is_available = True
    assert app.get_resume(VIEWER, lead_id).content == PDF


def test_replay_stores_no_second_object(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    assert capture(app, "key") == capture(app, "key")
    assert contents(objects) == [PDF]
    assert app.store.committed.orphan_objects == {}


REJECTED: list[tuple[type[Exception], Callable[[InMemoryApp, str], object]]] = [
    (DuplicateLead, lambda app, _: app.capture_lead(AGENT, make_fields(resume=OTHER))),
    (VersionConflict, lambda app, lead_id: app.put_resume(AGENT, lead_id, OTHER, {7})),
    (LeadNotFound, lambda app, _: app.put_resume(AGENT, "unknown", OTHER)),
]


@pytest.mark.parametrize(("expected", "act"), REJECTED)
def test_rejected_upload_leaves_no_object(
    app: InMemoryApp,
    objects: MemoryObjectStore,
    expected: type[Exception],
    act: Callable[[InMemoryApp, str], object],
) -> None:
    lead_id = capture(app)
    with pytest.raises(expected):
        act(app, lead_id)
    assert contents(objects) == [PDF]
    assert app.store.committed.orphan_objects == {}


def test_replaced_object_is_deleted(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    lead_id = capture(app)
    app.put_resume(AGENT, lead_id, OTHER)
    assert contents(objects) == [b"other"]
    assert app.get_resume(VIEWER, lead_id).content == b"other"


def test_erasure_deletes_every_object(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    lead_id = capture(app)
    capture(app)
    kept = capture(app, email="bob@example.com")
    app.erase_lead(ADMIN, lead_id, with_duplicates=True)
    assert len(objects.objects) == 1
    assert app.get_resume(VIEWER, kept).content == PDF


def test_failed_deletion_is_swept(app: InMemoryApp, objects: MemoryObjectStore) -> None:
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


def test_orphaned_objects_are_swept(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    storing = app.file_storage.store({RESUME_ID: make_resume()})
    storing.__enter__()
    app.clock.advance(RESERVATION_LIFETIME - MICROSECOND)
    assert sweep(app) == 0
    assert len(objects.objects) == 1
    app.clock.advance(MICROSECOND)
    assert sweep(app) == 1
    assert objects.objects == {}


def test_stalled_request_stores_nothing(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    [lead] = app.receive("ann@example.com")
    with (
        pytest.raises(ResumeStorageUnavailable),
        app.file_storage.store({RESUME_ID: make_resume()}) as kept,
    ):
        app.clock.advance(timedelta(days=1))
        assert sweep(app) == 1
        with app.unit_of_work() as tx:
            tx.files.put(lead.id, kept[RESUME_ID])
    assert objects.objects == {}


class LosesTheResponse(MemoryUnitOfWorkFactory):
    """Commits, and then raises, as when the connection is lost."""

    def __call__(self) -> MemoryUnitOfWork:
        class Unit(MemoryUnitOfWork):
            def commit(self) -> None:
                super().commit()
                if self._transaction.tables.files:
                    message = "lost"
                    raise StorageUnavailable(message)

        return Unit(self._store, writable=True)


def test_unknown_commit_keeps_object(objects: MemoryObjectStore) -> None:
    store = MemoryStore()
    app = InMemoryApp(store=store, unit_of_work=LosesTheResponse(store), objects=objects)
    with pytest.raises(StorageUnavailable):
        capture(app)
    app = evolve(app, unit_of_work=MemoryUnitOfWorkFactory(store))
    app.clock.advance(timedelta(days=1))
    assert sweep(app) == 0
    [lead] = app.leads()
    assert app.get_resume(VIEWER, lead.id).content == PDF


@pytest.mark.parametrize("spoil", [dict.clear, lambda objects: objects.update(dict.fromkeys(objects, b"x"))])
def test_missing_or_wrong_object_is_reported(
    app: InMemoryApp, objects: MemoryObjectStore, spoil: Callable[[dict[str, bytes]], object]
) -> None:
    lead_id = capture(app)
    spoil(objects.objects)
    with pytest.raises(ResumeMissing) as lost:
        app.get_resume(VIEWER, lead_id)
    assert lost.value.lead_id == lead_id


class ReplacingObjectStore(MemoryObjectStore):
    """Replaces the requested object just before it returns it."""

    def __init__(self) -> None:
        super().__init__()
        self.replace: Callable[[], object] | None = None

    def get(self, key: str) -> bytes | None:
        replace, self.replace = self.replace, None
        if replace:
            replace()
        return super().get(key)


def test_reader_follows_replaced_resume() -> None:
    objects = ReplacingObjectStore()
    app = InMemoryApp(objects=objects)
    lead_id = capture(app)
    objects.replace = lambda: app.put_resume(AGENT, lead_id, OTHER)
    assert app.get_resume(VIEWER, lead_id).content == b"other"


def test_storage_change_keeps_old_resumes(app: InMemoryApp, objects: MemoryObjectStore) -> None:
    in_objects = capture(app)
    app = evolve(app, objects=None)
    in_database = capture(app, email="bob@example.com")
    assert app.get_resume(VIEWER, in_database).content == PDF
    with pytest.raises(ResumeStorageUnavailable, match="none is set up"):
        app.get_resume(VIEWER, in_objects)
    app.put_resume(AGENT, in_objects, OTHER)
    assert (app.get_resume(VIEWER, in_objects).content, sweep(app)) == (b"other", 0)
    app = evolve(app, objects=objects)
    assert isinstance(app.store.committed.files[in_database, RESUME_ID], LeadFile)
    assert app.get_resume(VIEWER, in_database).content == PDF
    assert sweep(app) == 1
    assert objects.objects == {}
