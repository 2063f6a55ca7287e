"""Leads that come in at once and get their owners in turn, while a user is disabled."""

import threading
from collections import Counter
from collections.abc import Sequence

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.invariants import check_invariants
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import running_web
from tests.support.builders import make_fields
from tests.support.instruments.concurrency import run_in_threads
from tests.support.servers.processes import Site

_USERS = ("ann", "bob", "cem")
_DISABLED = "bob"
_CLIENTS, _EACH = 20, 15
_PASSWORD = "seven herons at dawn"  # noqa: S105 - of users that this campaign makes


def run(sandbox: Sandbox) -> None:
    """Send leads before, while and after a user is disabled, and count those of each owner."""
    with (
        running_web(sandbox, ASSIGNMENT="round-robin", WEB_WORKERS=2) as server,
        sandbox.container() as container,
    ):
        for name in _USERS:
            fields = {"name": name, "role": "agent", "password": _PASSWORD, "assignable": True}
            container.manage_users().create(OPERATOR, fields)
        first = _send_all(server.site, "before")
        owners = Counter(owner for (owner,) in sandbox.raw_db.execute("SELECT owner FROM leads"))
        each = _CLIENTS * _EACH // len(_USERS)
        sandbox.findings.expect_equal(each, **{name: owners[name] for name in _USERS})
        statuses = [*first, *_send_while_disabling(server.site, container)]
        statuses += _send_all(server.site, "after")
        sandbox.findings.expect_equal(0, other_responses=len(statuses) - statuses.count(201))
        _check_after(sandbox)
        check_invariants(sandbox, container)


def _send_all(site: Site, name: str) -> list[int]:
    """Send leads from all clients at once; return the statuses."""

    def send(client: int) -> Sequence[int]:
        return [
            site.send("POST", "/leads", json=make_fields(f"{name}.{client}.{number}@example.com"))[0]
            for number in range(_EACH)
        ]

    return [status for statuses in run_in_threads(_CLIENTS, send) for status in statuses]


def _send_while_disabling(site: Site, container: Container) -> list[int]:
    statuses: list[int] = []
    sending = threading.Thread(target=lambda: statuses.extend(_send_all(site, "while")))
    sending.start()
    container.manage_users().disable(OPERATOR, _DISABLED)
    sending.join()
    return statuses


def _check_after(sandbox: Sandbox) -> None:
    """Check who owns the leads: what the disabled user had was released, and no new lead is his."""
    rows = sandbox.raw_db.execute("SELECT email, owner FROM leads")
    after = Counter(owner for email, owner in rows if email.startswith("after"))
    sandbox.findings.expect_equal(3 * _CLIENTS * _EACH, leads=len(rows))
    sandbox.findings.expect_equal(0, after_of_disabled=after[_DISABLED], after_without_owner=after[None])
    others = [after[name] for name in _USERS if name != _DISABLED]
    sandbox.findings.expect_at_most(1, difference_after=max(others) - min(others))
    created = sandbox.raw_db.execute(
        "SELECT count(*) FROM leads WHERE owner IS NULL AND id NOT IN "
        "(SELECT lead_id FROM lead_history WHERE action <> 'created')"
    )
    sandbox.findings.expect_equal(0, never_owned=created[0][0])


_CHOOSE_BEFORE = """
    import random
    from attrs import evolve
    from leadtracker.adapters.database.repositories.leads.lead_repository import PeeweeLeadRepository
    add = PeeweeLeadRepository.add_or_mark_duplicate
    def choose(self, lead, *arguments, **more):
        add(self, evolve(lead, owner=random.choice(("ann", "bob", "cem"))), *arguments, **more)
    PeeweeLeadRepository.add_or_mark_duplicate = choose
"""

CAMPAIGN = Campaign(
    "round-robin",
    "300 leads at once that get their owners in turn, while a user is disabled",
    run,
    bugs=(
        PlantedBug(
            "the owner is chosen before the transaction", ("after_of_disabled",), in_processes(_CHOOSE_BEFORE)
        ),
    ),
)
