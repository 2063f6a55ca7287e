"""Two installations whose resumes lie in files, and what their folders hold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import field, frozen

from leadtracker.adapters.database.backup.backup_store import PeeweeBackupStore
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.leads.lead_file import Upload
from leadtracker.domain.ports.backup_store import BackupManifest
from leadtracker.domain.ports.leads.object_store import ObjectStore
from tests.contracts.intake.file_store import EVERY_BYTE
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.examples.sample_files import DOCX, PDF
from tests.support.memory.in_memory_app import VIEWER, InMemoryApp
from tests.support.raw_database import RawDatabase

FILES = {
    "ann@example.com": Upload("cv.pdf", PDF + EVERY_BYTE),
    "bob@example.com": Upload("cv.docx", DOCX),
    "eve@example.com": Upload("cv.txt", "Zoë\n北京\n".encode()),
}


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


@pytest.fixture
def overwritten(house: House) -> RawDatabase:
    """A database with a lead that a backup is about to overwrite."""
    house.receive_files()
    house.save()
    house.close()
    return RawDatabase(house.url)
