"""Files with hostile names are stored and downloaded, and create no other file."""

import http.client

import orjson

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer, running_web
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.examples.hostile_input import hostile_names, is_harmless_disposition
from tests.support.examples.sample_files import PDF

_NAMES = 300


def run(sandbox: Sandbox) -> None:
    """Upload a file under each name, and check its name in the download."""
    with running_web(sandbox) as web:
        before = {path for path in sandbox.folder.rglob("*") if path.is_file()}
        harmful = kept = server_errors = 0
        for number, name in enumerate(hostile_names(_NAMES)):
            form = lead_form(file_part(PDF, f"{name}.pdf"), email=f"p{number}@example.com")
            status, body = web.site.send("POST", "/leads", {"Content-Type": MULTIPART}, body=form)
            server_errors += status >= 500
            if status == 201 and (resume := orjson.loads(body)["resume"]):
                kept += 1
                harmful += not is_harmless_disposition(_disposition(web, resume["url"]))
        after = {path for path in sandbox.folder.rglob("*") if path.is_file()}
        strange = [path for path in after - before if not path.name.startswith("leadtracker.")]
    sandbox.findings.record(names=_NAMES, kept=kept)
    sandbox.findings.expect_equal(
        0, server_errors=server_errors, harmful_headers=harmful, files_elsewhere=len(strange)
    )


def _disposition(web: WebServer, url: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", web.site.port, timeout=300)
    try:
        connection.request("GET", url, headers=dict(web.admin))
        return str(connection.getresponse().headers["Content-Disposition"])
    finally:
        connection.close()


_KEEP_NAMES = """
    from leadtracker.domain.model.values import filename
    filename.clean_filename = lambda raw: raw
    from leadtracker.entrypoints.http.requests import resume_uploads
    resume_uploads._without_separators = lambda name: name
"""

CAMPAIGN = Campaign(
    "file-names",
    "hostile file names",
    run,
    databases_used=(SQLITE,),
    bugs=(
        PlantedBug("the name of a file is kept as it came", ("harmful_headers",), in_processes(_KEEP_NAMES)),
    ),
)
