"""Contract suite of ``IdempotencyStore``."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from attrs import evolve

from leadtracker.domain.model.intake.idempotency import KEY_LIFETIME, IdempotentRequest, RememberedCapture
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tests.contracts.leads.lead_repository import store
from tests.support.builders import make_lead, make_request, make_resume
from tests.support.clock import EARLIEST, LATEST, MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

THREADS = 8
BLOCKED_CHECK_SECONDS = 0.2
UNBLOCK_TIMEOUT_SECONDS = 10
REQUEST = make_request(email="ann@example.com")
REMEMBERED = RememberedCapture(REQUEST.fingerprint, make_lead())
WRITES: dict[str, Callable[[UnitOfWork], object]] = {
    "claim": lambda tx: tx.idempotency.claim(REQUEST, NOW),
    "remember": lambda tx: tx.idempotency.remember(REQUEST, make_lead()),
    "erase": lambda tx: tx.idempotency.erase("lead-1"),
    "purge": lambda tx: tx.idempotency.purge(LATEST),
}


def capture(
    unit_of_work: UnitOfWorkFactory,
    lead: Lead,
    request: IdempotentRequest = REQUEST,
    now: datetime = NOW,
) -> RememberedCapture | None:
    """Record the lead of a request, or return the capture that is already recorded."""
    with unit_of_work() as tx:
        remembered = tx.idempotency.claim(request, now)
        if remembered is None:
            tx.idempotency.remember(request, lead)
            tx.commit()
    return remembered


def recall(
    unit_of_work: UnitOfWorkFactory, request: IdempotentRequest = REQUEST, now: datetime = NOW
) -> RememberedCapture | None:
    """Return the recorded lead of a request, without committing a claim of its key."""
    with unit_of_work() as tx:
        return tx.idempotency.claim(request, now)


class IdempotencyStoreContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    @pytest.mark.parametrize(
        "lead",
        [
            pytest.param(make_lead(), id="least"),
            pytest.param(
                make_lead(
                    email="Zoë.Müller@Bücher.example",
                    first_name="Zoë 🦊 \u2028",
                    last_name='O\'Neil; "DROP TABLE leads" \\u0041',
                    phone="+15551234567",
                    message="Hello,\r\nworld % _ \\ ' \" ? 北京",
                    source="ad: 50 %",
                    state=LeadState.REACHED_OUT,
                    created_at=NOW + MICROSECOND,
                    updated_at=NOW + 2 * MICROSECOND,
                    version=7,
                    duplicate_of="another",
                    follow_up_at=NOW + 3 * MICROSECOND,
                    contacted_at=NOW - 4 * MICROSECOND,
                    resume=make_resume('Zoë "CV".pdf').metadata,
                ),
                id="most",
            ),
            pytest.param(make_lead(created_at=EARLIEST, contacted_at=LATEST), id="earliest"),
            pytest.param(make_lead(created_at=LATEST, contacted_at=EARLIEST), id="latest"),
        ],
    )
    def test_repeated_request_returns_the_same_lead(
        self, unit_of_work: UnitOfWorkFactory, lead: Lead
    ) -> None:
        assert capture(unit_of_work, lead) is None
        again = capture(unit_of_work, make_lead("another"))
        assert again == RememberedCapture(REQUEST.fingerprint, lead)
        assert recall(unit_of_work) == again

    def test_keys_are_remembered_independently(self, unit_of_work: UnitOfWorkFactory) -> None:
        other = make_request("key-2", email="ann@example.com")
        capture(unit_of_work, make_lead())
        assert capture(unit_of_work, make_lead("lead-2"), other) is None
        leads = [
            remembered and remembered.lead
            for remembered in (recall(unit_of_work), recall(unit_of_work, other))
        ]
        assert leads == [make_lead(), make_lead("lead-2")]

    def test_key_reused_for_other_request_conflicts(self, unit_of_work: UnitOfWorkFactory) -> None:
        capture(unit_of_work, make_lead())
        other = make_request(email="bob@example.com")
        assert other.fingerprint != REQUEST.fingerprint
        assert capture(unit_of_work, make_lead("lead-2"), other) == REMEMBERED
        assert recall(unit_of_work) == REMEMBERED

    def test_remembered_lead_is_a_snapshot(self, unit_of_work: UnitOfWorkFactory) -> None:
        store(unit_of_work, make_lead())
        capture(unit_of_work, make_lead())
        with unit_of_work() as tx:
            tx.leads.save(evolve(make_lead(), first_name="Bob", version=2))
            tx.commit()
        assert recall(unit_of_work) == REMEMBERED

    def test_key_expires_to_the_microsecond(self, unit_of_work: UnitOfWorkFactory) -> None:
        capture(unit_of_work, make_lead())
        end = NOW + KEY_LIFETIME
        assert recall(unit_of_work, now=end - MICROSECOND) == REMEMBERED
        assert recall(unit_of_work, now=end) is None

    def test_reused_expired_key_gets_a_new_lifetime(self, unit_of_work: UnitOfWorkFactory) -> None:
        other, lead = make_request(email="bob@example.com"), make_lead("lead-2")
        capture(unit_of_work, make_lead())
        assert capture(unit_of_work, lead, other, NOW + KEY_LIFETIME) is None
        later = NOW + 2 * KEY_LIFETIME
        remembered = RememberedCapture(other.fingerprint, lead)
        assert recall(unit_of_work, now=later - MICROSECOND) == remembered
        assert recall(unit_of_work, now=later) is None

    def test_rolled_back_claim_leaves_key(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            assert tx.idempotency.claim(REQUEST, NOW) is None
            tx.idempotency.remember(REQUEST, make_lead("discarded"))
        assert capture(unit_of_work, make_lead()) is None
        with unit_of_work() as tx:
            assert tx.idempotency.claim(REQUEST, NOW + KEY_LIFETIME) is None
        assert recall(unit_of_work) == REMEMBERED

    def test_unanswered_claim_frees_the_key(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.idempotency.claim(REQUEST, NOW)
            tx.commit()
        assert capture(unit_of_work, make_lead()) is None
        assert recall(unit_of_work) == REMEMBERED

    def test_the_requests_before_an_timestamp_are_forgotten_and_counted(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        for number in range(4):
            request = make_request(f"key-{number}")
            capture(unit_of_work, make_lead(f"lead-{number}"), request, NOW + number * MICROSECOND)
        for expected in (2, 0):
            with unit_of_work() as tx:
                assert tx.idempotency.purge(NOW + 2 * MICROSECOND) == expected
                tx.commit()
        known = [bool(recall(unit_of_work, make_request(f"key-{number}"))) for number in range(4)]
        assert known == [False, False, True, True]

    def test_erasing_lead_purges_requests(self, unit_of_work: UnitOfWorkFactory) -> None:
        requests = [make_request(f"key-{number}") for number in range(3)]
        for request, lead_id in zip(requests, ("lead-1", "lead-2", "lead-1"), strict=True):
            capture(unit_of_work, make_lead(lead_id), request)
        with unit_of_work() as tx:
            tx.idempotency.erase("lead-1")
            tx.idempotency.erase("unknown")
            tx.commit()
        assert [bool(recall(unit_of_work, request)) for request in requests] == [False, True, False]

    def test_second_claim_waits_for_the_first_lead(self, unit_of_work: UnitOfWorkFactory) -> None:
        with ThreadPoolExecutor(1) as pool:
            with unit_of_work() as tx:
                assert tx.idempotency.claim(REQUEST, NOW) is None
                second = pool.submit(capture, unit_of_work, make_lead("second"))
                with pytest.raises(TimeoutError):
                    second.result(BLOCKED_CHECK_SECONDS)
                tx.idempotency.remember(REQUEST, make_lead())
                tx.commit()
            assert second.result(UNBLOCK_TIMEOUT_SECONDS) == REMEMBERED

    def test_key_is_free_after_a_rolled_back_claim(self, unit_of_work: UnitOfWorkFactory) -> None:
        with ThreadPoolExecutor(1) as pool:
            with unit_of_work() as tx:
                assert tx.idempotency.claim(REQUEST, NOW) is None
                tx.idempotency.remember(REQUEST, make_lead("discarded"))
                second = pool.submit(capture, unit_of_work, make_lead())
                with pytest.raises(TimeoutError):
                    second.result(BLOCKED_CHECK_SECONDS)
            assert second.result(UNBLOCK_TIMEOUT_SECONDS) is None
        assert recall(unit_of_work) == REMEMBERED

    @pytest.mark.parametrize("age", [timedelta(0), KEY_LIFETIME], ids=["fresh", "expired"])
    def test_concurrent_claims_capture_one_lead(
        self, unit_of_work: UnitOfWorkFactory, age: timedelta
    ) -> None:
        if age:
            capture(unit_of_work, make_lead("old"), now=NOW - age)
        seen = run_in_threads(THREADS, lambda number: capture(unit_of_work, make_lead(f"lead-{number}")))
        winner = make_lead(f"lead-{seen.index(None)}")
        others = [remembered.lead for remembered in seen if remembered is not None]
        assert others == [winner] * (THREADS - 1)

    @pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
    def test_read_only_transaction_cannot_claim(
        self, unit_of_work: UnitOfWorkFactory, write: Callable[[UnitOfWork], object]
    ) -> None:
        capture(unit_of_work, make_lead())
        with unit_of_work.read_only() as tx, pytest.raises(RuntimeError):
            write(tx)
        assert recall(unit_of_work) == REMEMBERED
