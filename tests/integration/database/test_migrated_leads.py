"""A database of the first version keeps every lead when it is migrated, and can do all that a new one can."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_query import Sort
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.search import Search, search_terms
from tests.contracts.lead_pages import find
from tests.contracts.lead_repository import everything
from tests.contracts.lead_search import search, searching
from tests.integration.database.conftest import OpenDialect
from tests.integration.database.test_migrations import FOLDER
from tests.integration.database.test_schema import catalogue
from tests.support.builders import make_follow_up, make_lead
from tests.support.clock import EARLIEST, LATEST, MICROSECOND, NOW
from tests.support.raw_database import RawDatabase
from tests.support.search_examples import EXAMPLES, FOX, ILGAZ, ZOE

COLUMNS = (
    "id, first_name, last_name, email, email_key, phone, message, source, state, created_at, updated_at, "
    "version, duplicate_of"
)
STRANGE = make_lead(
    "strange",
    "strange@x.example",
    first_name="O'Neil; DROP TABLE leads",
    last_name='% _ \\ " ? {} \u2028 🦊',
    message="Hello,\r\nworld\t" + "long " * 900,
    source="ad: 50 %",
    phone="none 1",
    state=LeadState.CONVERTED,
    created_at=NOW - MICROSECOND,
    updated_at=NOW + MICROSECOND,
    version=7,
)
OLD_LEADS = [
    evolve(ZOE, created_at=NOW + timedelta(seconds=1)),
    *(evolve(ZOE, id=f"again-{number}", duplicate_of="zoe") for number in range(3)),
    ILGAZ,
    FOX,
    STRANGE,
    make_lead("earliest", "p1@x.test", EARLIEST, first_name="E", last_name="E"),
    make_lead("latest", "p2@x.test", LATEST, first_name="L", last_name="L", state=LeadState.LOST),
    *(make_lead(f"same-{number}", f"s{number}@x.test", first_name="Same") for number in range(30)),
]


def row_of(lead: Lead, *, as_text: bool) -> list[object]:
    """What the first version kept of a lead."""
    times = [lead.created_at, lead.updated_at]
    shown = [f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z" for at in times]
    return [
        *(lead.id, lead.first_name, lead.last_name, lead.email.text, lead.email.key, lead.phone),
        *(lead.message, lead.source, lead.state.value, *(shown if as_text else times)),
        *(lead.version, lead.duplicate_of),
    ]


@pytest.fixture
def old_url(empty_url: str, open_dialect: OpenDialect, tmp_path: Path) -> str:
    """A database as the first version has left it, of each kind in turn."""
    first_version = tmp_path / "first version"
    first_version.mkdir()
    shutil.copy(FOLDER / "0001_foundation.py", first_version)
    dialect = open_dialect(empty_url)
    assert PeeweeSchema(dialect, first_version).migrate() == ["0001_foundation"]
    dialect.close()
    raw_db = RawDatabase(empty_url)
    positions = ", ".join("?" * 13)
    for lead in OLD_LEADS:
        row = row_of(lead, as_text=empty_url.startswith("sqlite"))
        raw_db.execute(f"INSERT INTO leads ({COLUMNS}) VALUES ({positions})", *row)  # noqa: S608 - ours
    return empty_url


@pytest.fixture
def unit_of_work(old_url: str, open_dialect: OpenDialect) -> PeeweeUnitOfWorkFactory:
    """The same database after it was migrated."""
    dialect = open_dialect(old_url)
    assert "0002_lead_management" in PeeweeSchema(dialect).migrate()
    return PeeweeUnitOfWorkFactory(dialect)


def test_migrated_leads_are_unchanged(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    assert everything(unit_of_work) == {lead.id: lead for lead in OLD_LEADS}


def test_migrated_leads_have_a_creation_entry(
    unit_of_work: PeeweeUnitOfWorkFactory,
) -> None:
    for lead in OLD_LEADS:
        with unit_of_work.read_only() as tx:
            [entry] = tx.history.of(lead.id)
        told = (entry.version, entry.at, entry.action, entry.changes)
        assert told == (lead.version, lead.created_at, Action.CREATED, ())


def test_migrated_leads_are_searchable(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    queries = [*EXAMPLES, "hello long", "same", "s1", "none", "x test"]
    for text in queries:
        query = Search.parse(text)
        expected = {lead.id for lead in OLD_LEADS if query.finds(search_terms(lead))}
        assert search(unit_of_work, text) == expected


@pytest.mark.parametrize("sort", [Sort.CREATED_AT, Sort.LATEST_CREATED])
def test_migrated_search_results_are_in_order(unit_of_work: PeeweeUnitOfWorkFactory, sort: Sort) -> None:
    leads = everything(unit_of_work)
    found = [leads[name].created_at for name in find(unit_of_work, searching("example"), sort=sort)]
    seconds = [at.replace(microsecond=0) for at in found]
    assert seconds == sorted(seconds, reverse=sort.is_descending)
    assert len(set(seconds)) > 2


def test_migrated_leads_can_be_edited_and_erased(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    with unit_of_work() as tx:
        tx.leads.save(evolve(tx.leads.get("strange"), first_name="Renamed").changed(NOW))
        tx.follow_ups.save(make_follow_up("call", "strange"))
        tx.leads.erase("again-1")
        tx.leads.add(make_lead("new", "new@x.test"))
        tx.commit()
    assert search(unit_of_work, "renamed") == {"strange"}
    assert search(unit_of_work, "drop") == set()
    assert search(unit_of_work, "hauptstrasse") == {"zoe", "again-0", "again-2"}


def test_migrated_addresses_are_known(unit_of_work: PeeweeUnitOfWorkFactory) -> None:
    with unit_of_work() as tx:
        tx.leads.add_or_mark_duplicate(make_lead("again", ZOE.email.text.upper()))
        assert tx.leads.get("again").duplicate_of == "zoe"


@pytest.mark.usefixtures("unit_of_work")
def test_migrated_schema_equals_a_new_one(old_url: str, request: pytest.FixtureRequest) -> None:
    is_sqlite = old_url.startswith("sqlite")
    new_url: str = request.getfixturevalue("sqlite_url" if is_sqlite else "postgres_url")
    assert sorted(catalogue(old_url)) == sorted(catalogue(new_url))
