"""``/imports``: what an import created is removed again, except what was changed since."""

from datetime import timedelta
from random import Random

import pytest

from leadtracker.container import Container
from leadtracker.domain.errors import ImportExists, InvalidInput
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.integration.http.conftest import PHRASE
from tests.integration.http.imports.test_import import HEADER, send
from tests.support.builders import make_fields
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client
from tests.support.instruments.concurrency import run_in_threads
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase


def file_of(number: int, **fields: str) -> str:
    """A file with the leads of different people."""
    names, values = "".join(f",{name}" for name in fields), "".join(f",{value}" for value in fields.values())
    lines = [f"Ann,Lee,p{one}@example.com{values}" for one in range(number)]
    return "\n".join([HEADER + names, *lines]) + "\n"


@on_every_database
def test_undo_keeps_edited_leads_and_sealed_weeks(admin: Client, raw_db: RawDatabase) -> None:
    import_id = send(admin, file_of(1_000, created_at="2026-11-11"), file_name="fair.csv").body["import_id"]
    assert admin.post("/reports/weekly/2026-W46/send").status == 202
    sealed = raw_db.execute("SELECT week, number_of_leads, state FROM weekly_reports")
    assert ("2026-W46", 1_000) in {row[:2] for row in sealed}
    edited = [lead["id"] for lead in admin.get("/leads", limit=3).body]
    for lead_id in edited:
        assert admin.request("PATCH", f"/leads/{lead_id}", json={"first_name": "Bo"}).status == 200

    undone = admin.post(f"/imports/{import_id}/undo")
    assert undone.status == 200
    assert undone.body["removed"] == 997
    assert undone.body["kept"] == [{"id": one, "reason": "edited"} for one in sorted(edited)]
    assert admin.post(f"/imports/{import_id}/undo").body == undone.body
    assert {one["id"] for one in admin.get("/leads").body} == set(edited)
    assert raw_db.execute("SELECT week, number_of_leads, state FROM weekly_reports") == sealed
    assert raw_db.count("lead_search") == 3


@on_sqlite
def test_imports_are_newest_first(admin: Client, clock: MemoryClock) -> None:
    first = send(admin, file_of(2), file_name="one.csv").body["import_id"]
    clock.advance(timedelta(seconds=1))
    second = send(admin, file_of(3)).body["import_id"]
    [latest] = admin.get("/imports", limit=1).body
    assert (latest["id"], latest["file_name"], latest["state"]) == (second, None, "completed")
    assert (latest["created"], latest["duplicates"], latest["removed"]) == (1, 2, 0)
    [other] = admin.get("/imports").body[1:]
    assert (other["id"], other["file_name"], other["created"]) == (first, "one.csv", 2)


@on_sqlite
def test_list_of_imports_continues_at_its_next_link(admin: Client, clock: MemoryClock) -> None:
    ids = []
    for _ in range(3):
        clock.advance(timedelta(seconds=1))
        ids.append(send(admin, file_of(1)).body["import_id"])
    page = admin.get("/imports", limit=2)
    cursor = page.headers["Link"].partition("cursor=")[2].partition(">")[0]
    assert [one["id"] for one in page.body] == [ids[2], ids[1]]
    assert [one["id"] for one in admin.get("/imports", cursor=cursor).body] == [ids[0]]
    assert admin.get("/imports", cursor="odd").status == 422


@on_every_database
def test_file_that_is_imported_at_the_same_time_is_imported_once(
    container: Container, raw_db: RawDatabase
) -> None:
    rows = [ImportRow(2 + one, {"first_name": "A", "email": f"p{one}@example.com"}) for one in range(1_100)]

    def import_file(_: int) -> int | None:
        try:
            return sum(1 for _ in container.import_leads()(OPERATOR, rows, import_id="file"))
        except ImportExists:
            return None

    assert sorted(run_in_threads(4, import_file), key=str) == [1_100, None, None, None]
    assert raw_db.execute("SELECT id, state, created, duplicates FROM imports") == [
        ("file", "completed", 1_100, 0)
    ]


@on_every_database
@pytest.mark.parametrize("update", [False, True])
def test_imports_of_the_same_people_in_other_orders_do_not_stop_each_other(
    container: Container, raw_db: RawDatabase, *, update: bool
) -> None:
    people = [f"p{one}@example.com" for one in range(600)]
    if update:
        list(container.import_leads()(OPERATOR, rows_of(people)))

    def import_file(number: int) -> int:
        in_order = Random(number).sample(people, len(people))  # noqa: S311 - any order will do
        rows = rows_of(in_order, source=f"list {number}")
        return sum(1 for _ in container.import_leads()(OPERATOR, rows, update=update))

    assert run_in_threads(4, import_file) == [600] * 4
    assert raw_db.count("leads") == 600
    assert {state for (state,) in raw_db.execute("SELECT state FROM imports")} == {"completed"}


def rows_of(people: list[str], **fields: str) -> list[ImportRow]:
    """The rows of people by their addresses."""
    return [ImportRow(line, make_fields(one, **fields)) for line, one in enumerate(people, 2)]


@on_sqlite
def test_unknown_import_is_not_found(admin: Client) -> None:
    assert admin.post("/imports/unknown/undo").status == 404


@on_sqlite
def test_rejected_file_is_no_import(admin: Client) -> None:
    assert send(admin, "shoe size\n43\n").status == 422
    assert admin.get("/imports").body == []


@on_sqlite
def test_rows_name_their_owners(admin: Client, container: Container) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    file = f"{HEADER},owner\nA,Lee,a@example.com,ann\nB,Lee,b@example.com,stranger\nC,Lee,c@example.com,\n"
    assert send(admin, file).body["created"] == 3
    leads = {lead["first_name"]: lead for lead in admin.get("/leads").body}
    assert {name: lead["owner"] for name, lead in leads.items()} == {"A": "ann", "B": None, "C": None}
    assert leads["B"]["answers"] == {"owner": "stranger"}  # nothing of the file is lost


@on_sqlite
def test_new_leads_may_belong_to_one_user(admin: Client, container: Container) -> None:
    for name in ("ann", "bob"):
        container.manage_users().add(OPERATOR, name, Role.AGENT, PHRASE)
    rows = [
        ImportRow(2, {"first_name": "A", "email": "a@example.com"}),
        ImportRow(3, {"first_name": "B", "email": "b@example.com", "owner": "bob"}),
    ]
    list(container.import_leads()(OPERATOR, rows, owner="ann"))
    assert {lead["first_name"]: lead["owner"] for lead in admin.get("/leads").body} == {
        "A": "ann",
        "B": "bob",
    }
    with pytest.raises(InvalidInput):
        container.import_leads()(OPERATOR, rows, owner="stranger")


@on_sqlite
def test_owner_of_import_is_parameter(admin: Client, container: Container) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    assert send(admin, file_of(1), owner="ann").status == 200
    assert [lead["owner"] for lead in admin.get("/leads").body] == ["ann"]
    rejected = send(admin, file_of(1), owner="stranger")
    assert (rejected.status, rejected.body["errors"][0]["field"]) == (422, "owner")


@on_every_database
@pytest.mark.parametrize("named", ["", "ann"])
def test_user_who_is_disabled_during_an_import_gets_no_more_leads(
    container: Container, raw_db: RawDatabase, named: str
) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    fields = [{"first_name": "A", "email": f"p{one}@example.com", "owner": named} for one in range(1_010)]
    rows = (ImportRow(number, one) for number, one in enumerate(fields, 2))
    running = container.import_leads()(OPERATOR, rows, owner="ann")
    next(running)
    assert raw_db.execute("SELECT owner, COUNT(*) FROM leads GROUP BY owner") == [("ann", 1_000)]
    container.manage_users().disable(OPERATOR, "ann")
    list(running)
    assert raw_db.execute("SELECT owner, COUNT(*) FROM leads GROUP BY owner") == [(None, 1_010)]
