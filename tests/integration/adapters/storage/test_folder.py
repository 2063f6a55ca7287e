"""Cases that only a folder has: permissions, leftovers of a crash, and a folder that disappears."""

import resource
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.domain.errors import ResumeStorageUnavailable

KEY = "kMq3-_"
LEADING_ELSEWHERE = ["../outside", "/outside", "a/b", "..", ".", "", "a\0b", "a\n", "C:\\x", "é", "x" * 101]
CALLS: list[Callable[[FolderObjectStore, str], object]] = [
    lambda objects, key: objects.put(key, b"x"),
    FolderObjectStore.get,
    FolderObjectStore.delete,
]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_and_files_are_private(tmp_path: Path) -> None:
    FolderObjectStore(tmp_path / "new" / "resumes").put(KEY, b"x")
    assert mode(tmp_path / "new" / "resumes") == 0o700
    assert mode(tmp_path / "new" / "resumes" / KEY) == 0o600


@pytest.mark.parametrize("key", LEADING_ELSEWHERE)
def test_a_key_that_leads_elsewhere_is_rejected(tmp_path: Path, key: str) -> None:
    objects = FolderObjectStore(tmp_path / "resumes")
    objects.put(KEY, b"x")
    for call in CALLS:
        with pytest.raises(ValueError, match="no key"):
            call(objects, key)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "resumes" / KEY]


def test_leftovers_of_crash_are_deleted(tmp_path: Path) -> None:
    (tmp_path / KEY).write_bytes(b"the first ha")
    FolderObjectStore(tmp_path).delete(KEY)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_files() -> Iterator[None]:
    """Limit files to 1,000 bytes, which stands for a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_failed_write_frees_its_space(tmp_path: Path) -> None:
    with pytest.raises(ResumeStorageUnavailable):
        FolderObjectStore(tmp_path).put(KEY, bytes(2000))
    assert list(tmp_path.iterdir()) == []


def test_key_is_used_once(tmp_path: Path) -> None:
    objects = FolderObjectStore(tmp_path)
    objects.put(KEY, b"first")
    with pytest.raises(ResumeStorageUnavailable):
        objects.put(KEY, b"second")
    assert objects.get(KEY) == b"first"


def test_unusable_folder_hides_its_path(tmp_path: Path) -> None:
    (tmp_path / "canary").write_text("a file")
    objects = FolderObjectStore(tmp_path / "canary")
    for call in CALLS:
        with pytest.raises(ResumeStorageUnavailable) as raised:
            call(objects, KEY)
        assert "canary" not in str(raised.value)
