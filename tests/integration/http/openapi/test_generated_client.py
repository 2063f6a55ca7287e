"""A Python client generated from the OpenAPI document works against a running server."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import orjson
import pytest
from flask import Flask
from werkzeug.serving import make_server

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.docs.document import openapi_document
from tests.integration.http.conftest import Accounts
from tests.support.database import on_sqlite
from tests.support.examples.sample_files import SAMPLES

pytestmark = on_sqlite

PACKAGE = "generated_client"
CONFIG = Path(__file__).parents[4] / "docs/openapi-python-client.yaml"

Module = Callable[[str], Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generated package. The generator must not have warned of anything."""
    folder = tmp_path_factory.mktemp("generated")
    document = folder / "openapi.json"
    document.write_bytes(orjson.dumps(openapi_document()))
    options = ["--path", str(document), "--config", str(CONFIG), "--meta", "none", "--fail-on-warning"]
    command = [sys.executable, "-m", "openapi_python_client", "generate", *options]
    ended = subprocess.run(
        [*command, "--output-path", str(folder / PACKAGE)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "arning" in ended.stdout + ended.stderr) == (0, False), ended.stdout
    return folder


@pytest.fixture
def module(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Module]:
    """Imports modules of the generated package by their names within it."""
    monkeypatch.syspath_prepend(folder)
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}" if name else PACKAGE)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(module: Module, url: str, accounts: Accounts) -> Iterator[Any]:
    key = accounts.credentials(Role.ADMIN)["X-API-Key"]
    with module("").AuthenticatedClient(base_url=url, token=key, raise_on_unexpected_status=True) as client:
        yield client


@pytest.fixture
def lead(module: Module, client: Any) -> Any:
    body = module("models").NewLead(first_name="Ada", last_name="Lovelace", email="ada@example.com")
    return module("api.leads.capture_lead").sync(client=client, body=body)


def test_generated_client_creates_and_gets_a_lead(module: Module, client: Any, lead: Any) -> None:
    assert (lead.first_name, lead.state, lead.phone) == ("Ada", "PENDING", None)
    assert module("api.leads.get_lead").sync(lead.id, client=client).to_dict() == lead.to_dict()


def test_generated_client_changes_lead(module: Module, client: Any, lead: Any) -> None:
    change = module("models").LeadChange(phone="+49 30 901820")
    changed = module("api.leads.change_lead").sync(lead.id, client=client, body=change)
    put = module("api.leads.put_lead").sync(lead.id, client=client, body=change)
    assert (changed.phone, put.version) == ("+4930901820", 2)


def test_generated_client_lists_leads(module: Module, client: Any, lead: Any) -> None:
    list_leads = module("api.leads.list_leads")
    since = lead.created_at
    [latest] = list_leads.sync(client=client, limit=1, created_from=since)
    [of_the_day] = list_leads.sync(client=client, created_from=since.date(), created_to=since.date())
    assert latest.to_dict() == of_the_day.to_dict() == lead.to_dict()
    assert list_leads.sync(client=client, created_to=since) == []


def test_generated_client_imports_leads(module: Module, client: Any, lead: Any) -> None:
    rows = [b"first_name,last_name,email", b"Ann,Lee,ann@example.com", b"Ada,Lovelace,ada@example.com"]
    file = module("types").File(payload=BytesIO(b"\r\n".join(rows) + b"\r\n"))
    result = module("api.leads.import_leads").sync(client=client, body=file)
    assert (result.created, [row.line for row in result.duplicates], result.rejected) == (1, [3], [])
    assert lead.email == result.duplicates[0].email


@pytest.mark.parametrize("as_form", [True, False])
def test_generated_client_uploads_a_resume(module: Module, client: Any, lead: Any, *, as_form: bool) -> None:
    put_resume = module("api.work.put_resume")
    file = module("types").File(payload=BytesIO(SAMPLES["pdf"]), file_name="cv.pdf")
    body = module("models").ResumeUpload(resume=file) if as_form else file
    put_resume.sync_detailed(lead.id, client=client, body=body, filename="cv.pdf")
    resume = module("api.leads.get_lead").sync(lead.id, client=client).resume
    assert (resume.filename, resume.size) == ("cv.pdf", len(SAMPLES["pdf"]))


def test_generated_client_reads_errors(module: Module, client: Any) -> None:
    problem = module("api.leads.get_lead").sync("unknown", client=client)
    assert (problem.status, problem.title) == (404, "Not found")
