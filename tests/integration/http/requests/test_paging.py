"""``GET /leads``: following the links to the end gives each lead once, whatever changes in between."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.clock import MICROSECOND
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

_LINK = re.compile(r'<([^>]+)>; rel="next"')


def next_path(response: Response) -> str | None:
    match = _LINK.fullmatch(response.headers.get("Link", ""))
    if match is None:
        return None
    url = urlsplit(match[1])
    assert (url.scheme, url.netloc) == ("http", "localhost")
    return f"{url.path}?{url.query}"


def pages(client: Client, **query: Any) -> Iterator[list[str]]:
    """The ids on each page, read as they are asked for."""
    response = client.get("/leads", **query)
    while True:
        assert response.status == 200
        yield [lead["id"] for lead in response.body]
        path = next_path(response)
        if path is None:
            return
        response = client.request("GET", path)


@pytest.fixture
def created(agent: Client, clock: MemoryClock) -> list[str]:
    """The ids of ten leads, of which always two are of the same timestamp."""
    ids = []
    for number in range(10):
        ids.append(agent.post("/leads", make_fields(f"p{number}@example.com")).body["id"])
        if number % 2:
            clock.advance(MICROSECOND)
    return ids


@on_every_database
@pytest.mark.parametrize(("limit", "sizes"), [(3, [3, 3, 3, 1]), (5, [5, 5]), (1, [1] * 10), (10, [10])])
def test_each_lead_is_on_one_page(viewer: Client, created: list[str], limit: int, sizes: list[int]) -> None:
    read = list(pages(viewer, limit=limit))
    assert [len(page) for page in read] == sizes
    assert sorted(chain(*read)) == sorted(created)


def test_pages_keep_the_list_order(viewer: Client, created: list[str]) -> None:
    [whole] = pages(viewer, limit=200)
    assert list(chain(*pages(viewer, limit=3))) == whole
    assert set(whole[:2]) == set(created[-2:])


@pytest.mark.usefixtures("created")
def test_next_link_keeps_the_query(viewer: Client) -> None:
    query = {"limit": 4, "state": ["PENDING", "LOST"], "created_to": "2026-11-18", "duplicates": "include"}
    read = list(pages(viewer, **query))
    assert [len(page) for page in read] == [4, 4, 2]


@pytest.mark.usefixtures("created")
@pytest.mark.parametrize(
    "host", ["leads.example:8080", "xn--bcher-kva.example", "xn--fiqs8s.example", "[::1]"]
)
def test_next_link_keeps_the_host(viewer: Client, host: str) -> None:
    response = viewer.request("GET", "/leads?limit=1", {"Host": host})
    assert response.headers["Link"].startswith(f"<http://{host}/leads?limit=1&cursor=")


def test_new_leads_do_not_shift_pages(
    viewer: Client, agent: Client, clock: MemoryClock, created: list[str]
) -> None:
    reading = pages(viewer, limit=4)
    first = next(reading)
    clock.advance(MICROSECOND)
    agent.post("/leads", make_fields("late@example.com"))
    assert sorted(chain(first, *reading)) == sorted(created)


def test_erased_leads_do_not_end_list(viewer: Client, raw_db: RawDatabase, created: list[str]) -> None:
    reading = pages(viewer, limit=4)
    first = next(reading)
    raw_db.execute("DELETE FROM leads WHERE id = ?", first[-1])
    assert sorted(chain(first, *reading)) == sorted(created)


def cursor(text: str, listing: str = "-created_at") -> str:
    return urlsafe_b64encode(f"{listing} {text}".encode()).decode().rstrip("=")


@on_sqlite
@pytest.mark.parametrize(
    "forged",
    [
        "nonsense",
        "%%%",
        "=",
        "é",
        "\x00",
        "A" * 10_000,
        cursor(" "),
        cursor("2026-11-18T12:00:00.000000Z id", "created_at"),
        cursor("2026-11-18T12:00:00.000000Z"),
        cursor("2026-11-18T12:00:00.000000Z "),
        cursor("2026-11-18T12:00:00 id"),
        cursor("2026-13-18T12:00:00Z id"),
        cursor("0001-01-01T00:00:00+23:59 id"),
        cursor("2026-11-18T12:00:00.000000Z ' OR 1=1 --"),
        cursor("2026-11-18T12:00:00.000000Z é"),
        cursor("2026-11-18T12:00:00.000000Z a\x00b"),
    ],
)
def test_a_forged_cursor_is_rejected(viewer: Client, forged: str) -> None:
    rejected = viewer.get("/leads", cursor=forged)
    assert rejected.status == 422
    assert fields_in(rejected) == ["cursor"]


@pytest.mark.parametrize("lead_id", ["unknown", "0", "z" * 64])
def test_cursor_of_an_erased_lead_works(viewer: Client, created: list[str], lead_id: str) -> None:
    after_everything = viewer.get("/leads", cursor=cursor(f"2026-01-01T00:00:00.000000Z {lead_id}"))
    before_everything = viewer.get("/leads", cursor=cursor(f"2027-01-01T00:00:00.000000Z {lead_id}"))
    assert (len(after_everything.body), len(before_everything.body)) == (0, len(created))
