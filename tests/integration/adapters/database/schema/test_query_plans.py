"""Every query uses an index, and its work grows with its result, not with the table."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryCursor, DeliveryState
from leadtracker.domain.model.leads.follow_up import FollowUpCursor
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import (
    WITHOUT_FOLLOW_UP,
    Cursor,
    Duplicates,
    LeadFilter,
    Sort,
)
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.deliveries.delivery_repository import DeliveryRepository
from leadtracker.domain.ports.leads.lead_repository import LeadRepository
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.builders import make_delivery, make_lead
from tests.support.clock import EARLIEST, LATEST, WEEK, at
from tests.support.database import KINDS, execute
from tests.support.instruments.query_plans import Explanation, explain
from tests.support.servers.postgres import PostgresServer

Ask = Callable[[LeadRepository], object]

LEADS = 20_000  # one every 50 minutes, for nearly two years
FIRST, DEEP, MIDDLE, LAST = (
    at(f"{month}-01T00:00:00Z") for month in ("2025-01", "2025-02", "2026-01", "2026-11")
)
FILL = """
    INSERT INTO leads (id, first_name, last_name, email, identity, source, state, owner, version,
                       created_at, updated_at, follow_up_at, duplicate_of, enquiries)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {leads}),
         known AS (SELECT n, CASE WHEN n % 20 = 7 THEN n - 1 END AS first FROM numbers)
    SELECT 'lead-' || (100000 + n), 'A', 'B', address, address,
           CASE WHEN n % 40 = 3 THEN 'fair' ELSE 'web' END,
           CASE WHEN n % 50 = 0 THEN 'CONVERTED' WHEN n % 2 = 0 THEN 'LOST' ELSE 'PENDING' END,
           CASE WHEN n % 40 = 5 THEN 'ann' WHEN n % 40 <> 9 THEN 'bob' END,
           1, created_at, created_at,
           CASE WHEN n % 3 = 1 THEN '9999-12-31T23:59:59.999999Z' ELSE created_at END,
           'lead-' || (100000 + first), 0
    FROM (SELECT n, first, {time} AS created_at,
                 'p' || coalesce(first, n) || '@example.com' AS address FROM known) AS described
"""
WORDS = {
    "sqlite": """
        INSERT INTO lead_search (rank_id, lead_id, search_document)
        SELECT CAST(strftime('%s', created_at) AS INTEGER) * 33554432, id,
               'common w' || substr(id, -1) || ' r' || substr(id, -3) FROM leads
    """,
    "postgresql": """
        INSERT INTO lead_search (lead_id, search_document)
        SELECT id, array_to_tsvector(
            ARRAY['common', 'w' || right(id, 1), 'r' || right(id, 3)]
            || ARRAY(SELECT 'said' || n || right(id, 2) FROM generate_series(1, 40) AS numbers(n)))
        FROM leads
    """,
}
FOLLOW_UPS = """
    INSERT INTO follow_ups (id, lead_id, due_at, created_at, created_by, done_at, reminded_at)
    SELECT id, id, created_at, created_at, 'user:ann', CASE WHEN id LIKE '%5' THEN created_at END,
           CASE WHEN id NOT LIKE '%01' THEN created_at END FROM leads
"""
OUTBOX = """
    INSERT INTO deliveries (id, kind, recipient, recipient_key, lead_id, state, created_at, due_at, epoch,
                        channel)
    SELECT id, 'lead.created', 'r', CASE WHEN id LIKE '%7' THEN 'well' ELSE 'ill' END, id,
           CASE WHEN id LIKE '%1_' THEN 'pending' ELSE 'sent' END, created_at,
           CASE WHEN id LIKE '%1_' THEN created_at END, 0,
           CASE WHEN id LIKE '%6' THEN 'mail' ELSE 'webhook' END
    FROM leads
"""
TIMES = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%f', '2025-01-01', (50 * n) || ' minutes') || '000Z'",
    "postgresql": "timestamptz '2025-01-01Z' + n * interval '50 minutes'",
}


def page(
    after: Cursor | None = None,
    sort: Sort = Sort.LATEST_CREATED,
    state: LeadState | None = None,
    **criteria: Any,
) -> Ask:
    """A query for a page of 50 leads."""
    states = frozenset([state] if state else [])
    lead_filter = LeadFilter(states=states, **criteria)
    return lambda leads: leads.page(lead_filter, limit=50, after=after, sort=sort)


CURSOR = Cursor(MIDDLE, "lead-105000")
ROWS_READ = 51  # one more than the page shows, to know whether there is a next one
QUESTIONS: dict[str, tuple[Ask, str]] = {
    "the list": (page(), "leads_created_at"),
    "its next page": (page(CURSOR), "leads_created_at"),
    "from a day on": (page(created_from=FIRST), "leads_created_at"),
    "from a day on, next page": (page(CURSOR, created_from=FIRST), "leads_created_at"),
    "between two days, next page": (
        page(CURSOR, created_from=FIRST, created_to=LATEST),
        "leads_created_at",
    ),
    "a rare state": (page(state=LeadState.CONVERTED), "leads_listed_state_created_at"),
    "a rare state, next page": (
        page(CURSOR, state=LeadState.CONVERTED, created_from=FIRST),
        "leads_listed_state_created_at",
    ),
    "everything": (page(CURSOR, duplicates=Duplicates.INCLUDE), "leads_created_at"),
    "everything, oldest first": (
        page(CURSOR, Sort.CREATED_AT, duplicates=Duplicates.INCLUDE),
        "leads_created_at",
    ),
    "duplicates": (page(CURSOR, duplicates=Duplicates.ONLY), "leads_duplicate_created_at"),
    "a source": (page(source="fair"), "leads_listed_source_created_at"),
    "a source, next page": (page(CURSOR, source="fair"), "leads_listed_source_created_at"),
    "an owner": (page(owner="ann"), "leads_owned_created_at"),
    "an owner, next page": (page(CURSOR, owner="ann"), "leads_owned_created_at"),
    "an owner, oldest first": (page(CURSOR, Sort.CREATED_AT, owner="ann"), "leads_owned_created_at"),
    "an owner and a rare state": (
        page(owner="bob", state=LeadState.CONVERTED),
        "leads_owned_state_created_at",
    ),
    "an owner and a rare state, next page": (
        page(CURSOR, owner="bob", state=LeadState.CONVERTED, created_from=FIRST),
        "leads_owned_state_created_at",
    ),
    "an owner's leads and duplicates": (
        page(CURSOR, owner="ann", duplicates=Duplicates.INCLUDE),
        "leads_owned_created_at",
    ),
    "open leads of an owner": (
        page(CURSOR, owner="ann", duplicates=Duplicates.OPEN),
        "leads_owned_created_at",
    ),
    "waiting leads of an owner": (
        page(CURSOR, owner="bob", duplicates=Duplicates.INCLUDE, is_waiting=True),
        "leads_owned_state_created_at",
    ),
    "unowned leads": (page(is_unowned=True), "leads_unowned_created_at"),
    "unowned leads, next page": (page(CURSOR, is_unowned=True), "leads_unowned_created_at"),
    "unowned open leads": (
        page(CURSOR, is_unowned=True, duplicates=Duplicates.OPEN),
        "leads_unowned_created_at",
    ),
    "last updated": (page(sort=Sort.LATEST_UPDATED), "leads_listed_updated_at"),
    "last updated, next page": (page(CURSOR, Sort.LATEST_UPDATED), "leads_listed_updated_at"),
    "first updated, next page": (page(CURSOR, Sort.UPDATED_AT), "leads_listed_updated_at"),
    "next follow-ups": (page(sort=Sort.FOLLOW_UP_AT), "leads_listed_follow_up_at"),
    "next follow-ups, next page": (page(CURSOR, Sort.FOLLOW_UP_AT), "leads_listed_follow_up_at"),
    "overdue leads": (
        page(sort=Sort.FOLLOW_UP_AT, follow_up=TimeRange(None, MIDDLE)),
        "leads_listed_follow_up_at",
    ),
    "planned leads, next page": (
        page(CURSOR, Sort.FOLLOW_UP_AT, follow_up=TimeRange(FIRST, None)),
        "leads_listed_follow_up_at",
    ),
    "duplicates of a lead": (
        page(duplicate_of="lead-100006", duplicates=Duplicates.ONLY),
        "leads_duplicate_of_created_at",
    ),
    "open leads": (page(duplicates=Duplicates.OPEN), "leads_created_at"),
    "open leads, next page": (page(CURSOR, duplicates=Duplicates.OPEN), "leads_created_at"),
    "open leads in a rare state": (
        page(CURSOR, state=LeadState.CONVERTED, duplicates=Duplicates.OPEN),
        "leads_listed_state_created_at",
    ),
    "open leads of a source": (
        page(CURSOR, source="fair", duplicates=Duplicates.OPEN),
        "leads_listed_source_created_at",
    ),
    "open leads, last updated": (
        page(CURSOR, Sort.LATEST_UPDATED, duplicates=Duplicates.OPEN),
        "leads_listed_updated_at",
    ),
    "open leads, next follow-ups": (
        page(CURSOR, Sort.FOLLOW_UP_AT, duplicates=Duplicates.OPEN),
        "leads_listed_follow_up_at",
    ),
    "the weekly count": (
        lambda leads: leads.count_for_report(MIDDLE, MIDDLE + WEEK),
        "leads_created_at",
    ),
}
ADDRESS = {
    kind: page(email_key="p26@example.com", duplicates=kind, created_from=FIRST) for kind in Duplicates
}


@pytest.fixture(scope="module", params=KINDS)
def populated_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of each kind with enough leads for its planner to choose between plans."""
    fill = FILL.format(leads=LEADS, time=TIMES[request.param])
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = shutil.copy(template, tmp_path_factory.mktemp("populated"))
        for statement in (fill, WORDS["sqlite"], FOLLOW_UPS):
            execute(f"sqlite:///{path}", statement)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database(request.getfixturevalue("postgres_template"))
    for statement in (fill, WORDS["postgresql"], FOLLOW_UPS, "ANALYZE"):
        execute(url, statement)
    yield url
    server.drop_database(url)


@pytest.fixture
def explained(
    populated_url: str, open_dialect: OpenDialect, caplog: pytest.LogCaptureFixture
) -> Callable[[Ask], Explanation]:
    """Runs a query of the lead repository and explains the statement."""
    dialect = open_dialect(populated_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    return lambda ask: explain(dialect, caplog, lambda: _ask(unit_of_work, ask))


@pytest.mark.parametrize(("ask", "index"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_each_query_uses_an_ordering_index(
    explained: Callable[[Ask], Explanation], ask: Ask, index: str
) -> None:
    explanation = explained(ask)
    assert explanation.indexes == {index}
    assert not explanation.sorts
    assert explanation.work < 60 * 51


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("sort", [Sort.LATEST_CREATED, Sort.CREATED_AT])
def test_list_of_waiting_leads_does_not_sort(
    explained: Callable[[Ask], Explanation], sort: Sort, after: Cursor | None
) -> None:
    explanation = explained(page(after, sort, is_waiting=True, duplicates=Duplicates.INCLUDE))
    # Half of the leads are PENDING, so PostgreSQL may prefer to read all of them.
    assert explanation.indexes <= {"leads_listed_state_created_at", "leads_created_at"}
    assert not explanation.sorts
    assert explanation.work < 60 * 51


@pytest.mark.parametrize("after", [None, FollowUpCursor(MIDDLE, "lead-105000")], ids=["first", "next"])
@pytest.mark.parametrize(
    ("time_range", "is_open"),
    [
        (TimeRange(), True),
        (TimeRange(None, LATEST), True),
        (TimeRange(FIRST, None), True),
        (TimeRange(), False),
    ],
    ids=["open", "overdue", "planned", "done"],
)
def test_follow_up_list_uses_an_index(
    populated_url: str,
    open_dialect: OpenDialect,
    caplog: pytest.LogCaptureFixture,
    time_range: TimeRange,
    is_open: bool,  # noqa: FBT001 - a parameter
    after: FollowUpCursor | None,
) -> None:
    dialect = open_dialect(populated_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def ask() -> None:
        with unit_of_work.read_only() as tx:
            if is_open:
                tx.follow_ups.open_page(time_range, limit=50, after=after)
            else:
                tx.follow_ups.done_page(limit=50, after=after)

    explanation = explain(dialect, caplog, ask)
    assert explanation.indexes == {"follow_ups_open_due_at" if is_open else "follow_ups_done_at"}
    assert not explanation.sorts
    assert explanation.work < 60 * 51


def test_untouched_leads_query_uses_an_index(explained: Callable[[Ask], Explanation]) -> None:
    untouched = page(
        None,
        Sort.CREATED_AT,
        follow_up=WITHOUT_FOLLOW_UP,
        created_to=MIDDLE,
        is_waiting=True,
        duplicates=Duplicates.INCLUDE,
    )
    explanation = explained(untouched)
    # Half of the leads are PENDING, so PostgreSQL may prefer to read all of them.
    assert explanation.indexes <= {"leads_listed_state_created_at", "leads_created_at"}
    assert not explanation.sorts
    assert 0 < explanation.work < 120 * 51


def test_unreminded_follow_ups_use_an_index(
    populated_url: str, open_dialect: OpenDialect, caplog: pytest.LogCaptureFixture
) -> None:
    dialect = open_dialect(populated_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def ask() -> None:
        # A read-only unit of work finds them, but must not claim them.
        with unit_of_work.read_only() as tx, pytest.raises(RuntimeError, match="read-only"):
            tx.follow_ups.claim_unreminded(LATEST, limit=50)

    explanation = explain(dialect, caplog, ask)
    assert explanation.indexes == {"follow_ups_unreminded_due_at"}
    assert not explanation.sorts
    assert explanation.work < 60 * 51


@pytest.fixture(scope="module")
def busy_url(populated_url: str) -> str:
    """The same database with many sent and many waiting deliveries, most of them for one endpoint."""
    execute(populated_url, OUTBOX)
    if populated_url.startswith("postgresql"):
        execute(populated_url, "ANALYZE deliveries")
    return populated_url


@pytest.mark.parametrize(
    ("find", "index"),
    [
        (lambda deliveries: deliveries.find_due(MIDDLE, Channel.MAIL), "deliveries_mail_due_at"),
        (
            lambda deliveries: deliveries.find_due(MIDDLE, Channel.WEBHOOK, "well"),
            "deliveries_webhook_due_at",
        ),
        (
            lambda deliveries: deliveries.find_due(MIDDLE, Channel.WEBHOOK, "ill", include_waiting=True),
            "deliveries_webhook_due_at",
        ),
    ],
    ids=["mails", "webhooks", "early webhooks"],
)
def test_due_deliveries_use_an_index(
    busy_url: str,
    open_dialect: OpenDialect,
    caplog: pytest.LogCaptureFixture,
    find: Callable[[DeliveryRepository], Delivery | None],
    index: str,
) -> None:
    dialect = open_dialect(busy_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)
    found: list[Delivery | None] = []

    def ask() -> None:
        with unit_of_work() as tx:
            found.append(find(tx.deliveries))

    explanation = explain(dialect, caplog, ask, containing='"due_at" IS NOT NULL')
    assert found[0] is not None
    assert explanation.indexes == {index}
    assert not explanation.sorts
    assert explanation.work < 100


def test_oldest_due_time_uses_indexes(
    busy_url: str, open_dialect: OpenDialect, caplog: pytest.LogCaptureFixture
) -> None:
    dialect = open_dialect(busy_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def ask() -> None:
        with unit_of_work.read_only() as tx:
            tx.deliveries.due_since(LATEST)

    explanation = explain(dialect, caplog, ask, containing='"due_at" IS NOT NULL')
    assert explanation.indexes == {
        "deliveries_mail_due_at",
        "deliveries_webhook_due_at",
        "deliveries_leased_until",
    }


@pytest.mark.parametrize("after", [None, DeliveryCursor(MIDDLE, "lead-105000")], ids=["first", "next"])
@pytest.mark.parametrize("state", [None, DeliveryState.PENDING, DeliveryState.FAILED])
def test_delivery_lists_use_an_index(
    busy_url: str,
    open_dialect: OpenDialect,
    caplog: pytest.LogCaptureFixture,
    state: DeliveryState | None,
    after: DeliveryCursor | None,
) -> None:
    dialect = open_dialect(busy_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def ask() -> None:
        with unit_of_work.read_only() as tx:
            tx.deliveries.page(state, limit=50, after=after)

    explanation = explain(dialect, caplog, ask, containing="LIMIT")
    assert explanation.indexes == {"deliveries_state_created_at"}
    assert not explanation.sorts or state is None  # SQLite sorts one page of each state
    assert explanation.work < 60 * 51 * (3 if state is None else 1)


def test_contact_delays_use_an_index(
    populated_url: str, open_dialect: OpenDialect, caplog: pytest.LogCaptureFixture
) -> None:
    dialect = open_dialect(populated_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def ask() -> None:
        with unit_of_work.read_only() as tx:
            tx.statistics.delays(TimeRange())

    assert explain(dialect, caplog, ask, "contact_delay").indexes == {"leads_primary_contact_delay"}


LOOKUPS: dict[str, tuple[Callable[[UnitOfWork], object], str, str]] = {
    "open follow-up": (lambda tx: tx.follow_ups.find_open("lead-1"), "SELECT", "follow_ups_open_lead_id"),
    "follow-ups of a lead": (lambda tx: tx.follow_ups.of("lead-1"), "SELECT", "follow_ups_lead_id"),
    "imports": (lambda tx: tx.imports.page(limit=9), "SELECT", "imports_started_at"),
    "leads of an import": (
        lambda tx: tx.leads.imported("import-1", limit=9, after_id="lead-1"),
        "SELECT",
        "leads_import_id",
    ),
    "expired import files": (
        lambda tx: tx.imports.purge_files(EARLIEST),
        "DELETE",
        "import_files_received_at",
    ),
    "known people of a batch": (
        lambda tx: tx.leads.add_all([make_lead()]),
        "SELECT",
        "leads_primary_identity",
    ),
    "deliveries of a lead": (lambda tx: tx.deliveries.erase("unknown"), "DELETE", "deliveries_lead_id"),
    "expired idempotency keys": (
        lambda tx: tx.idempotency.purge(EARLIEST),
        "DELETE",
        "idempotency_keys_at",
    ),
    "idempotency keys of a lead": (
        lambda tx: tx.idempotency.erase("unknown"),
        "DELETE",
        "idempotency_keys_lead_id",
    ),
    "quarantine": (lambda tx: tx.quarantine.page(limit=50), "SELECT", "quarantine_received_at"),
    "quarantine, expired": (lambda tx: tx.quarantine.purge(EARLIEST), "DELETE", "quarantine_received_at"),
    "quarantine of a person": (lambda tx: tx.quarantine.of("a@b.example"), "SELECT", "quarantine_identity"),
    "sessions of a user": (lambda tx: tx.sessions.end_of("unknown"), "DELETE", "sessions_user_name"),
}


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)  # PostgreSQL scans tables that are small
@pytest.mark.parametrize(("ask", "containing", "index"), LOOKUPS.values(), ids=LOOKUPS.keys())
def test_lookups_use_an_index(
    populated_url: str,
    open_dialect: OpenDialect,
    caplog: pytest.LogCaptureFixture,
    ask: Callable[[UnitOfWork], object],
    containing: str,
    index: str,
) -> None:
    dialect = open_dialect(populated_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def run() -> None:
        with unit_of_work() as tx:
            ask(tx)

    assert index in explain(dialect, caplog, run, containing).indexes


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
def test_acknowledgements_use_an_index(
    populated_url: str, open_dialect: OpenDialect, caplog: pytest.LogCaptureFixture
) -> None:
    dialect = open_dialect(populated_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def ask() -> None:
        with unit_of_work() as tx:
            tx.deliveries.acknowledge(make_delivery("acknowledgement"), EARLIEST)
            tx.deliveries.count_open()  # executes the enqueued write

    assert "deliveries_acknowledged" in explain(dialect, caplog, ask, "INSERT").indexes


@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("text", ["common", "comm", "w4", "common w4"])
@pytest.mark.parametrize("sort", [Sort.CREATED_AT, Sort.LATEST_CREATED])
def test_search_page_cost_is_independent_of_hits(
    explained: Callable[[Ask], Explanation], text: str, sort: Sort, after: Cursor | None
) -> None:
    explanation = explained(page(after, sort, search=Search.parse(text)))
    assert explanation.work < 90 * 51


@pytest.mark.parametrize("populated_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
def test_postgresql_rare_word_uses_the_index(
    explained: Callable[[Ask], Explanation], after: Cursor | None
) -> None:
    assert "lead_search_document" in explained(page(after, search=Search.parse("r123"))).indexes


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("after", [None, CURSOR], ids=["first", "next"])
@pytest.mark.parametrize("sort", [Sort.CREATED_AT, Sort.LATEST_CREATED])
def test_sqlite_ordered_search_does_not_sort(
    explained: Callable[[Ask], Explanation], sort: Sort, after: Cursor | None
) -> None:
    few, many = (explained(page(after, sort, search=Search.parse(text))) for text in ("w4", "common"))
    assert not few.sorts
    assert not many.sorts
    assert 0 < many.work < 1.2 * few.work


def test_address_lookup_uses_an_index(explained: Callable[[Ask], Explanation]) -> None:
    primary, duplicate, both = (
        explained(ADDRESS[kind]) for kind in (Duplicates.EXCLUDE, Duplicates.ONLY, Duplicates.INCLUDE)
    )
    assert primary.indexes == {"leads_primary_identity"}
    assert duplicate.indexes == {"leads_duplicate_identity"}
    assert 0 < primary.work < 120
    assert 0 < duplicate.work < 120
    # Each index holds some of the leads: a lookup among all of them is two, and SQLite merges what they find.
    assert both.indexes == primary.indexes | duplicate.indexes
    assert both.work <= 1.5 * (primary.work + duplicate.work)


def test_work_metric_detects_a_missing_index(
    explained: Callable[[Ask], Explanation],
) -> None:
    assert explained(page(source="unknown", duplicates=Duplicates.INCLUDE)).work >= LEADS


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("state", [None, LeadState.LOST])
@pytest.mark.parametrize("kind", Duplicates)
def test_page_cost_is_independent_of_the_cursor(
    explained: Callable[[Ask], Explanation], sort: Sort, state: LeadState | None, kind: Duplicates
) -> None:
    def work(after: Cursor | None) -> int:
        criteria = {"created_from": EARLIEST, "created_to": LATEST, "duplicates": kind}
        return explained(page(after, sort, state, **criteria)).work

    at_start, far = work(None), work(CURSOR)
    # Half of the leads are LOST. PostgreSQL may walk the index over all leads instead of the one by state, at
    # the cursor but not at the start, and then looks at two leads for each that it returns.
    walked = ROWS_READ * 2 if state else ROWS_READ
    assert far < 1.5 * max(at_start, walked)


def test_weekly_count_cost_follows_its_leads(
    explained: Callable[[Ask], Explanation],
) -> None:
    one = explained(lambda leads: leads.count_for_report(DEEP, DEEP + WEEK)).work
    four = explained(lambda leads: leads.count_for_report(DEEP, DEEP + 4 * WEEK)).work
    assert 2 < four / one < 6


def test_source_count_reads_only_recent_leads(
    populated_url: str, open_dialect: OpenDialect, caplog: pytest.LogCaptureFixture
) -> None:
    dialect = open_dialect(populated_url)
    unit_of_work = PeeweeUnitOfWorkFactory(dialect)

    def ask() -> None:
        with unit_of_work.read_only() as tx:
            assert len(tx.statistics.by_source(TimeRange(LAST, None))) > 1

    for statement in ("COUNT", "LIMIT"):
        assert explain(dialect, caplog, ask, statement).work < LEADS / 4


def _ask(unit_of_work: UnitOfWorkFactory, ask: Ask) -> None:
    with unit_of_work.read_only() as tx:
        ask(tx.leads)
