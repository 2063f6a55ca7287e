"""Linking, sending and erasing at the same moment: never a bug, never a duplicate of a duplicate."""

from collections import Counter

import pytest

from tests.support.builders import make_fields
from tests.support.database import on_every_database
from tests.support.http import Client
from tests.support.instruments.concurrency import run_in_threads
from tests.support.raw_database import RawDatabase

pytestmark = on_every_database

CLIENTS = 10
_ORPHANS = """
    SELECT count(*) FROM leads AS one
    WHERE one.duplicate_of IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM leads AS other WHERE other.id = one.duplicate_of AND other.duplicate_of IS NULL
    )
"""


def capture(client: Client, number: int) -> list[str]:
    return [client.post("/leads", make_fields(f"p{n}@example.com")).body["id"] for n in range(number)]


@pytest.mark.parametrize("round_number", range(3))
def test_concurrent_mutual_links_stay_acyclic(agent: Client, raw_db: RawDatabase, round_number: int) -> None:
    one, other = capture(agent, 2)

    def link(number: int) -> int:
        lead, first = (one, other) if (number + round_number) % 2 else (other, one)
        return agent.patch(f"/leads/{lead}", {"duplicate_of": first}).status

    responses = Counter(run_in_threads(CLIENTS, link))
    assert responses == {200: CLIENTS // 2, 422: CLIENTS // 2}
    assert raw_db.execute(_ORPHANS) == [(0,)]


@pytest.mark.parametrize("round_number", range(3))
def test_a_primary_lead_is_linked_away_while_others_come_to_it(
    public: Client, agent: Client, raw_db: RawDatabase, round_number: int
) -> None:
    first, away, *others = capture(agent, CLIENTS)

    def work(number: int) -> int:
        if number == round_number:
            return agent.patch(f"/leads/{first}", {"duplicate_of": away}).status
        if number % 2:
            return public.post("/leads", make_fields("p0@example.com")).status
        return agent.patch(f"/leads/{others[number // 2]}", {"duplicate_of": first}).status

    assert set(run_in_threads(CLIENTS, work)) <= {200, 201, 422}
    assert raw_db.execute(_ORPHANS) == [(0,)]


@pytest.mark.parametrize("round_number", range(3))
def test_erasure_races_with_links_and_captures(
    public: Client, agent: Client, admin: Client, raw_db: RawDatabase, round_number: int
) -> None:
    first, *others = capture(public, 6)

    def work(number: int) -> int:
        if number == round_number:
            return admin.delete(f"/leads/{first}").status
        if number % 2:
            return public.post("/leads", make_fields("p0@example.com")).status
        return agent.patch(f"/leads/{others[number // 2]}", {"duplicate_of": first}).status

    assert set(run_in_threads(CLIENTS, work)) <= {200, 201, 204, 422}
    assert admin.get(f"/leads/{first}").status == 404
    assert raw_db.execute(_ORPHANS) == [(0,)]
    primary_leads = "SELECT count(*) FROM leads WHERE identity = 'p0@example.com' AND duplicate_of IS NULL"
    [[number]] = raw_db.execute(primary_leads)
    assert number <= 1
