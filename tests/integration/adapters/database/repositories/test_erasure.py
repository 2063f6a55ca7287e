"""Erased data leaves no trace in SQLite's files: in no table, no index and no log."""

import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWork, PeeweeUnitOfWorkFactory
from leadtracker.adapters.mail.file_email_sender import MailFolder
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.deliveries.webhook import event_body
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.leads.history import Change
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.leads.queries.search import search_terms
from leadtracker.domain.model.reports.heartbeat import SchedulerHeartbeat
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.files.file_storage import FileStorage
from leadtracker.domain.use_cases.leads.erase_lead import EraseLead
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import (
    make_delivery,
    make_entry,
    make_event,
    make_follow_up,
    make_lead,
    make_request,
    make_resume,
)
from tests.support.clock import NOW
from tests.support.database import connect, execute
from tests.support.memory.system import NO_FLOOR, MemoryClock, MemoryIdSource

BYSTANDERS = 400
PERSON = make_lead(
    "person",
    "Xaviera.Quäckenbush@Vergißmeinnicht.example",
    first_name="Xaviera",
    last_name="Quäckenbush-Zyprian",
    phone="+49309182736455",
    message="Mein Nachbar Wladislaw hat den Jägerzaun verrückt; hilft Usucapion? " * 20,
    source="Flugblatt Nordstadt",
)
SAID = "Wollte zurückgerufen werden"
COMMON = {"example", "de", "com"}


def bystander(number: int) -> Lead:
    """Build another person's lead, whose words lie between those of the erased person in every index."""
    first, second = chr(97 + number % 26), chr(97 + number * 7 % 26)
    return make_lead(
        f"lead-{number:04}",
        f"{first}{second}{number}@{second}{number}.example",
        first_name=f"{first}{second}{number}".title(),
        last_name=f"{second}{first}a{number % 30}",
        phone=f"+4930{number:08}",
        message=" ".join(f"{chr(97 + (number * k) % 26)}{chr(97 + k % 26)}{number * k}" for k in range(60)),
    )


def traces() -> set[str]:
    """Return the words that would identify the person, as given and as normalised for search."""
    given = {*PERSON.texts.values(), PERSON.identity}
    spoken = {"Wladislaw", "Jägerzaun", "verrückt", "Usucapion", "9182736455", SAID, "zurückgerufen"}
    words = {word for word in search_terms(PERSON) if len(word) > 4} - COMMON
    return {trace for trace in given | spoken | words if trace}


def found_in_files(url: str) -> set[str]:
    """Return the traces in the database's file and the files beside it."""
    path = Path(url.removeprefix("sqlite:///"))
    content = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return {
        trace
        for trace in traces()
        if trace.encode() in content or json.dumps(trace)[1:-1].encode() in content
    }


@pytest.fixture
def unit_of_work(sqlite_url: str, open_dialect: OpenDialect) -> PeeweeUnitOfWorkFactory:
    return PeeweeUnitOfWorkFactory(open_dialect(sqlite_url))


def capture(unit_of_work: PeeweeUnitOfWorkFactory, *leads: Lead) -> None:
    """Have leads come in one by one, so that the index grows as it does in life."""
    for lead in leads:
        with unit_of_work() as tx:
            tx.leads.add_or_mark_duplicate(lead)
            tx.history.append([make_entry(lead.id)])
            tx.commit()


def work_on(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    """Leave the person's data in every table that can hold some."""
    request = make_request("key", email=str(PERSON.texts["email"]), last_name=PERSON.last_name)
    with unit_of_work() as tx:
        tx.idempotency.claim(request, NOW)
        tx.idempotency.remember(request, PERSON)
        tx.history.append(
            [
                make_entry("person", changes=(Change("last_name", "Usucapion", PERSON.last_name),)),
                make_entry("person", note=SAID),
            ]
        )
        tx.deliveries.add(
            [
                make_event(
                    "event", lead_id="person", text=event_body("lead.created", lead_payload(PERSON), NOW)
                )
            ]
        )
        tx.files.put("person", make_resume("Xaviera.txt", f"{SAID} ".encode() * 1_000))
        tx.follow_ups.save(make_follow_up("done", "person", note=SAID, message=SAID, done_at=NOW))
        tx.follow_ups.save(make_follow_up("open", "person", note=SAID))
        tx.commit()


def erase(
    unit_of_work: PeeweeUnitOfWorkFactory, folder: Path = Path("none"), *, with_duplicates: bool = False
) -> None:
    clock, ids = MemoryClock(NOW), MemoryIdSource()
    erase_lead = EraseLead(
        unit_of_work=unit_of_work,
        clock=clock,
        file_storage=FileStorage(
            unit_of_work=unit_of_work, clock=clock, ids=ids, objects=None, disk_floor=NO_FLOOR
        ),
        notifications=Notifications(ids=ids, notify=(), endpoints=()),
        kept_mails=MailFolder(folder),
    )
    erase_lead(OPERATOR, "person", with_duplicates=with_duplicates)


Order = Callable[[list[Lead]], list[Lead]]
ORDERS: dict[str, Order] = {
    "first": lambda others: [PERSON, *others],
    "in the middle": lambda others: [*others[: BYSTANDERS // 2], PERSON, *others[BYSTANDERS // 2 :]],
    "last": lambda others: [*others, PERSON],
    "alone": lambda _: [PERSON],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_erasure_leaves_no_trace_in_the_files(
    sqlite_url: str, unit_of_work: PeeweeUnitOfWorkFactory, order: Order
) -> None:
    capture(unit_of_work, *order([bystander(number) for number in range(BYSTANDERS)]))
    work_on(unit_of_work)
    assert found_in_files(sqlite_url) == traces()
    erase(unit_of_work)
    assert found_in_files(sqlite_url) == set()


def test_erasure_after_many_edits_leaves_no_trace(
    sqlite_url: str, unit_of_work: PeeweeUnitOfWorkFactory
) -> None:
    others = [bystander(number) for number in range(BYSTANDERS)]
    capture(unit_of_work, *others[:200], PERSON)
    lead = PERSON
    for number, other in enumerate(others[200:]):
        lead = lead.changed(NOW)
        with unit_of_work() as tx:
            tx.leads.save(lead if number % 2 else make_lead("person", version=lead.version))
            tx.leads.add(other)
            tx.commit()
    erase(unit_of_work)
    assert found_in_files(sqlite_url) == set()


def test_search_index_equals_stored_terms(sqlite_url: str, unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    others = [bystander(number) for number in range(BYSTANDERS)]
    capture(unit_of_work, *others)
    for number in range(0, BYSTANDERS, 3):
        with unit_of_work() as tx:
            lead = tx.leads.get(others[number].id).changed(NOW)
            tx.leads.save(lead)
            tx.leads.save(make_lead(lead.id, lead.identity, version=lead.version + 1, message="changed"))
            if number % 2:
                tx.leads.erase(lead.id)
            tx.commit()
    execute(
        sqlite_url, "INSERT INTO lead_search_index (lead_search_index, rank) VALUES ('integrity-check', 1)"
    )
    assert execute(sqlite_url, "PRAGMA integrity_check") == [("ok",)]


def test_erasure_leaves_no_trace_though_another_process_was_reading(
    sqlite_url: str, unit_of_work: PeeweeUnitOfWorkFactory
) -> None:
    capture(unit_of_work, PERSON)
    work_on(unit_of_work)
    with connect(sqlite_url) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM leads").fetchone()
        erase(unit_of_work)
        assert found_in_files(sqlite_url)
        reader.execute("ROLLBACK")
    with unit_of_work() as tx:  # as the heartbeat of a scheduler does
        tx.heartbeat.save(SchedulerHeartbeat(last_heartbeat_at=NOW))
        tx.commit()
    assert found_in_files(sqlite_url) == set()


def test_erasure_deletes_the_mails_that_were_kept_as_files(
    unit_of_work: PeeweeUnitOfWorkFactory, tmp_path: Path
) -> None:
    capture(unit_of_work, PERSON)
    work_on(unit_of_work)
    about = [tmp_path / "event@leadtracker.eml", tmp_path / "event@firm.example.eml"]
    other = tmp_path / "event2@leadtracker.eml"
    for path in (*about, other):
        path.write_text("Xaviera")
    erase(unit_of_work, tmp_path)
    assert list(tmp_path.iterdir()) == [other]


def test_erasure_deletes_kept_digests_that_list_the_person(
    unit_of_work: PeeweeUnitOfWorkFactory, tmp_path: Path
) -> None:
    capture(unit_of_work, PERSON)
    lists = [
        make_delivery(name, kind=DeliveryKind.DIGEST, lead_id=None, created_at=PERSON.created_at)
        for name in ("naming", "other")
    ]
    with unit_of_work() as tx:
        tx.deliveries.add(lists)
        tx.commit()
    url = f"https://leads.firm.example/{'long/' * 20}dashboard/leads/"
    for delivery, lead_id in zip(lists, [PERSON.id, "another lead"], strict=True):
        message = EmailMessage()
        message.set_content(f"Zoë\n{url}{lead_id}", cte="quoted-printable")  # which breaks long lines
        (tmp_path / f"{delivery.id}@leadtracker.eml").write_bytes(bytes(message))
    erase(unit_of_work, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other@leadtracker.eml"]


class _CountingFactory:
    """Counts the writing units of work."""

    def __init__(self, factory: PeeweeUnitOfWorkFactory) -> None:
        self._factory = factory
        self.writing = 0

    def __call__(self) -> PeeweeUnitOfWork:
        self.writing += 1
        return self._factory()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._factory, name)


@pytest.mark.parametrize("with_duplicates", [True, False])
def test_many_duplicates_do_not_keep_others_from_writing(
    unit_of_work: PeeweeUnitOfWorkFactory, *, with_duplicates: bool
) -> None:
    duplicates = [make_lead(f"again-{number:03}", PERSON.identity) for number in range(120)]
    capture(unit_of_work, PERSON, *duplicates)
    with unit_of_work() as tx:
        for number in range(120):
            spam = make_lead(f"spam-{number}", PERSON.identity)
            tx.quarantine.add(QuarantinedLead(lead=spam, reason=QuarantineReason.HONEYPOT), ())
        tx.commit()
    counting = _CountingFactory(unit_of_work)
    erase(cast("PeeweeUnitOfWorkFactory", counting), with_duplicates=with_duplicates)
    assert counting.writing >= 5
    with unit_of_work.read_only() as tx:
        left = tx.leads.page(LeadFilter(duplicates=Duplicates.INCLUDE), limit=200).items
        assert len(left) == (0 if with_duplicates else 120)
        versions = [one.version for one in tx.history.of("person")]
        assert versions == list(range(1, len(versions) + 1))
        primaries = [lead for lead in left if lead.duplicate_of is None]
        assert [lead.enquiries for lead in primaries] == ([] if with_duplicates else [119])
        assert tx.quarantine.of(PERSON.identity) == []
