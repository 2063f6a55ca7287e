"""Idempotency keys: a request that is sent twice happens once, in memory."""

import pytest
from attrs import evolve

from leadtracker.domain.errors import DuplicateLead, IdempotencyKeyReused, InvalidInput
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.intake.idempotency import KEY_LIFETIME
from tests.support.builders import make_fields
from tests.support.clock import MICROSECOND
from tests.support.memory.in_memory_app import ADMIN, AGENT, InMemoryApp

FIELDS = make_fields(message="Help")


def test_replay_captures_nothing(app: InMemoryApp) -> None:
    first = app.capture_lead(PUBLIC, FIELDS, "key")
    again = app.capture_lead(PUBLIC, dict(reversed(FIELDS.items())), "key")
    assert again == evolve(first, is_replay=True)
    assert app.leads() == [first.lead]


def test_replay_returns_first_response(app: InMemoryApp) -> None:
    first = app.capture_lead(AGENT, FIELDS, "key")
    app.update_lead(AGENT, first.lead.id, {"message": None, "state": "LOST"})
    assert app.capture_lead(AGENT, FIELDS, "key").lead == first.lead


def test_a_key_with_another_request_is_rejected(app: InMemoryApp) -> None:
    app.capture_lead(PUBLIC, FIELDS, "key")
    with pytest.raises(IdempotencyKeyReused):
        app.capture_lead(PUBLIC, make_fields(message="Other"), "key")
    assert len(app.leads()) == 1


def test_keys_are_scoped_to_the_caller(app: InMemoryApp) -> None:
    app.capture_lead(PUBLIC, FIELDS, "key")
    with pytest.raises(DuplicateLead):
        app.capture_lead(AGENT, FIELDS, "key")


def test_a_rejected_request_leaves_its_key_free(app: InMemoryApp) -> None:
    app.capture_lead(AGENT, FIELDS)
    with pytest.raises(DuplicateLead):
        app.capture_lead(AGENT, FIELDS, "key")
    assert not app.capture_lead(AGENT, make_fields("bob@example.com"), "key").is_replay


def test_key_expires_after_a_day(app: InMemoryApp) -> None:
    app.capture_lead(PUBLIC, FIELDS, "key")
    app.clock.advance(KEY_LIFETIME - MICROSECOND)
    assert app.capture_lead(PUBLIC, FIELDS, "key").is_replay
    app.clock.advance(MICROSECOND)
    assert not app.capture_lead(PUBLIC, FIELDS, "key").is_replay


def test_expired_keys_are_purged(app: InMemoryApp) -> None:
    app.capture_lead(PUBLIC, FIELDS, "old")
    app.clock.advance(KEY_LIFETIME)
    app.capture_lead(PUBLIC, FIELDS, "new")
    assert (app.purge_idempotency_keys(), app.purge_idempotency_keys()) == (0, 0)
    app.clock.advance(MICROSECOND)
    assert (app.purge_idempotency_keys(), app.purge_idempotency_keys()) == (1, 0)
    assert app.capture_lead(PUBLIC, FIELDS, "new").is_replay


def test_erased_lead_is_not_replayed(app: InMemoryApp) -> None:
    first = app.capture_lead(PUBLIC, FIELDS, "key")
    app.erase_lead(ADMIN, first.lead.id)
    assert not app.capture_lead(PUBLIC, FIELDS, "key").is_replay


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_key_length_is_limited(app: InMemoryApp, key: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.capture_lead(PUBLIC, FIELDS, key)
    assert [error.field for error in raised.value.errors] == ["Idempotency-Key"]
    assert app.leads() == []
