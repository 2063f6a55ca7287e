"""Contract suite of ``LeadRepository``: changes and erasures in a single unit of work."""

from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.errors import DuplicateLead, LeadNotFound, VersionConflict
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import everything, store
from tests.support.builders import make_lead
from tests.support.clock import EARLIEST, LATEST, MICROSECOND, NOW

BOB = EmailAddress.parse("bob@example.com")
OPTIONAL = ("phone", "message", "source", "follow_up_at", "contacted_at")


def save(unit_of_work: UnitOfWorkFactory, lead: Lead) -> Lead:
    """Commit a change of a lead."""
    with unit_of_work() as tx:
        tx.leads.save(lead)
        tx.commit()
    return lead


def erase(unit_of_work: UnitOfWorkFactory, lead_id: str) -> None:
    """Erase a lead and commit."""
    with unit_of_work() as tx:
        tx.leads.erase(lead_id)
        tx.commit()


def changed(lead: Lead, **values: object) -> Lead:
    """Return the next version of a lead."""
    return evolve(lead, **values).changed(NOW + timedelta(hours=1))  # type: ignore[arg-type]


def find_primary(unit_of_work: UnitOfWorkFactory, identity: str = "ann@example.com") -> Lead | None:
    """Return the committed primary lead of a person."""
    with unit_of_work.read_only() as tx:
        return tx.leads.find_primary(identity)


class LeadChangesContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_hold_is_stored_separately_from_changes(self, unit_of_work: UnitOfWorkFactory) -> None:
        lead = make_lead()
        store(unit_of_work, lead)
        with unit_of_work() as tx:
            tx.leads.set_hold(lead.id, "lawsuit")
            tx.commit()
        save(unit_of_work, changed(lead, first_name="Zoë"))
        with unit_of_work.read_only() as tx:
            stored = tx.leads.get(lead.id)
            [held] = tx.leads.page(LeadFilter(is_on_hold=True), limit=2).items
        assert (stored.hold, stored.first_name, stored.version) == ("lawsuit", "Zoë", 2)
        assert held == stored
        with unit_of_work() as tx:
            tx.leads.set_hold(lead.id, None)
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.leads.page(LeadFilter(is_on_hold=True), limit=2).items == ()

    @pytest.mark.parametrize(
        "values",
        [
            pytest.param({}, id="only its version"),
            pytest.param(
                {
                    "first_name": "Zoë 🦊",
                    "last_name": "O'Neil; DROP TABLE leads",
                    "email": EmailAddress.parse("Zoë.Müller@Bücher.example"),
                    "phone": "+15551234567",
                    "message": "Hello,\r\nworld % _ \\ ' \" ?",
                    "source": "ad: 50 %",
                    "state": LeadState.LOST,
                    "follow_up_at": NOW + MICROSECOND,
                    "contacted_at": NOW + 2 * MICROSECOND,
                },
                id="every field",
            ),
            pytest.param({"follow_up_at": EARLIEST, "contacted_at": EARLIEST}, id="earliest"),
            pytest.param({"follow_up_at": LATEST - MICROSECOND, "contacted_at": LATEST}, id="latest"),
            pytest.param({"email": EmailAddress("", "erased lead-1")}, id="no address"),
            pytest.param({"email": None, "last_name": None, "phone": "+15551234567"}, id="phone only"),
        ],
    )
    def test_saved_lead_round_trips(self, unit_of_work: UnitOfWorkFactory, values: dict[str, object]) -> None:
        [lead] = store(unit_of_work, make_lead())
        other = store(unit_of_work, make_lead("other", "other@example.com"))
        saved = save(unit_of_work, changed(lead, **values))
        assert everything(unit_of_work) == {"lead-1": saved, "other": other[0]}
        emptied = save(unit_of_work, changed(saved, **dict.fromkeys(OPTIONAL)))
        assert everything(unit_of_work)["lead-1"] == emptied

    def test_captured_lead_keeps_its_contact_times(self, unit_of_work: UnitOfWorkFactory) -> None:
        lead = make_lead(contacted_at=NOW - MICROSECOND, follow_up_at=NOW + MICROSECOND)
        assert [*store(unit_of_work, lead), *everything(unit_of_work).values()] == [lead, lead]

    @pytest.mark.parametrize("version", [1, 2, 4, 99])
    def test_saving_a_stale_version_changes_nothing(
        self, unit_of_work: UnitOfWorkFactory, version: int
    ) -> None:
        lead = make_lead(version=2)
        store(unit_of_work, lead)
        with unit_of_work() as tx:
            with pytest.raises(VersionConflict) as raised:
                tx.leads.save(evolve(lead, first_name="Bob", version=version))
            tx.leads.add(make_lead("other", "other@example.com"))
            tx.commit()
        assert raised.value.version == 2
        assert everything(unit_of_work)["lead-1"] == lead
        assert "other" in everything(unit_of_work)

    def test_missing_lead_cannot_be_saved(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx, pytest.raises(LeadNotFound) as raised:
            tx.leads.save(make_lead("unknown", version=2))
        assert raised.value.name == "unknown"

    def test_phone_number_identifies_a_lead_without_address(self, unit_of_work: UnitOfWorkFactory) -> None:
        ann = evolve(make_lead(), email=None, phone="+15551234567")
        bob = make_lead("bob", "bob@example.com", phone="+15551234567")  # known by his address
        store(unit_of_work, ann, bob)
        with unit_of_work() as tx:
            tx.leads.add_or_mark_duplicate(evolve(ann, id="again"))
            with pytest.raises(DuplicateLead) as raised:
                tx.leads.save(changed(bob, email=None))
            tx.commit()
        assert raised.value.lead_id == ann.id
        stored = everything(unit_of_work)
        assert [stored[one].duplicate_of for one in ("lead-1", "bob", "again")] == [None, None, "lead-1"]
        assert find_primary(unit_of_work, "+15551234567") == evolve(ann, enquiries=1, last_touch=ann.touch)

    def test_taken_address_leaves_transaction_usable(self, unit_of_work: UnitOfWorkFactory) -> None:
        ann, bob = store(unit_of_work, make_lead(), make_lead("bob", "bob@example.com"))
        with unit_of_work() as tx:
            tx.leads.add(make_lead("before", "before@example.com"))
            with pytest.raises(DuplicateLead) as raised:
                tx.leads.save(changed(ann, email=EmailAddress.parse("BOB@example.com")))
            transitioned = changed(tx.leads.get("lead-1"), email=EmailAddress.parse("ann@new.example"))
            tx.leads.save(transitioned)
            tx.commit()
        assert raised.value.lead_id == "bob"
        before = make_lead("before", "before@example.com")
        assert everything(unit_of_work) == {"lead-1": transitioned, "bob": bob, "before": before}

    def test_changing_address_frees_old_one(self, unit_of_work: UnitOfWorkFactory) -> None:
        [lead] = store(unit_of_work, make_lead())
        transitioned = save(unit_of_work, changed(lead, email=BOB))
        assert (find_primary(unit_of_work), find_primary(unit_of_work, BOB.key)) == (None, transitioned)
        old, new = store(unit_of_work, make_lead("a"), make_lead("b", BOB.text))
        assert (old.duplicate_of, new.duplicate_of) == (None, "lead-1")

    def test_linking_a_lead_frees_its_address(self, unit_of_work: UnitOfWorkFactory) -> None:
        [ann, _] = store(unit_of_work, make_lead(), make_lead("bob", "bob@example.com"))
        linked = save(unit_of_work, changed(ann, duplicate_of="bob"))
        assert everything(unit_of_work)["lead-1"] == linked
        assert find_primary(unit_of_work) is None
        assert store(unit_of_work, make_lead("new"))[0].duplicate_of is None

    def test_unlinking_a_lead_takes_its_address(self, unit_of_work: UnitOfWorkFactory) -> None:
        [ann, duplicate] = store(unit_of_work, make_lead(), make_lead("duplicate"))
        save(unit_of_work, changed(ann, email=BOB))
        unlinked = save(unit_of_work, changed(duplicate, duplicate_of=None))
        assert find_primary(unit_of_work) == unlinked
        assert store(unit_of_work, make_lead("new"))[0].duplicate_of == "duplicate"

    def test_unlinking_to_a_taken_address_is_rejected(self, unit_of_work: UnitOfWorkFactory) -> None:
        _, duplicate = store(unit_of_work, make_lead(), make_lead("duplicate"))
        with unit_of_work() as tx, pytest.raises(DuplicateLead) as raised:
            tx.leads.save(changed(duplicate, duplicate_of=None))
        assert raised.value.lead_id == "lead-1"

    def test_duplicate_may_have_any_address(self, unit_of_work: UnitOfWorkFactory) -> None:
        _, duplicate, bob = store(
            unit_of_work, make_lead(), make_lead("duplicate"), make_lead("bob", "bob@example.com")
        )
        saved = save(unit_of_work, changed(duplicate, email=BOB))
        assert (everything(unit_of_work)["duplicate"], find_primary(unit_of_work, BOB.key)) == (saved, bob)

    def test_the_primary_lead_of_an_address_is_found_by_its_key(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        assert find_primary(unit_of_work) is None
        first, *_ = store(unit_of_work, make_lead("b"), make_lead("a"), make_lead("c"))
        assert find_primary(unit_of_work) == first
        assert find_primary(unit_of_work, "ANN@example.com") is None

    def test_erased_lead_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        other = make_lead("other", "other@example.com", first_name="Bob")
        store(unit_of_work, make_lead(message="help"), other)
        erase(unit_of_work, "lead-1")
        assert everything(unit_of_work) == {"other": other}
        assert find_primary(unit_of_work) is None
        with unit_of_work.read_only() as tx:
            with pytest.raises(LeadNotFound):
                tx.leads.get("lead-1")
            for text in ("ann@example.com", "help"):
                lead_filter = LeadFilter(search=Search.parse(text), duplicates=Duplicates.INCLUDE)
                assert tx.leads.page(lead_filter, limit=9).items == ()

    def test_erased_lead_frees_its_address(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead())
        erase(unit_of_work, "lead-1")
        again = make_lead()
        assert store(unit_of_work, again) == [again]

    def test_erasing_a_duplicate_leaves_the_primary_lead_alone(self, unit_of_work: UnitOfWorkFactory) -> None:
        first, _ = store(unit_of_work, make_lead(), make_lead("duplicate"))
        erase(unit_of_work, "duplicate")
        assert find_primary(unit_of_work) == evolve(first, last_touch=None)

    def test_missing_lead_cannot_be_erased(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead())
        with unit_of_work() as tx:
            with pytest.raises(LeadNotFound) as raised:
                tx.leads.erase("unknown")
            tx.leads.add(make_lead("other", "other@example.com"))
            tx.commit()
        assert raised.value.name == "unknown"
        assert everything(unit_of_work).keys() == {"lead-1", "other"}

    def test_rolled_back_erasure_changes_nothing(self, unit_of_work: UnitOfWorkFactory) -> None:
        [lead] = store(unit_of_work, make_lead())
        with unit_of_work() as tx:
            tx.leads.erase("lead-1")
        assert find_primary(unit_of_work) == lead

    def test_states_of_open_enquiries_are_stored_together(self, unit_of_work: UnitOfWorkFactory) -> None:
        states = [LeadState.PENDING, LeadState.LOST, LeadState.PENDING, LeadState.PENDING]
        times = [NOW + number * MICROSECOND for number in range(len(states))]
        again = [
            make_lead(f"again-{at.microsecond}", email="a@b.example", created_at=at, state=state)
            for at, state in zip(times, states, strict=True)
        ]
        store(
            unit_of_work, make_lead("ann", email="a@b.example"), *again, make_lead("c", email="c@b.example")
        )
        with unit_of_work() as tx:
            found = tx.leads.open_enquiries("ann", limit=2)
            answered = [one.with_state(LeadState.REACHED_OUT, NOW).changed(LATEST) for one in found]
            tx.leads.save_states(answered)
            tx.leads.save_states([])
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert [one.id for one in answered] == [again[0].id, again[2].id]
            assert [tx.leads.get(one.id) for one in answered] == answered
            assert [one.id for one in tx.leads.open_enquiries("ann", limit=9)] == [again[3].id]
            assert tx.leads.open_enquiries("c", limit=9) == []
