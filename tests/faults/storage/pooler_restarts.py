"""A PgBouncer in transaction mode that is restarted while leads with resumes come in."""

import time
from contextlib import ExitStack

from tests.faults.harness.campaign import Campaign, Sandbox
from tests.faults.harness.databases import POSTGRES
from tests.faults.harness.shared_bugs import LOST_COMMITS
from tests.faults.harness.traffic import DROPPED, NOT_SENT, Traffic, check_nothing_lost
from tests.faults.harness.web_server import running_web
from tests.support.instruments.polling import eventually
from tests.support.servers.pgbouncer import pgbouncer_before
from tests.support.servers.processes import free_port

_CLIENTS = 8
_POSTS = 300
_UNAVAILABLE = 503
_MAX_PAUSE_SECONDS = 1.0
_TIMEOUT_SECONDS = 300.0


def run(sandbox: Sandbox) -> None:
    """Submit leads through a small pool, restart it in between, and compare what is stored."""
    restarts, port = sandbox.size(2, 10, ci=1), free_port()
    name = sandbox.database_url.rpartition("/")[2]
    for setting in ("timezone = 'UTC'", "statement_timeout = '30s'"):  # poolers drop those of a connection
        sandbox.raw_db.execute(f"ALTER DATABASE {name} SET {setting}")
    with ExitStack() as pooler:
        url = pooler.enter_context(pgbouncer_before(sandbox.database_url, port))
        settings = {"DATABASE_URL": f"{url}?prepared_statements=off", "WEB_WORKERS": 2}
        with running_web(sandbox, **settings) as web:
            traffic = Traffic(web.site)
            with traffic.of(_CLIENTS, file_bytes=5_000):
                for number in range(1, restarts + 1):
                    _wait_for(traffic, _POSTS * number // (restarts + 1))
                    pooler.close()
                    time.sleep(sandbox.rng.uniform(0, _MAX_PAUSE_SECONDS))
                    pooler.enter_context(pgbouncer_before(sandbox.database_url, port))
                _wait_for(traffic, _POSTS)
    sandbox.findings.record(restarts=restarts, unavailable=traffic.outcomes[_UNAVAILABLE])
    others = traffic.count_statuses_except(201, _UNAVAILABLE, DROPPED, NOT_SENT)
    sandbox.findings.expect_equal(0, other_responses=others)
    check_nothing_lost(sandbox, traffic)


def _wait_for(traffic: Traffic, number: int) -> None:
    eventually(lambda: len(traffic.acknowledged) >= number, f"{number} leads", _TIMEOUT_SECONDS)


CAMPAIGN = Campaign(
    "pooler-restarts",
    "a PgBouncer in transaction mode that is restarted while leads come in",
    run,
    databases_used=(POSTGRES,),
    bugs=(LOST_COMMITS,),
)
