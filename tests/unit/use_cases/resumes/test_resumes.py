"""Resumes come with leads, are handed out, replaced, and erased along."""

import pytest

from leadtracker.domain.errors import (
    IdempotencyKeyReused,
    InvalidInput,
    LeadNotFound,
    PermissionDenied,
    ResumeNotFound,
    VersionConflict,
)
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.leads.history import Action, Change
from leadtracker.domain.model.leads.lead_file import Upload
from tests.support.builders import make_fields
from tests.support.examples.sample_files import HTML, PDF
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp

CV = Upload("cv.pdf", PDF)
OTHER = Upload("other.txt", b"other")


def capture(app: InMemoryApp, resume: object, key: str | None = None) -> str:
    return app.capture_lead(PUBLIC, make_fields(resume=resume), key).lead.id


def test_resume_is_stored_with_its_lead(app: InMemoryApp) -> None:
    lead_id = capture(app, CV)
    file = app.get_resume(VIEWER, lead_id)
    assert file.content == PDF
    assert app.get_lead(VIEWER, lead_id).resume == file.metadata


def test_invalid_resume_is_one_of_the_errors(app: InMemoryApp) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.capture_lead(PUBLIC, make_fields("unknown", resume=Upload("cv.pdf", HTML)))
    assert {error.field for error in raised.value.errors} == {"email", "resume"}
    assert app.leads() == []


def test_lead_without_resume_has_none(app: InMemoryApp) -> None:
    [lead] = app.receive("ann@example.com")
    with pytest.raises(ResumeNotFound):
        app.get_resume(VIEWER, lead.id)
    with pytest.raises(LeadNotFound):
        app.get_resume(VIEWER, "unknown")


def test_replacement_is_recorded(app: InMemoryApp) -> None:
    lead_id = capture(app, CV)
    changed = app.put_resume(AGENT, lead_id, OTHER, {1})
    assert (changed.version, changed.resume and changed.resume.filename) == (2, "other.txt")
    assert app.get_resume(VIEWER, lead_id).content == b"other"
    last = app.read_history(VIEWER, lead_id)[-1]
    assert (last.action, last.version) == (Action.RESUME_ADDED, 2)
    assert last.changes == (Change("resume", "cv.pdf", "other.txt"),)


def test_stale_version_changes_nothing(app: InMemoryApp) -> None:
    lead_id = capture(app, CV)
    with pytest.raises(VersionConflict):
        app.put_resume(AGENT, lead_id, OTHER, {2})
    assert app.get_resume(VIEWER, lead_id).content == PDF


@pytest.mark.parametrize("raw", [Upload("cv.pdf", HTML), Upload("cv.pdf", b""), " "])
def test_invalid_resume_replaces_nothing(app: InMemoryApp, raw: Upload | str) -> None:
    lead_id = capture(app, CV)
    with pytest.raises(InvalidInput):
        app.put_resume(AGENT, lead_id, raw)
    assert app.get_lead(VIEWER, lead_id).version == 1


def test_resumes_need_permission(app: InMemoryApp) -> None:
    lead_id = capture(app, CV)
    with pytest.raises(PermissionDenied):
        app.put_resume(VIEWER, lead_id, OTHER)
    with pytest.raises(PermissionDenied):
        app.get_resume(PUBLIC, lead_id)
    with pytest.raises(LeadNotFound):
        app.put_resume(AGENT, "unknown", OTHER)


def test_erasure_covers_the_resume(app: InMemoryApp) -> None:
    lead_id = capture(app, CV)
    app.put_resume(AGENT, lead_id, OTHER)
    duplicate = capture(app, CV)
    app.erase_lead(ADMIN, lead_id, with_duplicates=True)
    assert app.store.committed.files == {}
    assert duplicate != lead_id
    assert not any(entry.changes for entry in app.read_history(VIEWER, lead_id))


def test_idempotency_key_covers_file(app: InMemoryApp) -> None:
    lead_id = capture(app, CV, "k")
    assert capture(app, Upload("cv.pdf", bytes(PDF)), "k") == lead_id
    for other in (Upload("cv.pdf", PDF + b"\n"), Upload("b.pdf", PDF), None):
        with pytest.raises(IdempotencyKeyReused):
            capture(app, other, "k")


def test_personal_data_includes_resume(app: InMemoryApp) -> None:
    lead_id = capture(app, CV)
    exported = app.export_personal_data(ADMIN, lead_id).record.lead.resume
    assert exported is not None
    assert exported.filename == "cv.pdf"
