"""Contract suite of ``RejectedSubmissions``."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import FieldError, QuarantinedLeadNotFound
from leadtracker.domain.model.intake.rejected_submission import (
    CLIENT_PERIOD,
    MAX_REJECTED,
    MAX_REJECTED_BYTES,
    MAX_REJECTED_PER_CLIENT,
    RejectedSubmission,
)
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_rejected
from tests.support.clock import NOW
from tests.support.instruments.concurrency import run_in_threads

SINCE = NOW - CLIENT_PERIOD
FULL = make_rejected(
    "full",
    fields={"first_name": "Zoë\n北京", "topics": ["divorce", "house"]},
    errors=(FieldError("email", "is required"), FieldError("body", "is odd")),
    form_id="form-1",
    request_id="r-1",
)
OLD = make_rejected("old", received_at=NOW - timedelta(days=1))
LATEST = make_rejected("latest", received_at=NOW + timedelta(seconds=1))


def add(unit_of_work: UnitOfWorkFactory, *rejected: RejectedSubmission) -> list[bool]:
    """Add rejected submissions, and commit."""
    with unit_of_work() as tx:
        stored = [tx.rejected_submissions.add(one, SINCE) for one in rejected]
        tx.commit()
    return stored


def stored_ids(unit_of_work: UnitOfWorkFactory) -> list[str]:
    """Return the ids of all rejected submissions, latest first."""
    with unit_of_work.read_only() as tx:
        return [one.id for one in tx.rejected_submissions.page(limit=2_000)]


class RejectedSubmissionsContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_rejected_submission_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert add(unit_of_work, FULL, OLD, LATEST) == [True, True, True]
        for begin in (unit_of_work, unit_of_work.read_only):
            with begin() as tx:
                assert [tx.rejected_submissions.get(name) for name in ("full", "old")] == [FULL, OLD]
                assert tx.rejected_submissions.count(limit=2) == 2

    def test_unknown_id_is_not_found(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            with pytest.raises(QuarantinedLeadNotFound):
                tx.rejected_submissions.get("unknown")
            with pytest.raises(QuarantinedLeadNotFound):
                tx.rejected_submissions.remove("unknown")

    def test_pages_follow_latest_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, FULL, OLD, LATEST)
        with unit_of_work.read_only() as tx:
            page = tx.rejected_submissions.page(limit=2)
            after = Cursor(page[-1].received_at, page[-1].id)
            assert [*page, *tx.rejected_submissions.page(limit=2, after=after)] == [LATEST, FULL, OLD]

    def test_same_body_is_stored_once(self, unit_of_work: UnitOfWorkFactory) -> None:
        again = make_rejected("again", digest=FULL.digest)
        assert add(unit_of_work, FULL, again) == [True, False]
        with unit_of_work.read_only() as tx:
            assert tx.rejected_submissions.is_full("another", SINCE, FULL.digest)
        assert stored_ids(unit_of_work) == ["full"]

    def test_client_is_limited_within_its_period(self, unit_of_work: UnitOfWorkFactory) -> None:
        expired = make_rejected("expired", client="c", received_at=SINCE - timedelta(seconds=1))
        many = [make_rejected(f"r-{number}", client="c") for number in range(MAX_REJECTED_PER_CLIENT + 1)]
        assert add(unit_of_work, expired, *many) == [True] * (MAX_REJECTED_PER_CLIENT + 1) + [False]
        with unit_of_work.read_only() as tx:
            assert tx.rejected_submissions.is_full("c", SINCE, "new")
            assert not tx.rejected_submissions.is_full("d", SINCE, "new")

    def test_oldest_are_dropped(self, unit_of_work: UnitOfWorkFactory) -> None:
        many = [
            make_rejected(f"r-{number:04}", received_at=NOW + timedelta(seconds=number))
            for number in range(MAX_REJECTED)
        ]
        add(unit_of_work, OLD, *many)
        ids = stored_ids(unit_of_work)
        assert len(ids) == MAX_REJECTED
        assert "old" not in ids

    def test_oldest_are_dropped_when_all_are_too_large(self, unit_of_work: UnitOfWorkFactory) -> None:
        text = "x" * 1_000_000
        many = [
            make_rejected(f"r-{number:02}", fields={"a": text}, received_at=NOW + timedelta(seconds=number))
            for number in range(MAX_REJECTED_BYTES // len(text) + 2)
        ]
        add(unit_of_work, OLD, *many)
        ids = stored_ids(unit_of_work)
        assert ids == [one.id for one in reversed(many)][: MAX_REJECTED_BYTES // len(text) - 1]

    def test_bounds_hold_for_concurrent_callers(self, unit_of_work: UnitOfWorkFactory) -> None:
        rejected = [make_rejected(f"r-{number}", client="c") for number in range(MAX_REJECTED_PER_CLIENT - 1)]
        add(unit_of_work, *rejected)
        stored = run_in_threads(
            4, lambda number: add(unit_of_work, make_rejected(f"new-{number}", client="c"))[0]
        )
        assert sorted(stored) == [False, False, False, True]

    def test_accepted_form_removes_its_submissions(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, FULL, OLD)
        with unit_of_work() as tx:
            tx.rejected_submissions.remove_of_form("form-1")
            tx.rejected_submissions.remove_of_form("unknown")
            tx.commit()
        assert stored_ids(unit_of_work) == ["old"]

    def test_expired_submissions_are_purged(self, unit_of_work: UnitOfWorkFactory) -> None:
        add(unit_of_work, FULL, OLD)
        with unit_of_work() as tx:
            assert tx.rejected_submissions.purge(OLD.received_at) == 0
            assert tx.rejected_submissions.purge(NOW) == 1
            tx.commit()
        assert stored_ids(unit_of_work) == ["full"]
