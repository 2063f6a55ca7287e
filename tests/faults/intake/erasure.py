"""Persons who are erased while the program runs: nothing of them is left in database, log, mail or file.

Everything that a submission can leave behind is made first: retries with a key, duplicates, a quarantined and
a rejected submission, notes, follow-ups, a mail on the disk of the development mail folder, and files.
"""

import json
from pathlib import Path

import orjson

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer, running_web
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART, fields_of, file_part, form
from tests.support.instruments.polling import eventually

_WORDS = ("Xaviera", "Zyprian", "Wladislaw", "Usucapion", "Flugblatt", "Rueckruf", "Lebenslauf")
"""Each is in another field; with the number of the person, in no other text."""


def run(sandbox: Sandbox) -> None:
    """Let persons leave their traces, erase them, and read every byte that the program has stored."""
    persons = sandbox.size(5, 50, ci=3)
    with running_web(sandbox, NOTIFY="attorney@firm.example") as server, server.program.start("scheduler"):
        ids = [_leave_traces(server, number) for number in range(persons)]
        eventually(lambda: not _number_pending(sandbox), "every mail written")
        kept = _traces(sandbox, persons)
        statuses = [
            server.site.send("DELETE", f"/leads/{lead_id}?duplicates=erase", server.admin)[0]
            for lead_id in ids
        ]
        sandbox.findings.expect_equal(persons, erased=statuses.count(204))
        eventually(lambda: not _number_pending(sandbox), "every event handled")
        sandbox.findings.record(persons=persons, traces_before=len(kept))
        sandbox.findings.expect_equal(0, leads=sandbox.raw_db.count("leads"))
    left = _traces(sandbox, persons)
    sandbox.findings.expect_at_least(persons, words_before=len({word for word, _ in kept}))
    sandbox.findings.expect_equal([], left=sorted(left)[:5])


def _leave_traces(server: WebServer, number: int) -> str:
    """Submit a lead in several ways and work on it; return its id."""
    first, last, email, message, source, note, content = (f"{word}{number}q" for word in _WORDS)
    fields = make_fields(
        f"{email}@vergissmeinnicht.example",
        first_name=first,
        last_name=last,
        message=f"{message} " * 50,
        source=source,
    )
    body = form(*fields_of(fields), file_part(f"{content} ".encode() * 50, f"{content}.txt"))
    key = {"Idempotency-Key": f"key of {first}", "Content-Type": MULTIPART}
    answers = [server.site.send("POST", "/leads", key, body=body) for _ in range(2)]
    lead_id = str(orjson.loads(answers[1][1])["id"])
    for submission in (
        fields,
        fields | {"leave_this_empty": first},
        fields | {"first_name": "", "last_name": ""},
    ):
        server.site.send("POST", "/leads", json=submission)
    lead = f"/leads/{lead_id}"
    server.site.send("POST", f"{lead}/notes", server.admin, json={"note": note})
    server.site.send("POST", f"{lead}/follow-up", server.admin, json={"message": f"Hello {note}"})
    server.site.send("PATCH", lead, server.admin, json={"last_name": f"{last}-{note}"})
    server.site.send("GET", f"/leads?q={last}&email={email}@vergissmeinnicht.example", server.admin)
    return lead_id


def _number_pending(sandbox: Sandbox) -> int:
    [[number]] = sandbox.raw_db.execute(
        "SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')"
    )
    return int(number)


def _traces(sandbox: Sandbox, persons: int) -> set[tuple[str, str]]:
    """Return the words of persons that are stored, each with the place."""
    places = {str(path.relative_to(sandbox.folder)): _content(path) for path in sandbox.folder.rglob("*")}
    if not sandbox.database_url.startswith(SQLITE):
        places["tables"] = sandbox.raw_db.dump().encode()
    words = [f"{word}{number}q" for word in _WORDS for number in range(persons)]
    lowered = {place: content.lower() for place, content in places.items()}
    return {
        (word, place)
        for word in words
        for place, content in lowered.items()
        if word.lower().encode() in content
    }


def _content(path: Path) -> bytes:
    """Return the bytes of a file, and its name, with JSON's escapes undone."""
    content = path.read_bytes() if path.is_file() else b""
    return path.name.encode() + content + json.dumps(path.name).encode()


_KEEP_MAILS = """
    from leadtracker.adapters.mail.file_email_sender import MailFolder
    MailFolder.erase = lambda *_: None
"""
_KEEP_PAGES = """
    from leadtracker.adapters.database.engine.statements import StatementExecutor
    StatementExecutor.erase = StatementExecutor.write
    from leadtracker.adapters.database.engine.dialects import sqlite
    sqlite._SQLITE["pragmas"]["secure_delete"] = 0
"""

CAMPAIGN = Campaign(
    "erasure",
    "persons who are erased, and every byte that is left",
    run,
    bugs=(
        PlantedBug("mails that were written to the disk stay", ("left",), in_processes(_KEEP_MAILS)),
        PlantedBug("what is deleted stays in free pages", ("left",), in_processes(_KEEP_PAGES), (SQLITE,)),
    ),
)
