"""Contract suite of ``SealedLeads``."""

from datetime import datetime

from attrs import evolve

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.reports.sealed_leads import Difference, Exclusion, SealedLead
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_lead, make_quarantined_lead, make_rejected, make_week
from tests.support.clock import MICROSECOND, WEEK

THIS_WEEK = make_week("2026-W46")
START, END = THIS_WEEK.start, THIS_WEEK.end


def store(unit_of_work: UnitOfWorkFactory, *leads: Lead) -> None:
    """Store leads; those of a known address become duplicates."""
    with unit_of_work() as tx:
        for lead in leads:
            tx.leads.add_or_mark_duplicate(lead)
        tx.commit()


def erase(unit_of_work: UnitOfWorkFactory, *lead_ids: str) -> None:
    """Erase leads."""
    with unit_of_work() as tx:
        for lead_id in lead_ids:
            tx.leads.erase(lead_id)
        tx.commit()


def seal(unit_of_work: UnitOfWorkFactory) -> int:
    """Seal this week."""
    with unit_of_work() as tx:
        number = tx.sealed_leads.seal(THIS_WEEK)
        tx.commit()
    return number


def counted(unit_of_work: UnitOfWorkFactory) -> list[SealedLead]:
    with unit_of_work.read_only() as tx:
        return tx.sealed_leads.counted(THIS_WEEK)


def excluded(unit_of_work: UnitOfWorkFactory) -> list[SealedLead]:
    with unit_of_work.read_only() as tx:
        return tx.sealed_leads.excluded(THIS_WEEK)


def difference(unit_of_work: UnitOfWorkFactory) -> Difference:
    with unit_of_work.read_only() as tx:
        return tx.sealed_leads.difference(THIS_WEEK)


def lead_at(lead_id: str, created_at: datetime, email: str = "") -> Lead:
    return make_lead(lead_id, email or f"{lead_id}@example.com", created_at)


class SealedLeadsContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_week_includes_its_start_and_not_its_end(self, unit_of_work: UnitOfWorkFactory) -> None:
        times = {"before": START - MICROSECOND, "first": START, "last": END - MICROSECOND, "after": END}
        store(unit_of_work, *(lead_at(name, time) for name, time in times.items()))
        assert seal(unit_of_work) == 2
        assert [lead.id for lead in counted(unit_of_work)] == ["first", "last"]
        assert excluded(unit_of_work) == []

    def test_week_without_leads_counts_none(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert seal(unit_of_work) == 0
        assert counted(unit_of_work) == excluded(unit_of_work) == []
        assert difference(unit_of_work) == Difference(today=0)

    def test_each_excluded_lead_has_reason(self, unit_of_work: UnitOfWorkFactory) -> None:
        primary, repeat, gone = (
            lead_at("primary", START, "a@example.com"),
            lead_at("repeat", START + 2 * MICROSECOND, "a@example.com"),
            lead_at("gone", START + 4 * MICROSECOND),
        )
        store(unit_of_work, primary, repeat, gone)
        erase(unit_of_work, "gone")
        with unit_of_work() as tx:
            spam = make_quarantined_lead("spam", created_at=START + MICROSECOND)
            tx.quarantine.add(spam, [])
            tx.rejected_submissions.add(make_rejected("bad", received_at=START + 3 * MICROSECOND), START)
            tx.commit()
        assert seal(unit_of_work) == 1
        store(unit_of_work, lead_at("late", START + 5 * MICROSECOND))
        assert [(one.id, one.reason, one.erased) for one in excluded(unit_of_work)] == [
            ("spam", Exclusion.QUARANTINED, True),
            ("repeat", Exclusion.REPEAT, False),
            ("bad", Exclusion.QUARANTINED, True),
            ("gone", Exclusion.ERASED, True),
            ("late", Exclusion.ADDED_LATER, False),
        ]
        assert counted(unit_of_work) == [SealedLead("primary", START)]

    def test_lead_that_came_and_went_after_sealing_is_excluded(self, unit_of_work: UnitOfWorkFactory) -> None:
        seal(unit_of_work)
        store(unit_of_work, lead_at("late", START))
        erase(unit_of_work, "late")
        assert excluded(unit_of_work) == [SealedLead("late", START, Exclusion.ADDED_LATER, erased=True)]
        assert difference(unit_of_work) == Difference(today=0)

    def test_erased_leads_stay_counted(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, lead_at("one", START), lead_at("two", START))
        seal(unit_of_work)
        erase(unit_of_work, "one")
        assert counted(unit_of_work) == [
            SealedLead("one", START, erased=True),
            SealedLead("two", START),
        ]
        assert difference(unit_of_work) == Difference(today=1, erased=1)

    def test_difference_names_every_change(self, unit_of_work: UnitOfWorkFactory) -> None:
        names = [f"lead-{number}" for number in range(4)]
        store(unit_of_work, *(lead_at(name, START) for name in names))
        store(unit_of_work, lead_at("repeat", START, "lead-0@example.com"))
        with unit_of_work() as tx:
            tx.quarantine.add(make_quarantined_lead("spam", "spam@example.com", created_at=START), [])
            tx.commit()
        assert seal(unit_of_work) == 4
        erase(unit_of_work, "lead-1")
        with unit_of_work() as tx:
            lead, repeat = tx.leads.get("lead-2"), tx.leads.get("repeat")
            tx.leads.save(evolve(lead, version=2, duplicate_of="lead-3"))
            separate = make_lead("x", "other@example.com").email
            tx.leads.save(evolve(repeat, version=2, duplicate_of=None, email=separate))
            tx.quarantine.remove("spam")
            tx.commit()
        store(unit_of_work, *(lead_at(name, START) for name in ("spam", "late", "later")))
        assert difference(unit_of_work) == Difference(
            today=6, erased=1, linked=1, unlinked=1, released=1, added=2
        )
        assert difference(unit_of_work).change == 2

    def test_pages_continue_at_the_cursor(self, unit_of_work: UnitOfWorkFactory) -> None:
        # Two leads at each time, so that pages must distinguish them by id.
        leads = [lead_at(f"lead-{number}", START + number // 2 * MICROSECOND) for number in range(5)]
        again = [evolve(lead_at(f"x{lead.id}", lead.created_at), email=lead.email) for lead in leads]
        store(unit_of_work, *leads, *again)
        seal(unit_of_work)
        with unit_of_work.read_only() as tx:
            for read in (tx.sealed_leads.counted, tx.sealed_leads.excluded):
                pages, cursor = list[SealedLead](), None
                while page := read(THIS_WEEK, limit=2, after=cursor):
                    pages += page
                    cursor = page[-1].cursor
                assert pages == read(THIS_WEEK)
                assert len(pages) == 5

    def test_weeks_are_sealed_apart(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, lead_at("now", START), lead_at("then", START - WEEK))
        with unit_of_work() as tx:
            numbers = [tx.sealed_leads.seal(make_week(name)) for name in ("2026-W45", "2026-W46")]
            tx.commit()
        assert numbers == [1, 1]
        assert [lead.id for lead in counted(unit_of_work)] == ["now"]
