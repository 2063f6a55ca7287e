"""Leads that users enter: the time of the call, mail only on request, and known persons."""

from datetime import datetime, timedelta

import pytest

from leadtracker.domain.errors import DuplicateLead, InvalidInput
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.deliveries.delivery import DeliveryKind, DeliveryState
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.values.timestamps import format_timestamp
from tests.support.builders import make_fields
from tests.support.clock import DAY, MICROSECOND, NOW
from tests.support.memory.in_memory_app import AGENT, InMemoryApp

SILENT = Submission(sends_mail=False)
BESIDE = Submission(keeps_duplicate=True)
THIS_MORNING = NOW - timedelta(hours=3)


def mails(app: InMemoryApp) -> list[tuple[DeliveryKind, DeliveryState]]:
    with app.unit_of_work.read_only() as tx:
        deliveries = tx.deliveries.page(None, limit=100).items
    return sorted((one.kind, one.state) for one in deliveries)


def test_lead_without_mail_has_a_cancelled_acknowledgement(app: InMemoryApp) -> None:
    app.capture_lead(AGENT, make_fields(), submission=SILENT)
    assert mails(app) == [(DeliveryKind.ACKNOWLEDGEMENT, DeliveryState.CANCELLED)]


def test_lead_without_mail_and_address_has_no_delivery(app: InMemoryApp) -> None:
    app.capture_lead(AGENT, {"first_name": "Ann", "phone": "+49 30 901820"}, submission=SILENT)
    assert mails(app) == []


def test_cancelled_acknowledgement_leaves_the_next_one_free(app: InMemoryApp) -> None:
    app.capture_lead(AGENT, make_fields(), submission=SILENT)
    app.capture_lead(PUBLIC, make_fields())
    assert (DeliveryKind.ACKNOWLEDGEMENT, DeliveryState.PENDING) in mails(app)


def test_user_may_state_when_the_lead_was_received(app: InMemoryApp) -> None:
    fields = make_fields(created_at=format_timestamp(THIS_MORNING))
    lead = app.capture_lead(AGENT, fields).lead
    assert (lead.created_at, lead.updated_at) == (THIS_MORNING, NOW)
    with app.unit_of_work.read_only() as tx:
        assert [one.at for one in tx.history.of(lead.id)] == [NOW]
        assert {one.due_at for one in tx.deliveries.page(None, limit=9).items} == {NOW}


@pytest.mark.parametrize("at", [NOW + MICROSECOND, NOW + DAY])
def test_received_in_future_is_rejected(app: InMemoryApp, at: datetime) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.capture_lead(AGENT, make_fields(created_at=format_timestamp(at)))
    assert [(one.field, one.code) for one in raised.value.errors] == [("created_at", "in-the-future")]


def test_received_now_is_accepted(app: InMemoryApp) -> None:
    assert app.capture_lead(AGENT, make_fields(created_at=format_timestamp(NOW))).lead.created_at == NOW


def test_anonymous_client_cannot_state_when_the_lead_was_received(app: InMemoryApp) -> None:
    lead = app.capture_lead(PUBLIC, make_fields(created_at=format_timestamp(THIS_MORNING))).lead
    assert lead.created_at == NOW


def test_known_person_is_reported_to_users(app: InMemoryApp) -> None:
    first = app.capture_lead(PUBLIC, make_fields()).lead
    with pytest.raises(DuplicateLead) as raised:
        app.capture_lead(AGENT, make_fields())
    assert raised.value.lead_id == first.id


def test_known_person_can_be_kept_beside_the_first_lead(app: InMemoryApp) -> None:
    first = app.capture_lead(PUBLIC, make_fields()).lead
    second = app.capture_lead(AGENT, make_fields(), submission=BESIDE).lead
    links = {lead.id: (lead.duplicate_of, lead.enquiries) for lead in app.leads()}
    assert links == {first.id: (None, 1), second.id: (first.id, 0)}
