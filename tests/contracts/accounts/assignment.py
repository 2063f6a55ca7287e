"""Contract suite of ``LeadRepository`` and ``DeliveryRepository``: owners of new leads."""

from collections import Counter

import pytest
from attrs import evolve

from leadtracker.domain.model.accounts.account import Assignment, User
from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.leads.lead_repository import everything, store
from tests.support.builders import make_delivery, make_lead, make_user
from tests.support.clock import NOW
from tests.support.instruments.concurrency import run_in_threads

THREADS = 20
LEADS_PER_THREAD = 15
NAMES = ("ann", "bob", "cem")
WAYS = (Assignment.ROUND_ROBIN, Assignment.LEAST_BUSY)


def employ(unit_of_work: UnitOfWorkFactory, *users: User) -> None:
    """Add users; without any, three who are assignable and one who is not."""
    staff = [make_user(name, is_assignable=True) for name in NAMES]
    with unit_of_work() as tx:
        for user in users or (*staff, make_user("dan")):
            tx.users.add(user)
        tx.commit()


def receive(
    unit_of_work: UnitOfWorkFactory, number: int, way: Assignment, email: str | None = None
) -> str | None:
    """Store a lead, and return its owner."""
    lead = make_lead(f"lead-{number}", email or f"p{number}@x.example")
    with unit_of_work() as tx:
        tx.leads.add_or_mark_duplicate(lead, way)
        tx.commit()
    with unit_of_work.read_only() as tx:
        return tx.leads.get(lead.id).owner


def disable(unit_of_work: UnitOfWorkFactory, name: str) -> None:
    """Disable a user."""
    with unit_of_work() as tx:
        tx.users.save(evolve(tx.users.get(name), disabled_at=NOW))
        tx.commit()


class AssignmentContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_round_robin_goes_by_the_order_of_names(self, unit_of_work: UnitOfWorkFactory) -> None:
        employ(unit_of_work)
        owners = [receive(unit_of_work, number, Assignment.ROUND_ROBIN) for number in range(7)]
        assert owners == ["ann", "bob", "cem", "ann", "bob", "cem", "ann"]

    @pytest.mark.parametrize("way", WAYS)
    def test_concurrent_leads_are_assigned_exactly(
        self, unit_of_work: UnitOfWorkFactory, way: Assignment
    ) -> None:
        employ(unit_of_work)

        def send(thread: int) -> None:
            for number in range(LEADS_PER_THREAD):
                with unit_of_work() as tx:
                    lead = make_lead(f"lead-{thread}-{number}", f"p{thread}.{number}@x.example")
                    tx.leads.add_or_mark_duplicate(lead, way)
                    tx.commit()

        run_in_threads(THREADS, send)
        owners = Counter(lead.owner for lead in everything(unit_of_work).values())
        assert owners == dict.fromkeys(NAMES, THREADS * LEADS_PER_THREAD // len(NAMES))

    def test_fewest_open_leads_decide(self, unit_of_work: UnitOfWorkFactory) -> None:
        employ(unit_of_work)
        store(
            unit_of_work,
            make_lead("a", "a@x.example", owner="ann"),
            make_lead("b", "b@x.example", owner="bob", state=LeadState.REACHED_OUT),
            make_lead("c", "c@x.example", owner="cem", state=LeadState.LOST),
            make_lead("d", "d@x.example", owner="cem", state=LeadState.CONVERTED),
        )
        assert [receive(unit_of_work, one, Assignment.LEAST_BUSY) for one in range(4)] == [
            "cem",
            "ann",
            "bob",
            "cem",
        ]

    @pytest.mark.parametrize("way", WAYS)
    def test_disabled_user_gets_none(self, unit_of_work: UnitOfWorkFactory, way: Assignment) -> None:
        employ(unit_of_work)
        disable(unit_of_work, "bob")
        owners = [receive(unit_of_work, number, way) for number in range(6)]
        assert sorted(map(str, owners)) == ["ann"] * 3 + ["cem"] * 3

    @pytest.mark.parametrize("way", Assignment)
    def test_without_assignable_users_leads_are_unowned(
        self, unit_of_work: UnitOfWorkFactory, way: Assignment
    ) -> None:
        employ(unit_of_work, make_user("dan"), make_user("eve", is_assignable=True, disabled_at=NOW))
        assert receive(unit_of_work, 1, way) is None

    def test_without_an_assignment_leads_are_unowned(self, unit_of_work: UnitOfWorkFactory) -> None:
        employ(unit_of_work)
        assert receive(unit_of_work, 1, Assignment.NONE) is None

    @pytest.mark.parametrize("way", WAYS)
    def test_repeat_enquiry_goes_to_the_owner_of_its_primary_lead(
        self, unit_of_work: UnitOfWorkFactory, way: Assignment
    ) -> None:
        employ(unit_of_work)
        store(unit_of_work, make_lead("first", "again@x.example", owner="cem"))
        assert [receive(unit_of_work, one, way, "again@x.example") for one in range(3)] == ["cem"] * 3
        assert receive(unit_of_work, 3, way) == "ann"
        disable(unit_of_work, "cem")
        assert receive(unit_of_work, 4, way, "again@x.example") == "bob"

    def test_only_leads_without_an_owner_are_counted(self, unit_of_work: UnitOfWorkFactory) -> None:
        employ(unit_of_work)
        with unit_of_work() as tx:
            tx.leads.add(make_lead("a", "a@x.example"), Assignment.ROUND_ROBIN)
            tx.leads.add(make_lead("b", "b@x.example", owner="dan"), Assignment.ROUND_ROBIN)
            tx.leads.add(make_lead("c", "c@x.example"), Assignment.ROUND_ROBIN)
            tx.commit()
        owners = {lead.id: lead.owner for lead in everything(unit_of_work).values()}
        assert owners == {"a": "ann", "b": "dan", "c": "bob"}

    def test_owners_of_several_leads(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead("a", "a@x.example", owner="ann"), make_lead("b", "b@x.example"))
        with unit_of_work.read_only() as tx:
            assert tx.leads.owners({"a", "b", "unknown"}) == {"a": "ann"}
            assert tx.leads.owners([]) == {}


class OwnerNotificationContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_reachable_owner_is_notified_alone(self, unit_of_work: UnitOfWorkFactory) -> None:
        employ(unit_of_work, make_user("ann", email="Ann@Firm.example"))
        assert self.notify(unit_of_work, "ann", "x@firm.example", "y@firm.example") == [
            ("Ann@Firm.example", "ann@firm.example")
        ]
        assert self.notify(unit_of_work, "ann", "") == [("Ann@Firm.example", "ann@firm.example")]

    @pytest.mark.parametrize("owner", [None, "without", "disabled", "gone"])
    def test_without_reachable_owner_all_are_notified(
        self, unit_of_work: UnitOfWorkFactory, owner: str | None
    ) -> None:
        disabled = make_user("disabled", email="d@firm.example", disabled_at=NOW)
        employ(unit_of_work, make_user("without"), disabled)
        everyone = ["x@firm.example", "y@firm.example"]
        assert self.notify(unit_of_work, owner, *everyone) == [(one, one) for one in everyone]
        assert self.notify(unit_of_work, owner, "") == []

    def notify(
        self, unit_of_work: UnitOfWorkFactory, owner: str | None, *recipients: str
    ) -> list[tuple[str, str]]:
        """Store notifications of a new lead, and return the recipients of those that were stored."""
        lead_id = f"lead-{owner}-{len(recipients)}"
        mails = [
            make_delivery(f"{lead_id}-{one}", lead_id=lead_id, recipient=one, recipient_key=one)
            for one in recipients
        ]
        with unit_of_work() as tx:
            tx.leads.add_or_mark_duplicate(make_lead(lead_id, f"{lead_id}@x.example", owner=owner))
            tx.deliveries.notify(mails)
            tx.commit()
        with unit_of_work.read_only() as tx:
            stored: list[Delivery] = list(tx.deliveries.page(None, limit=99).items)
        found = sorted((one for one in stored if one.lead_id == lead_id), key=lambda one: one.recipient)
        return [(one.recipient, one.recipient_key) for one in found]
