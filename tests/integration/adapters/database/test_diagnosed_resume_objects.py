"""Diagnostics report damaged and missing resumes in an object storage, and a storage that cannot be read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from leadtracker.adapters.database.engine.dialects.dialect import Dialect
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.adapters.storage.folder_object_store import FolderObjectStore
from leadtracker.adapters.storage.s3_object_store import S3ObjectStore
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.ports.leads.object_store import ObjectStore
from tests.contracts.consistency_checks import be_busy
from tests.integration.adapters.database.test_diagnostics import diagnostics_of, failing
from tests.support.builders import make_fields
from tests.support.memory.in_memory_app import AGENT, InMemoryApp
from tests.support.raw_database import RawDatabase
from tests.support.servers.s3 import S3Place

Examine = Callable[[InMemoryApp], dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "resumes"


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, folder: Path) -> ObjectStore:
    if request.param == "folder":
        return FolderObjectStore(folder)
    s3: S3Place = request.getfixturevalue("s3")
    return S3ObjectStore(s3.url)


@pytest.fixture
def app(unit_of_work: PeeweeUnitOfWorkFactory, objects: ObjectStore) -> InMemoryApp:
    """An installation with two resumes in an object storage, and one in the database."""
    app = InMemoryApp(unit_of_work=unit_of_work)
    app.capture_lead(PUBLIC, make_fields("zoe@example.com", resume="Can knit."))
    app = evolve(app, objects=objects)
    be_busy(app)
    app.capture_lead(PUBLIC, make_fields("bob@example.com", resume="Can cook."))
    return app


@pytest.fixture
def examine(dialect: Dialect) -> Examine:
    """A function that returns the details of an installation's failed checks by name."""
    return lambda app: failing(diagnostics_of(app, dialect)())


@pytest.fixture
def bob(app: InMemoryApp, raw_db: RawDatabase) -> tuple[str, str]:
    """The lead whose resume will be damaged, and the key of its object."""
    [lead_id] = [lead.id for lead in app.leads() if lead.identity == "bob@example.com"]
    [[key]] = raw_db.execute("SELECT object_key FROM lead_files WHERE lead_id = ?", lead_id)
    return lead_id, key


def change(objects: ObjectStore, key: str) -> None:
    objects.delete(key)
    objects.put(key, b"Can look.")  # as long as before


def truncate(objects: ObjectStore, key: str) -> None:
    objects.delete(key)
    objects.put(key, b"Can")


def lose(objects: ObjectStore, key: str) -> None:
    objects.delete(key)


def test_sound_storage_is_consistent(app: InMemoryApp, examine: Examine) -> None:
    assert examine(app) == {}


@pytest.mark.parametrize("damage", [change, truncate, lose])
def test_damaged_object_names_its_lead(
    app: InMemoryApp,
    objects: ObjectStore,
    examine: Examine,
    bob: tuple[str, str],
    damage: Callable[[ObjectStore, str], None],
) -> None:
    lead_id, key = bob
    damage(objects, key)
    assert examine(app) == {
        "resumes": f"not true that every resume and attachment is stored with its size and hash: {lead_id}"
    }
    app.put_resume(AGENT, lead_id, "Can cook again.")
    assert examine(app) == {}


@pytest.mark.parametrize("objects", ["folder"], indirect=True)
def test_unavailable_storage_is_inconclusive(app: InMemoryApp, examine: Examine, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("no folder")
    failures = examine(app)
    assert list(failures) == ["resumes"]
    assert "not known, the folder of resumes cannot do this now" in failures["resumes"]


@pytest.mark.parametrize("objects", ["folder"], indirect=True)
def test_unconfigured_storage_is_inconclusive(app: InMemoryApp, examine: Examine) -> None:
    failures = examine(evolve(app, objects=None))
    assert list(failures) == ["resumes"]
    assert "not known, the file is in an object storage, and none is set up" in failures["resumes"]
