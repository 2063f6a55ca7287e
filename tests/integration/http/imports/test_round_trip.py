"""Exports over HTTP are safe for spreadsheets, and importing them restores the same leads."""

import csv
import io
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.leads.fields import MAX_MESSAGE_LENGTH, MAX_NAME_LENGTH
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.values.phone import MAX_PHONE_LENGTH
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import Accounts, MakeContainer
from tests.support.clock import NOW
from tests.support.database import on_every_database
from tests.support.examples.strategies import any_timestamps
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

pytestmark = on_every_database

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
PHONE = re.compile(r"\+\d[\d ]{3,20}", re.ASCII)
EVERYTHING = LeadFilter(duplicates=Duplicates.INCLUDE)

# Characters with a meaning in CSV, in spreadsheets or for code that splits text into lines.
hostile = st.sampled_from(
    [
        *"=+-@'\"`,;|\\ #%\ufeff\u200b\u2028\u2029\u0301\uff1d\uff0b",
        "''",
        "'=",
        "\"'=",
        "=1+1",
        "\N{FOX FACE}é",
    ]
)
line_breaks = st.sampled_from(["\n", "\r\n", "\r", "\r\r\n", "\n\n", '"\n', "\n'=", "\r="])
entered = st.characters(exclude_categories=["Cc", "Cs"])
words = st.lists(hostile | entered, max_size=12).map("".join)
texts = st.lists(hostile | entered | line_breaks, max_size=30).map("".join)
# An apostrophe before a number is a mark of spreadsheets, which reading removes.
phones = st.text('0123456789 +-=@()"', max_size=MAX_PHONE_LENGTH) | st.from_regex(
    r"[=+@-]\d{4,15}", fullmatch=True
)
long_texts = st.sampled_from(["x", "=", '"', "\n", "\r\n", "'", ",", "\N{FOX FACE}"]).map(
    lambda text: f"={text * MAX_MESSAGE_LENGTH}"[: MAX_MESSAGE_LENGTH - 1] + "="
)


def field(content: st.SearchStrategy[str], longest: int) -> st.SearchStrategy[str]:
    return content.map(lambda text: text[:longest])


raw_leads = st.fixed_dictionaries(
    {
        "first_name": field(words, MAX_NAME_LENGTH),
        "last_name": field(words, MAX_NAME_LENGTH),
        "email": st.text("=+-'!#$%&*/?^_`{|}~aé", min_size=1, max_size=20),
        "phone": st.none() | phones,
        "message": st.none() | texts | long_texts,
        "source": st.none() | words,
        "state": st.sampled_from(LeadState),
        "created_at": any_timestamps.map(lambda timestamp: min(timestamp, NOW).isoformat()),
    }
)


def lead_of(number: int, raw: dict[str, Any], container: Container) -> Lead | None:
    """The lead that the fields make, or None if they break a rule; its address is its own."""
    fields = raw | {"email": f"{raw['email']}{number}@example.com"}
    try:
        draft = LeadDraft.read(fields, container.phones().to_e164, from_import=True)
    except InvalidInput:
        return None
    return draft.to_lead(f"lead-{number}", NOW)


@frozen
class Site:
    """An installation: its inside, and an admin in front of its entrypoint."""

    container: Container
    admin: Client

    @classmethod
    def of(cls, container: Container) -> "Site":
        app = create_app(container)
        return cls(container, Accounts(container, app).client(Client.of(app), Role.ADMIN))

    def clear(self) -> None:
        RawDatabase(self.container.settings().database).execute("DELETE FROM leads")

    def store(self, leads: Sequence[Lead]) -> None:
        with self.container.unit_of_work()() as tx:
            for lead in leads:
                tx.leads.add(lead)
            tx.commit()

    def leads(self) -> dict[str, Lead]:
        """Return the fields of all leads that a CSV file contains, by address."""
        with self.container.unit_of_work().read_only() as tx:
            page = tx.leads.page(EVERYTHING, limit=1_000)
        return {
            lead.identity: evolve(lead, id="", updated_at=lead.created_at, version=1, import_id=None)
            for lead in page.items
        }


@pytest.fixture
def here(container: Container) -> Site:
    return Site.of(container)


@pytest.fixture
def elsewhere(make_container: MakeContainer, sqlite_template: Path, tmp_path: Path) -> Site:
    """A second installation, with a database of another kind where the first one's is PostgreSQL."""
    path = tmp_path / "elsewhere.db"
    shutil.copy(sqlite_template, path)
    return Site.of(make_container(database_url=f"sqlite:///{path}"))


def raw(**fields: object) -> dict[str, object]:
    given: dict[str, object] = {"first_name": "Ann", "last_name": "Lee", "email": "a", "phone": None}
    given |= {"message": None, "source": None, "state": "PENDING", "created_at": NOW.isoformat()}
    return given | fields


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(raws=st.lists(raw_leads, max_size=6))
@example(raws=[raw(message="one\rtwo\r\nthree\nfour\r"), raw(message="a\u2028b\u2029c\r=")])
@example(raws=[raw(first_name="=1+1", last_name="'=1", source="''@x")])
@example(raws=[raw(phone="+49 30 901820"), raw(phone="+12 34 x"), raw(phone="@1234"), raw(email="=x")])
@example(raws=[raw(first_name="\ufeff"), raw(first_name="'", last_name='"', source='",="')])
def test_exports_import_unchanged(here: Site, elsewhere: Site, raws: list[dict[str, Any]]) -> None:
    for site in (here, elsewhere):
        site.clear()
    made = (lead_of(number, fields, here.container) for number, fields in enumerate(raws))
    leads = [lead for lead in made if lead is not None]
    here.store(leads)
    file = here.admin.get("/leads/export").body
    check_harmless(file, len(leads))
    summary = elsewhere.admin.post("/leads/import", data=file, content_type="text/csv").body
    assert summary.pop("import_id")
    assert summary == {"created": len(leads), "duplicates": [], "rejected": [], "encoding": "UTF-8"}
    assert elsewhere.leads() == here.leads()


def check_harmless(file: bytes, number: int) -> None:
    """Check that no cell begins like a formula, phone numbers aside."""
    _, *rows = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), strict=True)
    assert len(rows) == number
    dangerous = [cell for row in rows for cell in row if cell.startswith(FORMULAS)]
    assert [cell for cell in dangerous if not PHONE.fullmatch(cell)] == []
