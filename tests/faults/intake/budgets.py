"""One address that uploads file after file, and one that asks for thousands of acknowledgements.

Uploads go to a server; the hours in which acknowledgements may be sent pass by a clock that is moved on.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.use_cases.deliveries.mail_budget import MailBudget
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes, replaced
from tests.faults.harness.web_server import WebServer, running_web
from tests.faults.mails.mail_delivery import plain
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART, fields_of, file_part, form
from tests.support.clock import NOW
from tests.support.examples.sample_files import PDF
from tests.support.memory.system import MemoryClock
from tests.support.servers.smtp import MailServer

_WORKERS = 2
_MEBIBYTE = 1024 * 1024
_STEP = timedelta(minutes=10)
_HOUR = timedelta(hours=1)


def run(sandbox: Sandbox) -> None:
    """Exhaust both budgets; every lead must be stored, at the latest without its file."""
    _upload(sandbox)
    _acknowledge(sandbox)


def _upload(sandbox: Sandbox) -> None:
    budget, uploads = sandbox.size(5, 100), sandbox.size(60, 600, ci=20)
    statuses: Counter[int] = Counter()
    with running_web(sandbox, UPLOAD_MB_PER_DAY=budget, WEB_WORKERS=_WORKERS) as server:
        for number in range(uploads):
            statuses[_post(server, number, PDF + bytes(_MEBIBYTE))] += 1
            if statuses.total() - statuses[201] > number:
                break
        stored = sandbox.raw_db.execute("SELECT coalesce(sum(length(content)), 0) FROM lead_files")
        leads = sandbox.raw_db.count("leads")
    sandbox.findings.record(uploads=uploads, rejected_files=statuses[429])
    sandbox.findings.expect_equal(uploads, leads_of_uploads=leads)
    # Each process counts separately, and looks before the file comes.
    most = _WORKERS * (budget + 1)
    sandbox.findings.expect_at_most(most, mebibytes=round(int(stored[0][0]) / _MEBIBYTE, 1))


def _post(server: WebServer, number: int, content: bytes) -> int:
    """Send a lead with a file, and again without it if the file is rejected; return the first status."""
    fields = fields_of(make_fields(f"upload.{number}@example.com"))
    headers = {"Content-Type": MULTIPART}
    status = server.site.send("POST", "/leads", headers, body=form(*fields, file_part(content)))[0]
    if status != 201:
        again = server.site.send("POST", "/leads", headers, body=form(*fields))[0]
        return status if again == 201 else again
    return status


def _acknowledge(sandbox: Sandbox) -> None:
    asked, per_hour = sandbox.size(500, 10_000, ci=150), sandbox.size(100, 500, ci=50)
    clock = MemoryClock(NOW)
    settings: dict[str, Any] = {"acknowledgements_per_hour": per_hour}
    with MailServer() as server:
        settings["smtp_url"] = SecretStr(plain(server))
        with sandbox.container(clock, **settings) as container:
            for number in range(asked):
                container.capture_lead()(PUBLIC, make_fields(f"stranger.{number}@example.com"))
            sent = _hours_of_mails(container, clock, server, asked)
    sandbox.findings.record(asked=asked, hours=len(sent))
    sandbox.findings.expect_at_most(per_hour, most_in_an_hour=max(sent.values()))
    sandbox.findings.expect_equal(asked, acknowledged=sum(sent.values()))


def _hours_of_mails(
    container: Container, clock: MemoryClock, server: MailServer, mails: int
) -> Counter[datetime]:
    """Deliver what is due every ten minutes; return how many mails arrived in each hour."""
    sent: Counter[datetime] = Counter()
    before = 0
    while sum(sent.values()) < mails and clock.now() < NOW + _HOUR * 100:
        for _ in container.deliver_notifications().mail():
            pass
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        sent[hour] += len(server.arrived) - before
        before = len(server.arrived)
        clock.advance(_STEP)
    return sent


_COUNT_NO_BYTES = """
    from leadtracker.entrypoints.http.auth.rate_limit import UploadLimit
    UploadLimit.count = lambda *_: None
"""


@contextmanager
def _send_all() -> Iterator[None]:
    with replaced(MailBudget, admit=lambda _, _tx, due, _now: due):
        yield


CAMPAIGN = Campaign(
    "budgets",
    "one address that uploads hundreds of files or asks for thousands of acknowledgements",
    run,
    bugs=(
        PlantedBug("the bytes of uploads are not counted", ("mebibytes",), in_processes(_COUNT_NO_BYTES)),
        PlantedBug("acknowledgements have no budget", ("most_in_an_hour",), _send_all),
    ),
)
