"""Resumes in an object storage are in a backup, too, and come back under the same keys."""

import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from attrs import evolve, field, frozen

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.adapters.storage.s3_object_store import S3ObjectStore
from leadtracker.domain.errors import RestoreRejected, ResumeMissing, ResumeStorageUnavailable
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.domain.ports.backup_store import BackupManifest
from leadtracker.domain.ports.leads.object_store import ObjectStore
from tests.contracts.intake.file_store import EVERY_BYTE
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.examples.sample_files import DOCX, PDF
from tests.support.instruments.polling import eventually
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp
from tests.support.memory.leads.object_store import MemoryObjectStore
from tests.support.raw_database import RawDatabase
from tests.support.servers.s3 import S3Place

FILES = {
    "ann@example.com": Upload("cv.pdf", PDF + EVERY_BYTE),
    "bob@example.com": Upload("cv.docx", DOCX),
    "eve@example.com": Upload("cv.txt", "Zoë\n北京\n".encode()),
}
BACKUPS_UNDER_LOAD = 4


@frozen
class House:
    """A database and an object storage, both of which others may open."""

    open_dialect: OpenDialect
    url: str
    objects: ObjectStore | None
    backup_file: Path
    app: InMemoryApp = field(init=False)

    @app.default
    def _opened(self) -> InMemoryApp:
        unit_of_work = PeeweeUnitOfWorkFactory(self.open_dialect(self.url))
        return InMemoryApp(unit_of_work=unit_of_work, objects=self.objects)

    def save(self) -> BackupManifest:
        with self._backup_store() as backup_store:
            return backup_store.save(str(self.backup_file), NOW)

    def restore(self) -> BackupManifest:
        with self._backup_store() as backup_store:
            return backup_store.restore(str(self.backup_file), force=True)

    def receive_files(self) -> dict[str, str]:
        """Have each file come in; the ids of its leads by their addresses."""
        fields = {email: make_fields(email, resume=file) for email, file in FILES.items()}
        return {email: self.app.capture_lead(PUBLIC, one).lead.id for email, one in fields.items()}

    def contents(self) -> dict[str, bytes]:
        """Return the content of every lead's resume by address."""
        return {lead.identity: self.app.get_resume(VIEWER, lead.id).content for lead in self.app.leads()}

    def close(self) -> None:
        """Let go of the database."""
        assert isinstance(self.app.unit_of_work, PeeweeUnitOfWorkFactory)
        self.app.unit_of_work._dialect.close()  # noqa: SLF001 - another process would have ended

    @contextmanager
    def _backup_store(self) -> Iterator[PeeweeBackupStore]:
        dialect = self.open_dialect(self.url)
        yield PeeweeBackupStore(dialect, self.objects)
        dialect.close()


Build = Callable[[str, ObjectStore | None], House]


@pytest.fixture
def build(open_dialect: OpenDialect, tmp_path: Path) -> Build:
    return lambda url, objects: House(open_dialect, url, objects, tmp_path / "backup.zip")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "resumes"


@pytest.fixture
def other_folder(tmp_path: Path) -> Path:
    return tmp_path / "other resumes"


@pytest.fixture
def house(build: Build, database_url: str, folder: Path) -> House:
    return build(database_url, FolderObjectStore(folder))


@pytest.fixture
def other(build: Build, empty_sqlite_url: str, other_folder: Path) -> House:
    """An empty installation."""
    return build(empty_sqlite_url, FolderObjectStore(other_folder))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_objects_are_restored_under_their_keys(
    house: House, build: Build, empty_url: str, folder: Path, other_folder: Path
) -> None:
    house.receive_files()
    saved = house.save()
    assert (saved.objects, saved.missing) == (3, 0)
    other = build(empty_url, FolderObjectStore(other_folder))
    assert other.restore() == saved
    assert other.contents() == {email: file.content for email, file in FILES.items()}
    assert files(other_folder) == files(folder)


def test_objects_move_from_folder_to_s3_and_back(
    house: House, build: Build, empty_sqlite_url: str, s3: S3Place, folder: Path
) -> None:
    house.receive_files()
    house.save()
    house.close()
    other = build(empty_sqlite_url, S3ObjectStore(s3.url))
    other.restore()
    before = files(folder)
    assert s3.objects() == before
    assert other.save().missing == 0
    for path in folder.iterdir():
        path.unlink()
    house.restore()
    assert files(folder) == before


def test_database_files_and_objects_are_separate(house: House, other: House) -> None:
    without = evolve(house.app, objects=None)
    without.capture_lead(PUBLIC, make_fields("zoe@example.com", resume="Can sew."))
    house.receive_files()
    assert house.save().objects == 3
    other.restore()
    assert len(other.contents()) == 4
    assert other.contents() == house.contents()


def test_restore_repairs_damaged_objects(house: House, folder: Path) -> None:
    house.receive_files()
    house.save()
    house.close()
    before = files(folder)
    kept, damaged, gone = sorted(folder.iterdir())
    written = kept.stat().st_mtime_ns
    damaged.write_bytes(b"the first ha")
    gone.unlink()
    house.restore()
    assert files(folder) == before
    assert kept.stat().st_mtime_ns == written


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"x")])
def test_lost_objects_are_counted_and_skipped(
    house: House, other: House, folder: Path, spoil: Callable[[Path], object]
) -> None:
    house.receive_files()
    for path in sorted(folder.iterdir())[:2]:
        spoil(path)
    saved = house.save()
    assert (saved.objects, saved.missing) == (1, 2)
    assert other.restore() == saved
    assert len(files(other.backup_file.parent / "other resumes")) == 1
    lost = 0
    for lead in other.app.leads():
        try:
            other.app.get_resume(VIEWER, lead.id)
        except ResumeMissing:
            lost += 1
    assert lost == 2


class BusyMeanwhile(MemoryObjectStore):
    """Something happens to the leads just before the first object is handed out."""

    def __init__(self) -> None:
        super().__init__()
        self.happen: Callable[[], object] | None = None

    def get(self, key: str) -> bytes | None:
        happen, self.happen = self.happen, None
        if happen:
            happen()
        return super().get(key)


def test_concurrent_erasure_does_not_fail_backup(build: Build, database_url: str, other: House) -> None:
    objects = BusyMeanwhile()
    house = build(database_url, objects)
    ids = house.receive_files()
    objects.happen = lambda: [house.app.erase_lead(ADMIN, lead_id) for lead_id in ids.values()]
    saved = house.save()
    assert (saved.rows["lead_files"], saved.objects, saved.missing) == (3, 0, 0)
    [lead_id, *_] = house.receive_files().values()
    objects.happen = lambda: house.app.put_resume(AGENT, lead_id, Upload("new.txt", b"new"))
    saved = house.save()
    assert (saved.objects, saved.missing) == (2, 1)
    other.restore()
    assert len(other.app.leads()) == 3


def test_missing_storage_stops_the_backup(house: House, build: Build) -> None:
    house.receive_files()
    with pytest.raises(ResumeStorageUnavailable, match="none is set up"):
        build(house.url, None).save()
    down = MemoryObjectStore()
    down.is_available = False
    with pytest.raises(ResumeStorageUnavailable):
        build(house.url, down).save()
    assert [path for path in house.backup_file.parent.iterdir() if "backup" in path.name] == []


@pytest.fixture
def overwritten(house: House) -> RawDatabase:
    """A database with a lead that a backup is about to overwrite."""
    house.receive_files()
    house.save()
    house.close()
    return RawDatabase(house.url)


def test_without_a_storage_objects_are_rejected_before_anything_is_changed(
    house: House, build: Build, overwritten: RawDatabase, folder: Path
) -> None:
    before, kept = overwritten.dump(), files(folder)
    with pytest.raises(RestoreRejected, match="LEADTRACKER_RESUMES_URL"):
        build(house.url, None).restore()
    assert (overwritten.dump(), files(folder)) == (before, kept)


def test_failing_storage_leaves_the_database(house: House, build: Build, overwritten: RawDatabase) -> None:
    before = overwritten.dump()
    down = MemoryObjectStore()
    down.is_available = False
    with pytest.raises(ResumeStorageUnavailable):
        build(house.url, down).restore()
    assert overwritten.dump() == before


def rewrite_objects(backup_file: Path, change: Callable[[bytes], bytes | None]) -> None:
    """Change or leave out the objects, in a file that is a whole ZIP all the same."""
    with zipfile.ZipFile(backup_file) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    with zipfile.ZipFile(backup_file, "w") as zipped:
        for name, raw in members.items():
            new = change(raw) if name == "objects.ndjson" else raw
            if new is not None:
                zipped.writestr(name, new)


DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "an object lost": lambda raw: raw.partition(b"\n")[2],
    "a content changed": lambda raw: raw.replace(b"JVBERi", b"JVBERj"),
    "all lost": lambda _: None,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_corrupted_objects_replace_nothing(
    house: House,
    overwritten: RawDatabase,
    other: House,
    other_folder: Path,
    damage: Callable[[bytes], bytes | None],
) -> None:
    before = overwritten.dump()
    rewrite_objects(house.backup_file, damage)
    for one in (house, other):
        with pytest.raises(RestoreRejected, match="damaged"):
            one.restore()
    assert (overwritten.dump(), files(other_folder)) == (before, {})


def test_a_restore_that_is_rejected_late_takes_its_objects_back(
    house: House, build: Build, overwritten: RawDatabase, other_folder: Path
) -> None:
    # The author of such a backup can also compute valid checksums.
    overwritten.execute("UPDATE leads SET state = 'nonsense'")
    house.save()
    house.close()
    before = overwritten.dump()
    first, *_ = files(house.backup_file.parent / "resumes").items()
    FolderObjectStore(other_folder).put(*first)
    with pytest.raises(RestoreRejected, match="cannot be stored"):
        build(house.url, FolderObjectStore(other_folder)).restore()
    assert overwritten.dump() == before
    assert files(other_folder) == dict([first])


def has_more(things: list[str], than: int) -> bool:
    return len(things) > than


def test_backup_under_load_holds_every_resume(house: House, build: Build, tmp_path: Path) -> None:
    acknowledged: list[str] = []
    stop = threading.Event()

    def send() -> None:
        while not stop.is_set():
            number = len(acknowledged)
            fields = make_fields(f"p{number}@example.com", resume=Upload("cv.txt", b"Can sew %d" % number))
            lead_id = house.app.capture_lead(PUBLIC, fields).lead.id
            erased = house.app.capture_lead(PUBLIC, make_fields(f"e{number}@example.com", resume="x")).lead
            house.app.erase_lead(ADMIN, erased.id)
            acknowledged.append(lead_id)

    sender = threading.Thread(target=send)
    sender.start()
    held = []
    try:
        for number in range(BACKUPS_UNDER_LOAD):
            eventually(partial(has_more, acknowledged, len(acknowledged) + 5), "more leads")
            before = acknowledged.copy()
            assert house.save().missing == 0
            house.backup_file.rename(tmp_path / f"{number}.zip")
            held.append(before)
    finally:
        stop.set()
        sender.join()
    for number, before in enumerate(held):
        (tmp_path / f"{number}.zip").rename(house.backup_file)
        restore_folder = tmp_path / f"{number}"
        restored = build(
            f"sqlite:///{restore_folder / 'new.db'}", FolderObjectStore(restore_folder / "resumes")
        )
        restored.restore()
        for position, lead_id in enumerate(before):
            assert restored.app.get_resume(VIEWER, lead_id).content == b"Can sew %d" % position


def test_manifest_holds_the_object_checksum(house: House) -> None:
    house.receive_files()
    house.save()
    with zipfile.ZipFile(house.backup_file) as zipped:
        manifest = json.loads(zipped.read("manifest.json"))
    assert manifest["objects"]["rows"] == 3
    assert len(manifest["objects"]["sha256"]) == 64
