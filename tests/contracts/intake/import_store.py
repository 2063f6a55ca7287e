"""Contract suite of ``ImportStore``, and of what other stores do for imports."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from leadtracker.domain.errors import ImportExists, ImportNotFound
from leadtracker.domain.model.intake.lead_import import FilePiece, ImportState, LeadImport
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_entry, make_lead
from tests.support.clock import DAY, NOW
from tests.support.instruments.concurrency import run_in_threads


def make_import(import_id: str = "import-1", **rest: Any) -> LeadImport:
    """Build an import in progress; ``rest`` are fields of ``LeadImport``."""
    given: dict[str, Any] = {"started_at": NOW, "updated_at": NOW, "actor": "user:ann"} | rest
    return LeadImport(id=import_id, **given)


def add(unit_of_work: UnitOfWorkFactory, *imports: LeadImport) -> None:
    """Add imports, and commit."""
    with unit_of_work() as tx:
        for one in imports:
            tx.imports.add(one)
        tx.commit()


def add_all(unit_of_work: UnitOfWorkFactory, *leads: Lead) -> dict[str, str]:
    """Add leads in one batch, and commit."""
    with unit_of_work() as tx:
        primary_ids = tx.leads.add_all(leads)
        new = [lead.id for lead in leads if primary_ids[lead.identity] == lead.id]
        tx.history.begin(make_entry(), new)
        tx.commit()
    return primary_ids


class ImportStoreContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_import_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        full = make_import(
            "full",
            file_name="Zoë\n北京.csv",
            state=ImportState.UNDONE,
            notifies=True,
            created=1,
            updated=2,
            duplicates=3,
            rejected=4,
            removed=5,
            rows=10,
        )
        add(unit_of_work, make_import(), full)
        for begin in (unit_of_work, unit_of_work.read_only):
            with begin() as tx:
                assert [tx.imports.get(one) for one in ("import-1", "full")] == [make_import(), full]

    def test_saved_import_replaces_the_stored_one(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_import(), make_import("other"))
        later = evolve(
            make_import(),
            state=ImportState.COMPLETED,
            created=7,
            rows=7,
            updated_at=NOW + timedelta(seconds=1),
        )
        with unit_of_work() as tx:
            tx.imports.save(later)
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert [tx.imports.get(one) for one in ("import-1", "other")] == [later, make_import("other")]

    def test_id_of_an_import_is_taken(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, make_import())
        with unit_of_work() as tx:
            with pytest.raises(ImportExists):
                tx.imports.add(make_import(file_name="again.csv"))
            assert tx.imports.get("import-1") == make_import()

    def test_unknown_import_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            with pytest.raises(ImportNotFound):
                tx.imports.get("unknown")
            with pytest.raises(ImportNotFound):
                tx.imports.save(make_import("unknown"))

    def test_imports_are_latest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        old, same, latest = (
            make_import("c", started_at=NOW - timedelta(days=1)),
            make_import("a"),
            make_import("b"),
        )
        add(unit_of_work, same, latest, old)
        with unit_of_work.read_only() as tx:
            page = tx.imports.page(limit=2)
            after = Cursor(page[-1].started_at, page[-1].id)
            assert [*page, *tx.imports.page(limit=2, after=after)] == [latest, same, old]

    def test_leads_of_an_import_are_found_oldest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        leads = [
            make_lead(f"lead-{name}", f"{name}@example.com", import_id="import-1", created_at=NOW + age * DAY)
            for name, age in [("d", 0), ("b", 1), ("c", 1), ("e", 1), ("a", 2)]
        ]
        other = make_lead("lead-other", "o@example.com", import_id="import-2")
        store(unit_of_work, *reversed(leads), other, make_lead("lead-none", "none@example.com"))
        with unit_of_work() as tx:
            assert tx.leads.imported("import-1", limit=2) == leads[:2]
            after = Cursor(leads[1].created_at, leads[1].id)
            assert tx.leads.imported("import-1", limit=9, after=after) == leads[2:]

    def test_batch_stores_new_people_only(self, unit_of_work: UnitOfWorkFactory) -> None:
        known = make_lead("known")
        store(unit_of_work, known)
        many = [make_lead(f"new-{number:03}", f"p{number}@example.com") for number in range(205)]
        again = make_lead("again")
        primary_ids = add_all(unit_of_work, again, *many)
        assert primary_ids == {"ann@example.com": "known"} | {lead.identity: lead.id for lead in many}
        with unit_of_work.read_only() as tx:
            assert tx.leads.get("new-204") == many[204]
            assert tx.leads.find_primary("ann@example.com") == known
            assert [one.action for one in tx.history.of("new-007")] == [make_entry().action]
            assert tx.history.of("again") == []

    def test_leads_of_a_batch_keep_values_that_the_others_lack(self, unit_of_work: UnitOfWorkFactory) -> None:
        bare = make_lead("a")
        full = make_lead("b", "b@example.com", NOW - timedelta(1), gclid="click", owner="mia", hold="court")
        assert add_all(unit_of_work, bare, full) == {bare.identity: "a", full.identity: "b"}
        with unit_of_work.read_only() as tx:
            assert [tx.leads.get("a"), tx.leads.get("b")] == [bare, full]

    def test_leads_of_a_batch_are_found_by_their_words(self, unit_of_work: UnitOfWorkFactory) -> None:
        add_all(
            unit_of_work, make_lead("a", first_name="Zoë"), make_lead("b", "b@example.com", first_name="Bo")
        )
        with unit_of_work.read_only() as tx:
            found = tx.leads.page(LeadFilter(search=Search.parse("zoe")), limit=5).items
        assert [lead.id for lead in found] == ["a"]

    def test_empty_batch_stores_nothing(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert add_all(unit_of_work) == {}

    def test_one_of_several_concurrent_batches_stores_a_person(self, unit_of_work: UnitOfWorkFactory) -> None:
        def add_batch(number: int) -> dict[str, str]:
            people = (make_lead(f"{number}-{one}", f"p{one}@example.com") for one in range(20))
            return add_all(unit_of_work, *people)

        results = run_in_threads(4, add_batch)
        assert len(results[0]) == 20
        assert all(one == results[0] for one in results)

    def test_pieces_of_a_file_round_trip(self, unit_of_work: UnitOfWorkFactory) -> None:
        pieces = [FilePiece("file-1", number, "Zoë.csv", NOW, bytes([number, 0, 255])) for number in range(2)]
        other = FilePiece("file-2", 0, "b.csv", NOW - timedelta(days=1), b"x")
        with unit_of_work() as tx:
            for piece in (*pieces, other):
                tx.imports.add_piece(piece)
            tx.commit()
        with unit_of_work() as tx:
            assert [tx.imports.piece("file-1", number) for number in range(3)] == [*pieces, None]
            assert tx.imports.purge_files(NOW) == 1
            tx.imports.remove_file("file-1")
            tx.imports.remove_file("unknown")
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert [tx.imports.piece(name, 0) for name in ("file-1", "file-2")] == [None, None]
