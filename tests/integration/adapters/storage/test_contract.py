"""A folder and a real S3 server keep the promises of the port ``ObjectStore``."""

from pathlib import Path

import pytest

from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.adapters.storage.s3_object_store import S3ObjectStore
from tests.contracts.intake.object_store import ObjectStoreContract
from tests.support.servers.s3 import S3Place


class TestFolderObjectStore(ObjectStoreContract):
    @pytest.fixture
    def objects(self, tmp_path: Path) -> FolderObjectStore:
        return FolderObjectStore(tmp_path / "resumes")


class TestS3ObjectStore(ObjectStoreContract):
    @pytest.fixture
    def objects(self, s3: S3Place) -> S3ObjectStore:
        return S3ObjectStore(s3.url)
