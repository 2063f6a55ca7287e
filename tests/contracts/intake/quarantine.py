"""Contract suite of ``Quarantine``."""

from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import QuarantinedLeadNotFound
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.leads.lead_file import Attachment
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_quarantined_lead, make_resume
from tests.support.clock import NOW

FILE = make_resume("cv.pdf", b"%PDF-" + bytes(range(256)) * 50)
PHOTO = make_resume("photo.txt", b"photo")
OLD = make_quarantined_lead("old", created_at=NOW - timedelta(days=1))
FULL = make_quarantined_lead(
    "full",
    "Bob@example.com",
    reason=QuarantineReason.TOO_FAST,
    consent="I agree.",
    request_id="r-1",
    phone="+4930901820",
    message="Zoë\n北京",
    source="ad",
    resume=FILE.metadata,
    attachments=(Attachment("1", PHOTO.metadata),),
)
LATEST = make_quarantined_lead("latest", created_at=NOW + timedelta(seconds=1))


def stored(unit_of_work: UnitOfWorkFactory) -> list[QuarantinedLead]:
    """Return all quarantined leads, latest first."""
    with unit_of_work.read_only() as tx:
        return list(tx.quarantine.page(limit=100).items)


class QuarantineContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture(autouse=True)
    def _stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            for quarantined_lead in (FULL, LATEST, OLD):
                tx.quarantine.add(quarantined_lead, [FILE, PHOTO] if quarantined_lead is FULL else [])
            tx.commit()

    def test_quarantined_lead_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        for begin in (unit_of_work, unit_of_work.read_only):
            with begin() as tx:
                assert [tx.quarantine.get(name) for name in ("full", "old")] == [FULL, OLD]
                assert [tx.quarantine.files_of(name) for name in ("full", "old", "unknown")] == [
                    {"resume": FILE, "1": PHOTO},
                    {},
                    {},
                ]

    @pytest.mark.parametrize("quarantined_lead_id", ["unknown", "\x00"])
    def test_unknown_id_is_not_found(self, unit_of_work: UnitOfWorkFactory, quarantined_lead_id: str) -> None:
        with unit_of_work.read_only() as tx, pytest.raises(QuarantinedLeadNotFound):
            tx.quarantine.get(quarantined_lead_id)
        with unit_of_work() as tx, pytest.raises(QuarantinedLeadNotFound):
            tx.quarantine.remove("unknown")

    def test_pages_follow_latest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        twin = evolve(FULL, lead=evolve(FULL.lead, id="g-after-full"))
        with unit_of_work() as tx:
            tx.quarantine.add(twin, [FILE, PHOTO])
            tx.commit()
        seen: list[QuarantinedLead] = []
        after: Cursor | None = None
        with unit_of_work.read_only() as tx:
            while True:
                page = tx.quarantine.page(limit=1, after=after)
                seen.extend(page.items)
                after = page.next
                if after is None:
                    break
        assert seen == [LATEST, twin, FULL, OLD]

    def test_entries_are_found_by_address(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            assert tx.quarantine.of("ann@example.com") == [OLD, LATEST]
            assert tx.quarantine.of("ann@example.com", limit=1) == [OLD]
            assert tx.quarantine.of("unknown@example.com") == []

    def test_removed_entry_is_gone(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.quarantine.remove("full")
            tx.commit()
        assert stored(unit_of_work) == [LATEST, OLD]
        with unit_of_work.read_only() as tx:
            assert tx.quarantine.files_of("full") == {}

    def test_expired_entries_are_purged(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            assert tx.quarantine.purge(OLD.received_at) == 0
            assert tx.quarantine.purge(NOW) == 1
            tx.commit()
        assert stored(unit_of_work) == [LATEST, FULL]

    def test_quarantine_is_separate_from_leads(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work.read_only() as tx:
            assert tx.leads.find_primary("ann@example.com") is None
            assert tx.leads.count_for_report(NOW - timedelta(days=9), NOW + timedelta(days=9)) == 0

    def test_uncommitted_changes_are_not_stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.quarantine.add(make_quarantined_lead("new"), [])
            tx.quarantine.remove("old")
        assert stored(unit_of_work) == [LATEST, FULL, OLD]
