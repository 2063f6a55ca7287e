"""The daily test of the public form: once a day, without a trace, and its failures are distinguished."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.canary import CanaryFailure, CanaryRun, FormVisit
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, DeliveryState
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from leadtracker.domain.model.intake.form_token import FormToken
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.builders import make_user
from tests.support.clock import DAY
from tests.support.memory.in_memory_app import InMemoryApp
from tests.support.memory.intake.form_visitor import MemoryFormVisitor

MINUTE = timedelta(minutes=1)
SIX = datetime.fromisoformat("2026-11-18T06:00:00Z")
STAFF = EmailAddress.parse("staff@example.com")


ANSWERED = CanaryDetail.of(CanaryDetailCode.ANSWERED, host="firm.example", status=502)


def shown(run: CanaryRun) -> tuple[CanaryFailure | None, str | None]:
    """Return the failure of a run and its detail in English."""
    return run.failure, run.detail.text if run.detail else None


@pytest.fixture
def app() -> InMemoryApp:
    app = InMemoryApp(
        has_canary=True,
        notify=(STAFF,),
        assignment=Assignment.ROUND_ROBIN,
        endpoints=(WebhookEndpoint("https://crm.example/hook", Channel.WEBHOOK),),
    )
    app.clock.advance(SIX - app.clock.now())
    with app.unit_of_work() as tx:
        tx.users.add(make_user(is_assignable=True))
        tx.commit()
    return app


@pytest.fixture
def visitor(app: InMemoryApp) -> MemoryFormVisitor:
    assert isinstance(app.form_visitor, MemoryFormVisitor)
    return app.form_visitor


def work(app: InMemoryApp, duration: timedelta) -> Iterator[CanaryRun]:
    """Let a scheduler work every minute, and yield the attempts that end."""
    for _ in range(duration // MINUTE):
        ended = app.run_canary()
        if ended is not None:
            yield ended
        list(app.deliver_notifications.mail())
        app.clock.advance(MINUTE)


def end(app: InMemoryApp) -> CanaryRun:
    """Let a scheduler work for an hour, and return the last attempt that ended."""
    return list(work(app, timedelta(hours=1)))[-1]


def failed_check(app: InMemoryApp) -> str | None:
    """Return what ``doctor`` states about the canary if it has failed."""
    [check] = [check for check in app.run_diagnostics() if check.name == "canary"]
    return None if check.passed else check.detail


def test_form_is_tested_once_a_day(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    assert [run.failure for run in work(app, 3 * DAY)] == [None] * 3
    assert len(visitor.visits) == 3
    assert failed_check(app) is None


def test_nothing_of_a_test_remains(app: InMemoryApp) -> None:
    assert end(app).failure is None
    tables = app.store.committed
    assert (tables.leads, tables.history, tables.deliveries, tables.quarantined_leads) == ({}, {}, {}, {})
    assert (tables.idempotency_keys, tables.files, tables.erased_leads, tables.assigned) == ({}, {}, {}, 0)
    [mail] = app.email_sender.arrived
    assert (mail.recipient, mail.text) == ("leadtracker@localhost", "Hello Canary")


def test_nothing_is_tested_while_it_is_off(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    app.has_canary = False
    assert list(work(app, DAY)) == []
    assert visitor.visits == []
    assert failed_check(app) is None


def test_results_are_deleted_when_it_is_switched_off(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    visitor.results = [FormVisit(CanaryFailure.TLS, ANSWERED)] * 3
    assert end(app).failure is CanaryFailure.TLS
    app.has_canary = False
    assert failed_check(app) == "off, but the test of 2026-11-18 is left"
    app.run_canary()
    assert failed_check(app) is None


def test_passing_failure_is_tried_again_and_not_reported(
    app: InMemoryApp, visitor: MemoryFormVisitor
) -> None:
    visitor.results = [FormVisit(CanaryFailure.UNREACHABLE, ANSWERED)] * 2
    ended = list(work(app, timedelta(hours=1)))
    assert [run.failure for run in ended] == [CanaryFailure.UNREACHABLE] * 2 + [None]
    assert [run.is_final for run in ended] == [False, False, True]
    assert len({visit["email"] for visit in visitor.visits}) == 3


@pytest.mark.parametrize("failure", list(CanaryFailure))
def test_failure_is_reported_until_a_test_passes(
    app: InMemoryApp, visitor: MemoryFormVisitor, failure: CanaryFailure
) -> None:
    visitor.results = [FormVisit(failure, ANSWERED)] * 3
    assert end(app).failure is failure
    assert failed_check(app) == f"the test of 2026-11-18 has failed: {failure} (firm.example answered 502.)"
    assert app.read_metrics().canary_passed is False
    visitor.results.clear()
    list(work(app, DAY))
    assert app.read_metrics().canary_passed is True
    assert failed_check(app) is None


def test_digest_reports_a_failure_to_the_notified_only(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    visitor.results = [FormVisit(CanaryFailure.REJECTED, ANSWERED)] * 3
    list(work(app, timedelta(hours=1)))
    app.clock.advance(timedelta(hours=2))
    app.enqueue_digest()
    list(app.deliver_notifications.mail())
    [digest] = [mail for mail in app.email_sender.arrived if mail.subject == "digest"]
    assert digest.recipient == STAFF.text
    assert digest.text.startswith("The form was rejected: firm.example answered 502.\n")


def test_thanks_without_a_stored_lead_is_a_failure(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    visitor.results = [FormVisit()] * 3
    assert end(app).failure is CanaryFailure.NOT_STORED


def test_form_that_a_proxy_sends_twice_has_one_mail(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    capture = visitor.capture
    visitor.capture = lambda inputs: (capture(inputs), capture(inputs))
    assert end(app).failure is None
    assert len(app.email_sender.arrived) == 1
    assert app.store.committed.deliveries == {}


def test_canary_that_looks_like_spam_is_a_failure(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    visitor.capture = lambda inputs: app.capture_lead(
        PUBLIC, inputs, submission=Submission(form_token=FormToken("form-1", app.clock.now()))
    )
    run = end(app)
    assert shown(run) == (CanaryFailure.QUARANTINED, "The reason in quarantine: too_fast.")
    tables = app.store.committed
    assert (tables.quarantined_leads, tables.idempotency_keys, tables.deliveries) == ({}, {}, {})


def test_mail_that_is_rejected_is_a_failure(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    app.email_sender.expect(
        DeliveryResult(
            outcome=Outcome.REJECTED,
            status=550,
            detail=AttemptDetail(DetailCode.SMTP_ANSWERED, host="mx", step="RCPT"),
        )
    )
    run = end(app)
    assert shown(run) == (
        CanaryFailure.MAIL_NOT_SENT,
        "The last attempt to send it: refused 550 smtp_answered mx RCPT.",
    )
    assert len(visitor.visits) == 1
    assert app.store.committed.deliveries == {}


def test_mail_that_does_not_leave_in_time_is_a_failure(app: InMemoryApp) -> None:
    app.run_canary()
    app.clock.advance(15 * MINUTE)
    assert app.run_canary() is None
    app.clock.advance(MINUTE)
    run = app.run_canary()
    assert run is not None
    assert shown(run) == (CanaryFailure.MAIL_NOT_SENT, "No attempt was made to send it.")
    assert app.store.committed.deliveries == {}


def test_leftover_of_a_killed_scheduler_is_removed(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    class Killed(BaseException):
        pass

    def capture_and_die(inputs: object) -> None:
        assert isinstance(inputs, dict)
        app.capture_lead(PUBLIC, inputs)
        raise Killed

    visitor.capture, capture = capture_and_die, visitor.capture
    with pytest.raises(Killed):
        app.run_canary()
    assert [one.state for one in app.store.committed.deliveries.values()] == [DeliveryState.PENDING]
    app.clock.advance(6 * MINUTE)
    assert failed_check(app) == "the test of 2026-11-18 never ended"
    visitor.capture = capture
    ended = list(work(app, timedelta(hours=1)))
    assert [run.failure for run in ended] == [CanaryFailure.INTERRUPTED, None]
    assert app.store.committed.deliveries == {}


def test_missing_tests_are_reported(app: InMemoryApp) -> None:
    end(app)
    app.clock.advance(timedelta(hours=26))
    assert failed_check(app) == "the test of 2026-11-18 has passed, and none has ended since"


@pytest.mark.parametrize("email", ["canary-secret@canary.invalid", "x@canary.invalid", "X@CANARY.invalid"])
def test_only_a_running_test_may_use_its_domain(app: InMemoryApp, email: str) -> None:
    end(app)
    with pytest.raises(InvalidInput) as caught:
        app.receive(email)
    assert [error.field for error in caught.value.errors] == ["email"]
    assert not app.keep_rejected(PUBLIC, {"email": email}, caught.value.errors, "client")


def test_secret_of_an_ended_test_is_worthless(app: InMemoryApp, visitor: MemoryFormVisitor) -> None:
    end(app)
    with pytest.raises(InvalidInput):
        app.receive(visitor.visits[0]["email"])
