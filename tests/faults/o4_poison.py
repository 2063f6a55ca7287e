"""O4: recipients that no server takes, at the head of the queue."""

import time
from typing import Any

import orjson

from tests.faults.campaign import Campaign, Ground
from tests.faults.mails import capture, check_mails, plain
from tests.support.http import api_key
from tests.support.processes import Site, free_port
from tests.support.smtp import MailServer
from tests.support.waiting import eventually

_REFUSED, _GOOD = 50, 200
_SECONDS = 30


def run(ground: Ground) -> None:
    """Let good mails pass those that are refused; then let an admin see the dead ones and retry them."""
    site = Site(free_port())
    with MailServer() as server, ground.container() as container:
        server.refused |= {f"refused{number}@example.com" for number in range(_REFUSED)}
        capture(container, *sorted(server.refused), *(f"good{number}@example.com" for number in range(_GOOD)))
        program = ground.program(SMTP_URL=plain(server), PORT=site.port, WEB_WORKERS=1)
        with program.start("web"), program.start("scheduler"):
            began = time.monotonic()
            eventually(lambda: len(server.arrived) >= _GOOD, "the good mails delivered", 3 * _SECONDS)
            ground.tally.at_most(_SECONDS, seconds_for_good=round(time.monotonic() - began, 1))
            site.wait_until_ready()
            admin = api_key(program.run("api-key", "add", "admin", "--role", "admin").out.strip())
            _repair(ground, server, site, admin)
        check_mails(ground, server, mails=_REFUSED + _GOOD, most_duplicates=0)


def _repair(ground: Ground, server: MailServer, site: Site, admin: dict[str, str]) -> None:
    dead = _dead(site, admin)
    refused_once = [one for one in dead if one["recipient"] in server.refused and _attempts(one) == (1, 550)]
    ground.tally.exactly(_REFUSED, dead=len(dead), refused_once=len(refused_once))
    server.refused.clear()
    answers = [site.send("POST", f"/deliveries/{one['id']}/retry", admin)[0] for one in dead]
    ground.tally.exactly(_REFUSED, retried=answers.count(202))
    eventually(lambda: len(server.arrived) >= _REFUSED + _GOOD, "the dead ones delivered")
    eventually(lambda: _all_sent(ground), "and marked as sent")


def _dead(site: Site, admin: dict[str, str]) -> list[dict[str, Any]]:
    status, body = site.send("GET", "/deliveries?state=dead&limit=200", admin)
    found: list[dict[str, Any]] = orjson.loads(body) if status == 200 else []
    return found


def _attempts(delivery: dict[str, Any]) -> tuple[int, int]:
    return len(delivery["attempts"]), delivery["attempts"][-1]["status"]


def _all_sent(ground: Ground) -> bool:
    return not ground.back_door.execute("SELECT 1 FROM outbox WHERE state <> 'sent' LIMIT 1")


CAMPAIGN = Campaign("O4", "permanent failures at the head of the queue", run)
