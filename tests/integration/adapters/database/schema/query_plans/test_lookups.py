"""Lookups by key and statistics use an index."""

from collections.abc import Callable

import pytest

from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.cohort_counts import Period
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from tests.integration.adapters.database.schema.query_plans.conftest import FIRST, LAST, LEADS, ExplainWork
from tests.support.builders import make_delivery, make_lead, make_week
from tests.support.clock import DAY, EARLIEST, LATEST, WEEK

LOOKUPS: dict[str, tuple[Callable[[UnitOfWork], object], str, str]] = {
    "open follow-up": (lambda tx: tx.follow_ups.find_open("lead-1"), "SELECT", "follow_ups_open_lead_id"),
    "follow-ups of a lead": (lambda tx: tx.follow_ups.of("lead-1"), "SELECT", "follow_ups_lead_id"),
    "imports": (lambda tx: tx.imports.page(limit=9), "SELECT", "imports_started_at"),
    "leads of an import": (
        lambda tx: tx.leads.imported("import-1", limit=9, after=Cursor(EARLIEST, "lead-1")),
        "SELECT",
        "leads_import_id",
    ),
    "expired import files": (
        lambda tx: tx.imports.purge_files(EARLIEST),
        "DELETE",
        "import_files_received_at",
    ),
    "known people of a batch": (
        lambda tx: tx.leads.add_all([make_lead(), make_lead("again")]),
        "SELECT",
        "leads_primary_identity",
    ),
    "deliveries of a lead": (lambda tx: tx.deliveries.erase("unknown"), "DELETE", "deliveries_lead_id"),
    "lists of leads": (lambda tx: tx.deliveries.lists_of_leads(EARLIEST), "SELECT", "deliveries_lead_id"),
    "notifications to be bundled": (
        lambda tx: tx.deliveries.find_due_of_kind(LATEST, DeliveryKind.NOTIFICATION, "r", 9),
        "SELECT",
        "deliveries_mail_due_at",
    ),
    "acknowledgements to be postponed": (
        lambda tx: tx.mail_budgets.postpone(LATEST, LATEST, DeliveryKind.ACKNOWLEDGEMENT),
        "UPDATE",
        "deliveries_mail_due_at",
    ),
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
    "leads to seal": (lambda tx: tx.sealed_leads.seal(make_week()), 'FROM "leads"', "leads_created_at"),
    "quarantine to seal": (
        lambda tx: tx.sealed_leads.seal(make_week()),
        'FROM "quarantine"',
        "quarantine_received_at",
    ),
    "rejected submissions to seal": (
        lambda tx: tx.sealed_leads.seal(make_week()),
        'FROM "rejected_submissions"',
        "rejected_submissions_received_at",
    ),
    "open enquiries of a person": (
        lambda tx: tx.leads.open_enquiries("unknown", limit=9),
        "SELECT",
        "leads_duplicate_of_created_at",
    ),
    "inactive leads": (
        lambda tx: tx.activity.inactive(LeadState.LOST, EARLIEST, limit=50),
        'ORDER BY "t1"."updated_at"',
        "leads_listed_updated_at",
    ),
    "number of inactive leads": (
        lambda tx: tx.activity.count(LeadState.LOST, LATEST, limit=50),
        "COUNT",
        "leads_listed_updated_at",
    ),
    "activity of a person": (
        lambda tx: tx.activity.last("lead-1"),
        "UNION",
        "leads_duplicate_of_created_at",
    ),
    "rejected submissions": (
        lambda tx: tx.rejected_submissions.page(limit=50),
        "SELECT",
        "rejected_submissions_received_at",
    ),
    "rejected submission of a body": (
        lambda tx: tx.rejected_submissions.is_full("c", EARLIEST, "unknown"),
        "digest",
        "rejected_submissions_digest",
    ),
    "rejected submissions of a client": (
        lambda tx: tx.rejected_submissions.is_full("c", EARLIEST, "unknown"),
        "COUNT",
        "rejected_submissions_client",
    ),
    "rejected submissions of a form": (
        lambda tx: tx.rejected_submissions.remove_of_form("unknown"),
        "DELETE",
        "rejected_submissions_form_id",
    ),
    "rejected submissions, expired": (
        lambda tx: tx.rejected_submissions.purge(EARLIEST),
        "DELETE",
        "rejected_submissions_received_at",
    ),
    "leads added to a sealed week": (
        lambda tx: tx.sealed_leads.excluded(make_week()),
        "UNION",
        "leads_created_at",
    ),
    "change of a sealed week": (
        lambda tx: tx.sealed_leads.difference(make_week()),
        "GROUP BY",
        "leads_created_at",
    ),
    "mails about a week": (
        lambda tx: tx.deliveries.of_reports("2026-W46"),
        "SELECT",
        "deliveries_weekly_report",
    ),
    "mails about all weeks": (
        lambda tx: tx.deliveries.of_reports(None),
        "SELECT",
        "deliveries_weekly_report",
    ),
    "alerts about a source": (
        lambda tx: tx.deliveries.has_silence_alert("fair", EARLIEST),
        "SELECT",
        "deliveries_silence_alert",
    ),
    "last lead of a source": (
        lambda tx: tx.statistics.last_captured("fair", TimeRange(LAST, None)),
        "SELECT",
        "leads_listed_source_created_at",
    ),
    "last lead without a source": (
        lambda tx: tx.statistics.last_captured(None, TimeRange(LAST, None)),
        "SELECT",
        "leads_listed_source_created_at",
    ),
    "rhythm of a source": (
        lambda tx: tx.statistics.captured_by_hour("fair", TimeRange(LAST, None)),
        "GROUP BY",
        "leads_listed_source_created_at",
    ),
    "identities of a user": (
        lambda tx: tx.external_identities.of_user("unknown"),
        "SELECT",
        "external_identities_user_name",
    ),
    "links of a user": (
        lambda tx: tx.account_links.of("unknown"),
        "SELECT",
        "account_links_user_name",
    ),
    "groups of a day": (
        lambda tx: tx.statistics.counts(TimeRange(LAST, LAST + DAY)),
        "GROUP BY",
        "leads_created_at",
    ),
    "delays of a week": (
        lambda tx: tx.statistics.delays(TimeRange(LAST, LAST + WEEK)),
        "contact_delay",
        "leads_primary_contacted",
    ),
    "long delays of a year": (
        lambda tx: tx.statistics.delays_from(TimeRange(FIRST, LAST), DAY, skipped=9),
        "contact_delay",
        "leads_primary_contact_delay",
    ),
    "current rollups": (
        lambda tx: tx.rollups.current("UTC", Period.WEEK, TimeRange(FIRST, LAST)),
        "lead_rollups",
        "lead_changes_created_at",
    ),
    "counted changes": (
        lambda tx: tx.rollups.begin(TimeRange(FIRST, LAST)),
        "DELETE",
        "lead_changes_created_at",
    ),
    "sessions of a user": (lambda tx: tx.sessions.end_of("unknown"), "DELETE", "sessions_user_name"),
}


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)  # PostgreSQL scans tables that are small
@pytest.mark.parametrize(("ask", "containing", "index"), LOOKUPS.values(), ids=LOOKUPS.keys())
def test_lookups_use_an_index(
    explained_work: ExplainWork,
    ask: Callable[[UnitOfWork], object],
    containing: str,
    index: str,
) -> None:
    assert index in explained_work(ask, containing, writes=True).indexes


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
def test_acknowledgements_use_an_index(
    explained_work: ExplainWork,
) -> None:
    def acknowledge(tx: UnitOfWork) -> None:
        tx.deliveries.acknowledge(make_delivery("acknowledgement"), EARLIEST)
        tx.deliveries.count_open()  # executes the enqueued write

    assert "deliveries_acknowledged" in explained_work(acknowledge, "INSERT", writes=True).indexes


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("assignment", "index"),
    [
        (Assignment.ROUND_ROBIN, "leads_assigned_number"),
        (Assignment.LEAST_BUSY, "leads_owned_state_created_at"),
    ],
)
def test_assignment_uses_an_index(explained_work: ExplainWork, assignment: Assignment, index: str) -> None:
    def add(tx: UnitOfWork) -> None:
        tx.leads.add_or_mark_duplicate(make_lead(assignment, f"{assignment}@x.example"), assignment)
        tx.deliveries.count_open()  # executes the enqueued write

    assert index in explained_work(add, 'INSERT INTO "leads"', writes=True).indexes


@pytest.mark.parametrize("populated_url", ["sqlite"], indirect=True)  # PostgreSQL sees that there are none
def test_contact_delays_use_an_index(
    explained_work: ExplainWork,
) -> None:
    explanation = explained_work(
        lambda tx: tx.statistics.delays_from(TimeRange(), None, skipped=0), "contact_delay"
    )
    assert explanation.indexes == {"leads_primary_contact_delay"}
    assert not explanation.sorts


def test_source_count_reads_only_recent_leads(
    explained_work: ExplainWork,
) -> None:
    def count(tx: UnitOfWork) -> None:
        assert len(tx.statistics.by_source(TimeRange(LAST, None))) > 1

    for statement in ("COUNT", "LIMIT"):
        assert explained_work(count, statement).work < LEADS / 4
