"""O7: whatever can be typed into a form, on its way into mails and onto disks."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.campaign import Campaign, Ground
from tests.faults.databases import SQLITE
from tests.faults.mails import ATTORNEY, plain
from tests.faults.served import served
from tests.support.arrived import check_ordinary
from tests.support.builders import make_fields
from tests.support.files import PDF
from tests.support.forms import MULTIPART, file_part, lead_form
from tests.support.hostile import hostile_names, hostile_texts
from tests.support.processes import Site
from tests.support.smtp import Arrived, MailServer

_PAYLOADS = 500
_JSON = "application/json"

Body = tuple[str, bytes]
Carry = Callable[[str, str], Body]


def _field(name: str) -> Carry:
    # The standard library's JSON escapes lone surrogates, which others refuse to write.
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


def run(ground: Ground) -> None:
    """Post every payload, in one field each or in all of them; have the mails sent; look at everything."""
    with MailServer() as server:
        with served(ground, SMTP_URL=plain(server), NOTIFY=ATTORNEY) as web:
            before = _files(ground.folder)
            statuses = [_post(web.site, body) for body in _bodies(ground)]
        ground.tally.tell(payloads=_PAYLOADS, posts=len(statuses), taken=statuses.count(201))
        ground.tally.exactly(0, server_errors=sum(status >= 500 for status in statuses))
        ground.tally.exactly(0, scheduler=web.program.run("scheduler", "--once").status)
        new = {path for path in _files(ground.folder) - before if path.suffix not in {".out", ".err"}}
        ground.tally.exactly(0, files_beside_the_store=len(new))
        ground.tally.exactly(2 * statuses.count(201), mails=len(server.arrived))
        _check(ground, server)


def _bodies(ground: Ground) -> Iterator[Body]:
    texts, names = hostile_texts(_PAYLOADS), hostile_names(_PAYLOADS)
    carriers = list(_CARRIERS.items())
    for number, (text, name) in enumerate(zip(texts, names, strict=True)):
        chosen = carriers if ground.is_full else [carriers[number % len(carriers)]]
        for position, carry in chosen:
            payload = name if position == "filename" else text
            yield carry(f"p{number}.{position}@example.com", payload)


def _post(site: Site, body: Body) -> int:
    content_type, content = body
    return site.send("POST", "/leads", {"Content-Type": content_type}, body=content)[0]


def _check(ground: Ground, server: MailServer) -> None:
    rows = ground.back_door.execute("SELECT recipient FROM deliveries")
    expected = sorted(_in_ascii(recipient) for (recipient,) in rows)
    got = sorted(_in_ascii(recipient) for mail in server.arrived for recipient in mail.recipients)
    strange = sum(recipient.endswith("evil.example") for recipient in got)
    ground.tally.exactly(0, extra_recipients=len(got) - len(expected), other_recipients=int(got != expected))
    ground.tally.exactly(0, recipients_at_evil=strange)
    ground.tally.exactly(0, extra_headers=sum(not _is_ordinary(mail) for mail in server.arrived))


def _in_ascii(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _is_ordinary(mail: Arrived) -> bool:
    try:
        check_ordinary(mail.content)
    except AssertionError:
        return False
    return len(mail.recipients) == 1


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("leadtracker.")}


CAMPAIGN = Campaign("O7", "header injection in every field, and file names", run, kinds=(SQLITE,))
