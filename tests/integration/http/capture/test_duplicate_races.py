"""One address from twenty clients at once, each in its own spelling: one primary lead, and never a bug."""

from collections import Counter
from itertools import product

import pytest

from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.database import on_every_database
from tests.support.http import Client
from tests.support.instruments.concurrency import run_in_threads
from tests.support.raw_database import RawDatabase

pytestmark = on_every_database

LOCAL_PARTS = ("zoë.lee", "ZOË.LEE", "Zoe\u0308.Lee", "zOë.lEE", "ZOE\u0308.lee")
DOMAINS = ("müller.example", "xn--mller-kva.example", "MU\u0308LLER.example", "Müller。EXAMPLE")
ADDRESS_VARIANTS = [f"{local}@{domain}" for local, domain in product(LOCAL_PARTS, DOMAINS)]


@pytest.mark.parametrize("round_number", range(3))
@pytest.mark.parametrize(
    ("mode", "responses"),
    [("link", {201: len(ADDRESS_VARIANTS)}), ("reject", {201: 1, 409: len(ADDRESS_VARIANTS) - 1})],
)
def test_one_of_many_becomes_the_primary_lead(
    make_container: MakeContainer,
    raw_db: RawDatabase,
    mode: str,
    responses: dict[int, int],
    round_number: int,
) -> None:
    client = Client.of(create_app(make_container(public_duplicates=mode)))

    def post(number: int) -> int:
        fields = make_fields(ADDRESS_VARIANTS[number - round_number], source=f"client {number}")
        return client.post("/leads", fields).status

    assert Counter(run_in_threads(len(ADDRESS_VARIANTS), post)) == responses
    [(first, number)] = raw_db.execute(
        "SELECT id, (SELECT count(*) FROM leads) FROM leads WHERE duplicate_of IS NULL"
    )
    assert number == responses[201]
    links = raw_db.execute("SELECT DISTINCT duplicate_of FROM leads WHERE duplicate_of IS NOT NULL")
    assert links == ([] if mode == "reject" else [(first,)])


def test_one_of_many_without_address_becomes_the_primary_lead(
    make_container: MakeContainer, raw_db: RawDatabase
) -> None:
    client = Client.of(create_app(make_container(phone_region="DE")))
    spellings = (
        "+49 170 5550001",
        "0170/5550001",
        "tel:+491705550001",
        "0049 (0)170 555 0001",
        "(0170) 5550001",
    )

    def post(number: int) -> int:
        fields = {"first_name": "Ada", "phone": spellings[number % len(spellings)]}
        return client.post("/leads", fields).status

    assert Counter(run_in_threads(20, post)) == {201: 20}
    [(first,)] = raw_db.execute("SELECT id FROM leads WHERE duplicate_of IS NULL")
    assert raw_db.execute("SELECT DISTINCT duplicate_of FROM leads WHERE duplicate_of IS NOT NULL") == [
        (first,)
    ]
    # An address never matches a number, whatever it looks like.
    both = {"first_name": "Ada", "phone": spellings[0], "email": "+491705550001@example.com"}
    assert client.post("/leads", both).status == 201
    assert raw_db.execute("SELECT count(*) FROM leads WHERE duplicate_of IS NULL") == [(2,)]


def test_public_and_staff_at_once_make_one_primary_lead(
    public: Client, agent: Client, raw_db: RawDatabase
) -> None:
    def post(number: int) -> int:
        client = agent if number % 2 else public
        return client.post("/leads", make_fields(ADDRESS_VARIANTS[number])).status

    responses = Counter(run_in_threads(len(ADDRESS_VARIANTS), post))
    assert set(responses) <= {201, 409}
    assert responses[201] >= len(ADDRESS_VARIANTS) // 2
    assert raw_db.execute("SELECT count(*) FROM leads WHERE duplicate_of IS NULL") == [(1,)]
    assert raw_db.count("leads") == responses[201]
