"""Form values that try to inject headers into mails and files."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer, running_web
from tests.faults.mails.mail_delivery import NOTIFY_ADDRESS, plain
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.examples.hostile_input import hostile_names, hostile_texts
from tests.support.examples.sample_files import PDF
from tests.support.servers.processes import Site
from tests.support.servers.received_mail import assert_well_formed
from tests.support.servers.smtp import MailServer, ReceivedMail

_PAYLOADS = 500
_JSON = "application/json"

Body = tuple[str, bytes]
Carry = Callable[[str, str], Body]


def _field(name: str) -> Carry:
    # The standard library's JSON escapes lone surrogates, which other encoders reject.
    return lambda email, text: (_JSON, json.dumps(make_fields(email) | {name: text}).encode())


def _around_the_address(email: str, text: str) -> Body:
    address = f"{email}{text}" if len(text) % 2 else f"{text}{email}"
    return _JSON, json.dumps(make_fields(address)).encode()


def _file_name(email: str, text: str) -> Body:
    return MULTIPART, lead_form(file_part(PDF, f"{text}.pdf"), email=email)


_CARRIERS: dict[str, Carry] = {
    "first_name": _field("first_name"),
    "last_name": _field("last_name"),
    "email": _around_the_address,
    "phone": _field("phone"),
    "message": _field("message"),
    "source": _field("source"),
    "resume": _field("resume"),
    "filename": _file_name,
}


def run(sandbox: Sandbox) -> None:
    """Post every payload in each field and in all at once, send the mails, and check every mail and file."""
    with MailServer() as server:
        with _running(sandbox, server) as web:
            before = _files(sandbox.folder)
            statuses = [_post(web.site, body) for body in _bodies(sandbox)]
        sandbox.findings.record(payloads=_PAYLOADS, posts=len(statuses), taken=statuses.count(201))
        sandbox.findings.expect_equal(0, server_errors=sum(status >= 500 for status in statuses))
        sandbox.findings.expect_equal(0, scheduler=web.program.run("scheduler", "--once").status)
        new = {path for path in _files(sandbox.folder) - before if path.suffix not in {".out", ".err"}}
        sandbox.findings.expect_equal(0, files_beside_the_store=len(new))
        sandbox.findings.expect_equal(2 * statuses.count(201), mails=len(server.arrived))
        _check(sandbox, server)


def _running(sandbox: Sandbox, server: MailServer) -> AbstractContextManager[WebServer]:
    # The e-mail of the last week would be one mail more.
    return running_web(sandbox, SMTP_URL=plain(server), NOTIFY=NOTIFY_ADDRESS, REPORT_TO="off")


def _bodies(sandbox: Sandbox) -> Iterator[Body]:
    texts, names = hostile_texts(_PAYLOADS), hostile_names(_PAYLOADS)
    carriers = list(_CARRIERS.items())
    for number, (text, name) in enumerate(zip(texts, names, strict=True)):
        chosen = carriers if sandbox.is_full else [carriers[number % len(carriers)]]
        for position, carry in chosen:
            payload = name if position == "filename" else text
            yield carry(f"p{number}.{position}@example.com", payload)


def _post(site: Site, body: Body) -> int:
    content_type, content = body
    return site.send("POST", "/leads", {"Content-Type": content_type}, body=content)[0]


def _check(sandbox: Sandbox, server: MailServer) -> None:
    rows = sandbox.raw_db.execute("SELECT recipient FROM deliveries")
    expected = sorted(_in_ascii(recipient) for (recipient,) in rows)
    got = sorted(_in_ascii(recipient) for mail in server.arrived for recipient in mail.recipients)
    strange = sum(recipient.endswith("evil.example") for recipient in got)
    sandbox.findings.expect_equal(
        0, extra_recipients=len(got) - len(expected), other_recipients=int(got != expected)
    )
    sandbox.findings.expect_equal(0, recipients_at_evil=strange)
    sandbox.findings.expect_equal(0, extra_headers=sum(not _is_ordinary(mail) for mail in server.arrived))


def _in_ascii(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _is_ordinary(mail: ReceivedMail) -> bool:
    try:
        assert_well_formed(mail.content)
    except AssertionError:
        return False
    return len(mail.recipients) == 1


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("leadtracker.")}


_KEEP_LINES = """
    from leadtracker.adapters.mail import composing
    composing._one_line = lambda text, limit: text[:limit].encode("utf-8", "replace").decode()
    composing._subject = lambda text: text.encode("ascii", "replace").decode()
"""

CAMPAIGN = Campaign(
    "header-injection",
    "header injection in every field, and file names",
    run,
    databases_used=(SQLITE,),
    bugs=(PlantedBug("a subject is written as it came", ("extra_headers",), in_processes(_KEEP_LINES)),),
)
