"""Many write at once: to one address, number or history; the database decides who was first."""

import time
from datetime import timedelta

import pytest

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.adapters.system.operating_system import SystemIdSource
from leadtracker.adapters.system.phone_parser import LibPhoneParser
from leadtracker.domain.errors import DuplicateLead
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Actor
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.files.file_storage import FileStorage
from leadtracker.domain.use_cases.intake.capture_lead import CaptureLead, DuplicatePolicy
from leadtracker.domain.use_cases.intake.receive_canary import ReceiveCanary
from tests.contracts.leads.lead_repository import everything, store
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import make_entry, make_fields, make_lead
from tests.support.clock import NOW
from tests.support.examples.address_variants import ADDRESS_VARIANTS
from tests.support.instruments.concurrency import run_in_threads
from tests.support.memory.system import NO_FLOOR, MemoryClock

THREADS = 20
PROCESSES = 30


@pytest.fixture
def capture(unit_of_work: UnitOfWorkFactory) -> CaptureLead:
    clock, ids = MemoryClock(NOW), SystemIdSource()
    notifications = Notifications(ids=ids, notify=(), endpoints=())
    return CaptureLead(
        unit_of_work=unit_of_work,
        clock=clock,
        ids=ids,
        phones=LibPhoneParser(region=None),
        duplicate_policy=DuplicatePolicy.LINK,
        notifications=notifications,
        file_storage=FileStorage(
            unit_of_work=unit_of_work, clock=clock, ids=ids, objects=None, disk_floor=NO_FLOOR
        ),
        receive_canary=ReceiveCanary(
            unit_of_work=unit_of_work,
            clock=clock,
            notifications=notifications,
            recipient=EmailAddress.parse("canary@example.com"),
        ),
    )


def primary_leads(unit_of_work: UnitOfWorkFactory) -> list[Lead]:
    return [lead for lead in everything(unit_of_work).values() if lead.duplicate_of is None]


def test_twenty_prospects_with_one_address_leave_one_primary_lead_and_nineteen_duplicates(
    capture: CaptureLead, unit_of_work: UnitOfWorkFactory
) -> None:
    responses = run_in_threads(THREADS, lambda n: capture(PUBLIC, make_fields(ADDRESS_VARIANTS[n])).lead)
    (first,) = primary_leads(unit_of_work)
    stored = everything(unit_of_work)
    assert stored.keys() == {response.id for response in responses}
    assert {lead.duplicate_of for lead in stored.values()} == {None, first.id}
    with unit_of_work.read_only() as tx:
        assert tx.leads.count_for_report(NOW, NOW + timedelta(days=7)) == 1


def test_twenty_prospects_with_one_phone_number_leave_one_primary_lead(
    capture: CaptureLead, unit_of_work: UnitOfWorkFactory
) -> None:
    spellings = ("+49 170 5551234", "+49 (170) 555-1234", "+491705551234", "+49/170/555 12 34")

    def send(number: int) -> str:
        phone = spellings[number % len(spellings)]
        return capture(PUBLIC, {"first_name": f"Ann {number}", "phone": phone}).lead.id

    lead_ids = run_in_threads(THREADS, send)
    (first,) = primary_leads(unit_of_work)
    stored = everything(unit_of_work)
    assert stored.keys() == set(lead_ids)
    assert {lead.duplicate_of for lead in stored.values()} == {None, first.id}


@pytest.mark.parametrize("round_number", range(3))
def test_twenty_clients_of_every_kind_leave_one_primary_lead(
    capture: CaptureLead, unit_of_work: UnitOfWorkFactory, round_number: int
) -> None:
    def send(number: int) -> str:
        actor: Actor = (PUBLIC, OPERATOR)[number % 2]
        try:
            return capture(actor, make_fields(ADDRESS_VARIANTS[number + round_number])).lead.id
        except DuplicateLead as raised:
            return raised.lead_id

    lead_ids = run_in_threads(THREADS, send)
    (first,) = primary_leads(unit_of_work)
    stored = everything(unit_of_work)
    assert set(lead_ids) == stored.keys()
    assert {lead.duplicate_of for lead in stored.values()} <= {None, first.id}
    assert len(stored) >= THREADS // 2


def test_thirty_processes_append_to_one_history(
    database_url: str, open_dialect: OpenDialect, unit_of_work: UnitOfWorkFactory
) -> None:
    store(unit_of_work, make_lead("lead-1"))
    processes = [PeeweeUnitOfWorkFactory(open_dialect(database_url)) for _ in range(PROCESSES)]

    def append(number: int) -> None:
        with processes[number]() as tx:
            tx.history.append([make_entry(note=str(number))])
            tx.history.of("lead-1")  # appends now, in a transaction
            time.sleep(0.02)  # in which the others ask for the same number in the history
            tx.commit()

    run_in_threads(PROCESSES, append)
    with unit_of_work.read_only() as tx:
        entries = tx.history.of("lead-1")
    assert sorted(int(entry.note or "") for entry in entries) == list(range(PROCESSES))
