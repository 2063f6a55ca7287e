"""Resumes in an object storage are in a backup, too, and come back under the same keys."""

import json
import threading
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from attrs import evolve

from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.adapters.storage.s3_object_store import S3ObjectStore
from leadtracker.domain.errors import ResumeMissing, ResumeStorageUnavailable
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.leads.lead_file import Upload
from tests.integration.adapters.database.backup.objects.conftest import FILES, Build, House, files
from tests.support.builders import make_fields
from tests.support.examples.sample_files import JPG, PDF, PNG
from tests.support.instruments.polling import eventually
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER
from tests.support.memory.leads.object_store import MemoryObjectStore
from tests.support.servers.s3 import S3Place

BACKUPS_UNDER_LOAD = 4


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


class BusyObjectStore(MemoryObjectStore):
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
    objects = BusyObjectStore()
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


def test_missing_storage_stops_backup(house: House, build: Build) -> None:
    house.receive_files()
    with pytest.raises(ResumeStorageUnavailable, match="none is set up"):
        build(house.url, None).save()
    down = MemoryObjectStore()
    down.is_available = False
    with pytest.raises(ResumeStorageUnavailable):
        build(house.url, down).save()
    assert [path for path in house.backup_file.parent.iterdir() if "backup" in path.name] == []


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


def test_manifest_holds_object_checksum(house: House) -> None:
    house.receive_files()
    house.save()
    with zipfile.ZipFile(house.backup_file) as zipped:
        manifest = json.loads(zipped.read("manifest.json"))
    assert manifest["objects"]["rows"] == 3
    assert len(manifest["objects"]["sha256"]) == 64


def test_all_files_of_a_lead_come_back_from_s3(
    house: House, build: Build, empty_sqlite_url: str, s3: S3Place
) -> None:
    sent = {"resume": Upload("cv.pdf", PDF), "plan": Upload("plan.png", PNG), "photo": Upload("1.jpg", JPG)}
    lead = house.app.capture_lead(PUBLIC, make_fields() | sent).lead
    assert house.save().objects == 3
    house.close()
    other = build(empty_sqlite_url, S3ObjectStore(s3.url))
    assert other.restore().missing == 0
    assert other.app.get_resume(VIEWER, lead.id).content == PDF
    found = [other.app.get_attachment(VIEWER, lead.id, one.id).content for one in lead.attachments]
    assert found == [PNG, JPG]
    other.app.erase_lead(ADMIN, lead.id)
    assert s3.objects() == {}
