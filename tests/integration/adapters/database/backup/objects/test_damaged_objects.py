"""Damaged objects, and a storage that fails, replace nothing."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.domain.errors import RestoreRejected, ResumeStorageUnavailable
from tests.integration.adapters.database.backup.objects.conftest import Build, House, files
from tests.support.memory.leads.object_store import MemoryObjectStore
from tests.support.raw_database import RawDatabase


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
