"""``/reports/weekly``: the ledger, and asking for a report to be sent."""

from datetime import timedelta

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.use_cases.reports.send_reports import SendReportOnce
from leadtracker.entrypoints.formats.json_models.deliveries import ExplanationJson
from tests.support.database import on_every_database
from tests.support.http import Client, fields_in
from tests.support.memory.reports.report_sink import MemoryReportSink
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

SEALED = {
    "week": "2026-W46",
    "start": "2026-11-09T00:00:00.000000Z",
    "end": "2026-11-16T00:00:00.000000Z",
    "number_of_leads": 2,
    "state": "planned",
    "may_have_arrived_twice": False,
    "sealed_at": "2026-11-18T12:00:00.000000Z",
    "next_attempt_at": "2026-11-18T12:00:00.000000Z",
    "attempts": [],
    "deliveries": [{"sink": "log", "state": "planned", "attempts": []}],
}
NEVER_TRIED = DeliveryResult(
    outcome=Outcome.RETRY, status=500, detail=AttemptDetail(DetailCode.HTTP_ANSWERED, host="example.com")
)


@pytest.fixture(autouse=True)
def leads(raw_db: RawDatabase) -> None:
    for number, created_at in enumerate(("2026-11-09T00:00:00Z", "2026-11-15T23:59:59.999999Z")):
        raw_db.add_lead(f"in{number}@example.com", created_at)
    raw_db.add_lead("before@example.com", "2026-11-08T23:59:59.999999Z")
    raw_db.add_lead("after@example.com", "2026-11-16T00:00:00Z")


def attempt(container: Container, result: DeliveryResult) -> None:
    """Let a scheduler deliver what is due to a receiver that answers like this."""
    sink = MemoryReportSink([result])
    make_attempt = SendReportOnce(delivery_worker=container.delivery_worker(), sink=sink)
    with container.unit_of_work().read_only() as tx:
        [report] = tx.ledger.due(container.clock().now())
    make_attempt(report)


def test_ledger_is_empty_initially(viewer: Client) -> None:
    assert viewer.get("/reports/weekly").body == []


@on_every_database
def test_sending_seals_the_week(admin: Client) -> None:
    response = admin.post("/reports/weekly/2026-W46/send")
    assert (response.status, response.body) == (202, SEALED)
    assert admin.get("/reports/weekly/2026-W46").body == SEALED
    assert admin.get("/reports/weekly").body == [SEALED]


def test_sealed_number_is_immutable(admin: Client, raw_db: RawDatabase) -> None:
    admin.post("/reports/weekly/2026-W46/send")
    raw_db.add_lead("late@example.com", "2026-11-12T00:00:00Z")
    assert admin.post("/reports/weekly/2026-W46/send").body["number_of_leads"] == 2


def test_attempt_has_its_outcome(admin: Client, container: Container) -> None:
    admin.post("/reports/weekly/2026-W46/send")
    attempt(container, NEVER_TRIED)
    report = admin.get("/reports/weekly/2026-W46").body
    assert report["attempts"] == [
        {
            "number": 1,
            "started_at": "2026-11-18T12:00:00.000000Z",
            "finished_at": "2026-11-18T12:00:00.000000Z",
            "outcome": "retry",
            "status": 500,
            "detail": "example.com answered 500.",
            "detail_code": "http_answered",
        }
    ]
    assert report["next_attempt_at"] > "2026-11-18T12:00:00.000000Z"


def test_resending_needs_the_again_flag(admin: Client, container: Container) -> None:
    admin.post("/reports/weekly/2026-W46/send")
    attempt(container, DeliveryResult(outcome=Outcome.DELIVERED, status=200))
    delivered = admin.post("/reports/weekly/2026-W46/send").body
    assert (delivered["state"], delivered["next_attempt_at"]) == ("delivered", None)
    again = admin.request("POST", "/reports/weekly/2026-W46/send?again=true").body
    assert again["next_attempt_at"] == "2026-11-18T12:00:00.000000Z"


@on_every_database
def test_week_being_sent_conflicts(admin: Client, raw_db: RawDatabase, clock: MemoryClock) -> None:
    admin.post("/reports/weekly/2026-W46/send")
    lease = (clock.now() + timedelta(seconds=60)).isoformat()
    raw_db.execute("UPDATE weekly_reports SET state = 'sending', due_at = NULL, leased_until = ?", lease)
    raw_db.execute(
        "INSERT INTO report_attempts (week, number, started_at) VALUES ('2026-W46', 1, ?)",
        clock.now().isoformat(),
    )
    in_progress = admin.post("/reports/weekly/2026-W46/send")
    assert in_progress.status == 409
    assert in_progress.body["type"].endswith(":report-in-progress")


@pytest.mark.parametrize("week", ["2026-W47", "2026-W48", "2030-W01"])
def test_open_week_cannot_be_sent(admin: Client, raw_db: RawDatabase, week: str) -> None:
    rejected = admin.post(f"/reports/weekly/{week}/send")
    assert rejected.status == 409
    assert rejected.body["type"].endswith(":week-not-closed")
    assert rejected.body["sealable_from"].endswith("T00:05:00.000000Z")
    assert raw_db.count("weekly_reports") == 0


@pytest.mark.parametrize("week", ["2026-W54", "2026-W00", "2026-46", "w46", "last", "2026-W46x", "0000-W01"])
def test_invalid_week_cannot_be_sent(admin: Client, raw_db: RawDatabase, week: str) -> None:
    rejected = admin.post(f"/reports/weekly/{week}/send")
    assert rejected.status == 404
    assert rejected.body["detail"] == f"there is no weekly report {week}"
    assert raw_db.count("weekly_reports") == 0


def test_a_week_of_too_long_ago_is_rejected_with_the_earliest(admin: Client, raw_db: RawDatabase) -> None:
    rejected = admin.post("/reports/weekly/0700-W01/send")
    assert rejected.status == 409
    assert rejected.body["type"].endswith(":week-too-old")
    assert rejected.body["earliest"] == "2016-W48"
    assert raw_db.count("weekly_reports") == 0


@pytest.mark.parametrize("week", ["2026-W45", "2026-W54", "nonsense"])
def test_week_without_report_is_not_found(viewer: Client, week: str) -> None:
    missing = viewer.get(f"/reports/weekly/{week}")
    assert missing.status == 404
    assert missing.body["type"].endswith(":report-not-found")


@pytest.mark.parametrize(
    ("query", "fields"),
    [("again=yes", ["again"]), ("again=", None), ("again=false", None), ("often=1", ["often"])],
)
def test_unknown_query_is_rejected(admin: Client, query: str, fields: list[str] | None) -> None:
    response = admin.request("POST", f"/reports/weekly/2026-W46/send?{query}")
    if fields is None:
        assert response.status == 202
    else:
        assert (response.status, fields_in(response)) == (422, fields)


@on_every_database
def test_number_is_explained_by_leads(
    admin: Client, viewer: Client, container: Container, raw_db: RawDatabase
) -> None:
    admin.post("/reports/weekly/2026-W46/send")
    raw_db.add_lead("late@example.com", "2026-11-12T00:00:00Z")
    explained = viewer.get("/reports/weekly/2026-W46/leads").body
    first, second = explained["counted"]
    container.erase_lead()(OPERATOR, first["id"])
    explained_later = viewer.get("/reports/weekly/2026-W46/leads").body
    [late] = explained["excluded"]
    assert explained_later == {
        "week": "2026-W46",
        "number_of_leads": 2,
        "counted": [{**first, "erased": True}, second],
        "excluded": [
            {
                "id": late["id"],
                "created_at": "2026-11-12T00:00:00.000000Z",
                "reason": "imported_after_sealing",
            }
        ],
        "today": {
            "number_of_leads": 2,
            "erased": 1,
            "linked": 0,
            "unlinked": 0,
            "released": 0,
            "added": 1,
        },
    }
    described = ExplanationJson.of(container.explain_report()(OPERATOR, "2026-W46"))
    assert explained_later == described.as_json()


def test_week_that_is_not_sealed_is_not_explained(viewer: Client) -> None:
    assert viewer.get("/reports/weekly/2026-W46/leads").status == 404
