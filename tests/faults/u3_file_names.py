"""U3: files with hostile names come in, are handed out, and leave nothing anywhere else."""

import http.client

import orjson

from tests.faults.campaign import Campaign, Ground
from tests.faults.databases import SQLITE
from tests.faults.served import Served, served
from tests.support.files import PDF
from tests.support.forms import MULTIPART, file_part, lead_form
from tests.support.hostile import hostile_names, is_harmless_disposition

_NAMES = 300


def run(ground: Ground) -> None:
    """Send a file under each name, and read what it is called when it comes back."""
    with served(ground) as web:
        before = {path for path in ground.folder.rglob("*") if path.is_file()}
        harmful = kept = server_errors = 0
        for number, name in enumerate(hostile_names(_NAMES)):
            form = lead_form(file_part(PDF, f"{name}.pdf"), email=f"p{number}@example.com")
            status, body = web.site.send("POST", "/leads", {"Content-Type": MULTIPART}, body=form)
            server_errors += status >= 500
            if status == 201 and (resume := orjson.loads(body)["resume"]):
                kept += 1
                harmful += not is_harmless_disposition(_disposition(web, resume["url"]))
        after = {path for path in ground.folder.rglob("*") if path.is_file()}
        strange = [path for path in after - before if not path.name.startswith("leadtracker.")]
    ground.tally.tell(names=_NAMES, kept=kept)
    ground.tally.exactly(
        0, server_errors=server_errors, harmful_headers=harmful, files_elsewhere=len(strange)
    )


def _disposition(web: Served, url: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", web.site.port, timeout=30)
    try:
        connection.request("GET", url, headers=dict(web.admin))
        return connection.getresponse().headers["Content-Disposition"]
    finally:
        connection.close()


CAMPAIGN = Campaign("U3", "hostile file names", run, kinds=(SQLITE,))
