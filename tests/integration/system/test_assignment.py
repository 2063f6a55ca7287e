"""Many clients send leads at once to two web workers, which give them owners."""

from collections import Counter

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.database import execute
from tests.support.instruments.concurrency import run_in_threads
from tests.support.servers.processes import Program, Site

LEADS, CLIENTS = 300, 30
ASSIGNABLE = ("ann", "bob", "cem")


def employ(database_url: str) -> None:
    """Add three users who get leads, and one who was disabled since."""
    container = Container(settings=Settings(database_url=SecretStr(database_url)))
    users = container.manage_users()
    for name in (*ASSIGNABLE, "dan"):
        fields = {"name": name, "role": "agent", "password": "correct horse battery", "assignable": True}
        users.create(OPERATOR, fields)
    users.disable(OPERATOR, "dan")
    container.dialect().close()


@pytest.mark.parametrize("way", ["round-robin", "least-busy"])
def test_concurrent_leads_are_assigned_evenly(
    program: Program, site: Site, database_url: str, way: str
) -> None:
    employ(database_url)

    def send(client: int) -> None:
        for number in range(client, LEADS, CLIENTS):
            assert site.send("POST", "/leads", json=make_fields(f"p{number}@example.com"))[0] == 201

    with program.with_settings(DATABASE_URL=database_url, ASSIGNMENT=way, WEB_WORKERS=2).start("web"):
        site.wait_until_ready()
        run_in_threads(CLIENTS, send)
    owners = Counter(owner for (owner,) in execute(database_url, "SELECT owner FROM leads"))
    assert owners.keys() == set(ASSIGNABLE)
    assert owners.total() == LEADS
    most, least = max(owners.values()), min(owners.values())
    assert most - least <= (0 if way == "round-robin" else 1)
