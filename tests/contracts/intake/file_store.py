"""Contract suite of ``FileStore``."""

import random

import pytest
from attrs import evolve

from leadtracker.domain.model.leads.lead_file import LeadFile, StoredFile
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_lead, make_resume
from tests.support.clock import NOW

TEN_MEBIBYTES = 10 * 1024 * 1024
LARGE = b"%PDF-1.7\n" + random.Random(1).randbytes(TEN_MEBIBYTES - 9)  # noqa: S311 - nothing is secret
EVERY_BYTE = bytes(range(256))


def put(unit_of_work: UnitOfWorkFactory, file: LeadFile, lead_id: str = "lead-1") -> None:
    """Store a resume and commit."""
    with unit_of_work() as tx:
        tx.files.put(lead_id, file)
        tx.commit()


def get(unit_of_work: UnitOfWorkFactory, lead_id: str = "lead-1") -> StoredFile | None:
    """Return the committed resume of a lead."""
    with unit_of_work.read_only() as tx:
        return tx.files.get(lead_id)


class FileStoreContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture(autouse=True)
    def _leads(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead())
        store(unit_of_work, make_lead("lead-2", "bob@example.com"))

    @pytest.mark.parametrize(
        "file",
        [
            pytest.param(make_resume("a.txt", b"x"), id="least"),
            pytest.param(make_resume("cv.pdf", b"%PDF-" + EVERY_BYTE * 500), id="every byte"),
            pytest.param(make_resume('O\'Neil "CV" % \\_ 北京 🦊.pdf'), id="strange name"),
            pytest.param(make_resume("cv.pdf", LARGE), id="large"),
        ],
    )
    def test_resume_round_trips_bit_for_bit(self, unit_of_work: UnitOfWorkFactory, file: LeadFile) -> None:
        put(unit_of_work, file)
        assert get(unit_of_work) == file
        with unit_of_work() as tx:
            assert tx.files.get("lead-1") == file

    def test_lead_without_resume_has_none(self, unit_of_work: UnitOfWorkFactory) -> None:
        put(unit_of_work, make_resume())
        assert get(unit_of_work, "lead-2") is None
        assert get(unit_of_work, "unknown") is None
        assert get(unit_of_work, "\x00") is None

    def test_new_resume_replaces_old_one(self, unit_of_work: UnitOfWorkFactory) -> None:
        other = make_resume("other.txt", b"other")
        put(unit_of_work, make_resume(), "lead-2")
        for file in (make_resume(), other, make_resume(), make_resume()):
            put(unit_of_work, file)
            assert get(unit_of_work) == file
        assert get(unit_of_work, "lead-2") == make_resume()

    def test_removed_resume_is_gone(self, unit_of_work: UnitOfWorkFactory) -> None:
        for lead_id in ("lead-1", "lead-2"):
            put(unit_of_work, make_resume(), lead_id)
        with unit_of_work() as tx:
            for lead_id in ("lead-1", "lead-1", "unknown"):
                assert tx.files.remove_all(lead_id) == []
            tx.commit()
        assert get(unit_of_work) is None
        assert get(unit_of_work, "lead-2") == make_resume()

    def test_files_of_a_lead_have_ids_of_their_own(self, unit_of_work: UnitOfWorkFactory) -> None:
        photo = make_resume("photo.txt", b"photo")
        with unit_of_work() as tx:
            tx.files.put("lead-1", make_resume())
            tx.files.put("lead-1", photo, "2")
            tx.files.put("lead-1", make_resume(), "1")
            tx.files.put("lead-2", make_resume(), "2")
            tx.commit()
        with unit_of_work() as tx:
            assert tx.files.ids_of("lead-1") == ["1", "2", "resume"]
            assert [tx.files.get("lead-1", file_id) for file_id in ("2", "3")] == [photo, None]
            tx.files.remove_all("lead-1")
            assert [tx.files.ids_of(lead_id) for lead_id in ("lead-1", "lead-2")] == [[], ["2"]]

    def test_uncommitted_resume_is_not_stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.files.put("lead-1", make_resume())
        assert get(unit_of_work) is None

    def test_reader_cannot_write(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            with pytest.raises(RuntimeError, match="read-only"):
                tx.files.put("lead-1", make_resume())
            with pytest.raises(RuntimeError, match="read-only"):
                tx.files.remove_all("lead-1")

    def test_lead_keeps_resume_metadata(self, unit_of_work: UnitOfWorkFactory) -> None:
        lead = evolve(make_lead(), resume=make_resume("北京.txt", b"x").metadata).changed(NOW)
        with unit_of_work() as tx:
            tx.leads.save(lead)
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.leads.get("lead-1") == lead
            assert tx.leads.find_primary("ann@example.com") == lead
