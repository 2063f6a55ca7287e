"""The activity in the database of a release: an invented office, and what that office does not do."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.cli.demo.office import Office
from leadtracker.entrypoints.http.app import create_app
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART, file_part, form, lead_form
from tests.support.examples.sample_files import PDF
from tests.support.http import Client, api_key

_WEEKS = 2
_CSV = b"first_name,last_name,email,state\nIda,Import,ida@example.com,CONVERTED\nBad,Row,bad@,PENDING\n"
_CONSENT = "I agree to the privacy policy."


def fill(url: str, folder: Path) -> None:
    """Migrate an empty database, and fill it."""
    settings = Settings(
        database_url=SecretStr(url),
        data_dir=folder,
        timezone="Europe/Berlin",
        organisation="Hopper & Lange",
        consent_text=_CONSENT,
        webhook_urls="https://hooks.example.com/leads",
        webhook_secret=SecretStr("an-invented-secret-of-a-release"),
        notify="office@firm.example",
        public_rate_limit="off",
    )
    office = Container(settings=settings)
    office.schema().migrate()
    Office(office, datetime.now(UTC), _WEEKS).play()
    office.dialect().close()
    container = Container(settings=settings)
    key = container.manage_api_keys().add(OPERATOR, "releases", Role.ADMIN)
    _do_the_rest(create_app(container), api_key(key))
    container.dialect().close()


def _do_the_rest(app: Flask, credentials: dict[str, str]) -> None:
    public = Client.of(app)
    admin = public.with_headers(credentials)

    def add(email: str, **fields: object) -> str:
        return str(admin.post("/leads", make_fields(email, **fields)).body["id"])

    corrected, held, erased = add("corrected@example.com"), add("held@example.com"), add("erased@example.com")
    admin.patch(
        f"/leads/{corrected}", {"message": "Müller\nBäcker 北京", "owner": "ben", "state": "REACHED_OUT"}
    )
    admin.patch(f"/leads/{corrected}", {"state": "LOST", "lost_reason": "Too expensive"})
    admin.post(f"/leads/{corrected}/notes", {"note": "Called."})
    note = admin.get(f"/leads/{corrected}/history").body[-1]["id"]
    admin.patch(f"/leads/{corrected}/notes/{note}", {"note": "Wrote."})
    admin.post(f"/leads/{held}/follow-up", {"due_at": "2030-12-01T08:30:00Z", "note": "Ask for papers."})
    admin.put(f"/leads/{held}/hold", {"reason": "Lawsuit 12 O 345/26"})
    body = form(file_part(PDF, "cv.pdf"))
    admin.request("PUT", f"/leads/{held}/resume", data=body, content_type=MULTIPART)
    admin.delete(f"/leads/{erased}")
    _send_as_the_public(public)
    public.post("/leads", make_fields("spam@example.com", leave_this_empty="x"))
    public.post("/leads", {"first_name": "Rita", "email": "rita@"})
    admin.post("/leads/import", data=_CSV, content_type="text/csv")
    admin.post("/users", {"name": "tom", "role": "agent", "password": "an invented phrase"})


def _send_as_the_public(public: Client) -> None:
    consent = {"consent": "on"}
    retried = {"Idempotency-Key": "a key of the website"}
    enquiry = make_fields("again@example.com", language="de", utm_source="news", case="12/26", **consent)
    public.request("POST", "/leads", retried, json=enquiry)
    public.post("/leads", make_fields("again@example.com", message="Me again.", **consent))
    public.post("/leads", {"first_name": "Zoë", "phone": "+49 30 901820", **consent})
    body = lead_form(file_part(PDF, "cv.pdf"), email="files@example.com")
    public.request("POST", "/leads", data=body, content_type=MULTIPART)
