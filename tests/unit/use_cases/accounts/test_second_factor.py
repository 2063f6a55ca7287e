"""The second factor: set up, asked for, replayed, locked, lost."""

from datetime import timedelta

import pyotp
import pytest

from leadtracker.domain.errors import (
    AuthenticationFailed,
    PermissionDenied,
    SecondFactorLocked,
    SecondFactorRequired,
    SecretUnreadable,
)
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter
from leadtracker.domain.model.accounts.second_factor import (
    GRACE,
    LOCKED_FOR,
    MAX_FAILURES,
    NUMBER_OF_RECOVERY_CODES,
    SecondFactorPolicy,
)
from leadtracker.domain.model.accounts.user_session import MAX_PENDING_AGE
from tests.support.clock import MICROSECOND
from tests.support.memory.accounts.second_factors import MemorySecretBox
from tests.support.memory.in_memory_app import ADMIN, AGENT, InMemoryApp

PHRASE = "correct horse battery"
STEP = timedelta(seconds=30)


@pytest.fixture
def app() -> InMemoryApp:
    """An installation with the agent ``ann`` and the admin ``zoe``."""
    app = InMemoryApp()
    app.manage_users.add(OPERATOR, "ann", Role.AGENT, PHRASE)
    app.manage_users.add(OPERATOR, "zoe", Role.ADMIN, PHRASE)
    return app


def ann(app: InMemoryApp) -> User:
    return app.manage_users.one(OPERATOR, "ann")


def code(app: InMemoryApp, secret: str, steps: int = 0) -> str:
    """Return the code that the user's app shows, some steps later."""
    return pyotp.TOTP(secret).at(app.clock.now() + steps * STEP)


def enable(app: InMemoryApp) -> tuple[str, list[str]]:
    """Set up the second factor of ``ann``; return its secret and the recovery codes."""
    found = app.user_sessions.find(app.user_sessions.begin("ann", PHRASE))
    assert found is not None
    secret = app.manage_second_factor.set_up(found.user).secret
    codes = app.manage_second_factor.enable(found.session, code(app, secret))
    return secret, codes


def actions(app: InMemoryApp) -> list[AuditAction]:
    with app.unit_of_work.read_only() as tx:
        entries = tx.audit_log.page(AuditFilter(), limit=100)
    return [entry.record.action for entry in reversed(entries)]


def sign_in(app: InMemoryApp, given: str) -> str:
    return app.user_sessions.complete(app.user_sessions.begin("ann", PHRASE), given)


def test_setup_shows_the_same_secret_until_it_is_done(app: InMemoryApp) -> None:
    setup = app.manage_second_factor.set_up(ann(app))
    assert app.manage_second_factor.set_up(ann(app)) == setup
    assert pyotp.parse_uri(setup.uri).secret == setup.secret
    assert setup.secret not in repr(app.store.committed.second_factors)
    app.secret_box = MemorySecretBox("another key")
    assert app.manage_second_factor.set_up(ann(app)) != setup


def test_wrong_code_does_not_enable(app: InMemoryApp) -> None:
    found = app.user_sessions.find(app.user_sessions.begin("ann", PHRASE))
    assert found is not None
    with pytest.raises(AuthenticationFailed):
        app.manage_second_factor.enable(found.session, "123456")
    app.manage_second_factor.set_up(found.user)
    with pytest.raises(AuthenticationFailed):
        app.manage_second_factor.enable(found.session, "")
    assert ann(app).second_factor_at is None


def test_enabling_ends_other_sessions_and_gives_recovery_codes(app: InMemoryApp) -> None:
    other = app.user_sessions.begin("ann", PHRASE)
    _, codes = enable(app)
    assert app.user_sessions.find(other) is None
    assert len(set(codes)) == NUMBER_OF_RECOVERY_CODES
    assert not any(one in repr(app.store.committed) for one in codes)
    assert actions(app)[-1] is AuditAction.SECOND_FACTOR_ENABLED
    with pytest.raises(AuthenticationFailed):
        app.manage_second_factor.set_up(ann(app))


def test_password_alone_starts_no_session(app: InMemoryApp) -> None:
    secret, _ = enable(app)
    app.clock.advance(STEP)
    pending = app.user_sessions.begin("ann", PHRASE)
    assert app.user_sessions.find(pending) is None
    assert app.user_sessions.pending(pending) == ann(app)
    session = app.user_sessions.complete(pending, code(app, secret))
    assert app.user_sessions.actor(session) == ann(app).actor
    assert app.user_sessions.pending(pending) is None
    assert actions(app)[-1] is AuditAction.SIGNED_IN


def test_pending_sign_in_expires(app: InMemoryApp) -> None:
    secret, _ = enable(app)
    pending = app.user_sessions.begin("ann", PHRASE)
    app.clock.advance(MAX_PENDING_AGE - MICROSECOND)
    assert app.user_sessions.pending(pending) is not None
    app.clock.advance(MICROSECOND)
    with pytest.raises(AuthenticationFailed):
        app.user_sessions.complete(pending, code(app, secret))


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_clocks_may_differ_by_one_step(app: InMemoryApp, steps: int) -> None:
    secret, _ = enable(app)
    app.clock.advance(5 * STEP)
    assert sign_in(app, code(app, secret, steps))


@pytest.mark.parametrize("steps", [-2, 2, 100])
def test_older_and_later_codes_are_rejected(app: InMemoryApp, steps: int) -> None:
    secret, _ = enable(app)
    app.clock.advance(5 * STEP)
    with pytest.raises(AuthenticationFailed):
        sign_in(app, code(app, secret, steps))
    assert actions(app)[-1] is AuditAction.SECOND_FACTOR_FAILED


def test_code_is_accepted_once_and_none_before_it(app: InMemoryApp) -> None:
    secret, _ = enable(app)
    with pytest.raises(AuthenticationFailed):
        sign_in(app, code(app, secret))  # it has enabled the second factor
    app.clock.advance(5 * STEP)
    assert sign_in(app, code(app, secret))
    for steps in (0, -1):
        with pytest.raises(AuthenticationFailed):
            sign_in(app, code(app, secret, steps))
    assert sign_in(app, code(app, secret, 1))


def test_recovery_code_is_accepted_once(app: InMemoryApp) -> None:
    _, codes = enable(app)
    assert sign_in(app, f" {codes[0].upper().replace('-', ' ')} ")
    assert AuditAction.RECOVERY_CODE_USED in actions(app)
    with pytest.raises(AuthenticationFailed):
        sign_in(app, codes[0])
    assert app.manage_second_factor.count_recovery_codes(ann(app)) == NUMBER_OF_RECOVERY_CODES - 1
    renewed = app.manage_second_factor.renew_recovery_codes(ann(app))
    with pytest.raises(AuthenticationFailed):
        sign_in(app, codes[1])
    assert sign_in(app, renewed[0])


def test_many_wrong_codes_lock_the_second_factor_for_a_time(app: InMemoryApp) -> None:
    secret, codes = enable(app)
    app.clock.advance(STEP)
    for _ in range(MAX_FAILURES):
        with pytest.raises(AuthenticationFailed):
            sign_in(app, "000000")
    for given in (code(app, secret), codes[0]):
        with pytest.raises(SecondFactorLocked):
            sign_in(app, given)
    app.clock.advance(LOCKED_FOR)
    assert sign_in(app, code(app, secret))
    assert actions(app).count(AuditAction.SECOND_FACTOR_FAILED) == MAX_FAILURES


def test_basic_authentication_needs_more_than_the_password(app: InMemoryApp) -> None:
    enable(app)
    with pytest.raises(SecondFactorRequired, match="API key"):
        app.sign_in.with_password("ann", PHRASE)
    assert actions(app)[-1] is AuditAction.SECOND_FACTOR_FAILED
    with pytest.raises(AuthenticationFailed):
        app.sign_in.with_password("ann", "wrong")


def test_lost_second_factor_is_removed_by_an_admin(app: InMemoryApp) -> None:
    enable(app)
    session = app.user_sessions.begin("zoe", PHRASE)
    with pytest.raises(PermissionDenied):
        app.manage_second_factor.remove(AGENT, "ann")
    assert app.manage_second_factor.remove(ADMIN, "ann")
    assert not app.manage_second_factor.remove(ADMIN, "ann")
    assert app.user_sessions.find(app.user_sessions.begin("ann", PHRASE))
    assert actions(app).count(AuditAction.SECOND_FACTOR_REMOVED) == 1
    assert app.user_sessions.find(session)
    assert app.manage_second_factor.count_recovery_codes(ann(app)) == 0


def test_changed_secret_key_leaves_the_recovery_codes(app: InMemoryApp) -> None:
    secret, codes = enable(app)
    app.clock.advance(STEP)
    app.secret_box = MemorySecretBox("another key")
    with pytest.raises(SecretUnreadable):
        sign_in(app, code(app, secret))
    assert sign_in(app, codes[0])


@pytest.mark.parametrize(
    ("policy", "obliged"),
    [
        (SecondFactorPolicy.OFF, []),
        (SecondFactorPolicy.ADMINS, ["zoe"]),
        (SecondFactorPolicy.ALL, ["ann", "zoe"]),
    ],
)
def test_policy_obliges_users(app: InMemoryApp, policy: SecondFactorPolicy, obliged: list[str]) -> None:
    app.require_second_factor = policy
    found = {name: app.user_sessions.find(app.user_sessions.begin(name, PHRASE)) for name in ("ann", "zoe")}
    assert [name for name, one in found.items() if one and one.must_have_second_factor] == obliged
    assert not any(one is None or one.is_restricted for one in found.values())


def test_time_to_set_it_up_ends(app: InMemoryApp) -> None:
    app.require_second_factor = SecondFactorPolicy.ALL
    app.clock.advance(timedelta(days=30))
    app.user_sessions.begin("ann", PHRASE)
    assert ann(app).second_factor_grace_until == app.clock.now() + GRACE
    app.clock.advance(GRACE - MICROSECOND)
    assert app.sign_in.with_password("ann", PHRASE) == ann(app).actor
    app.clock.advance(MICROSECOND)
    found = app.user_sessions.find(app.user_sessions.begin("ann", PHRASE))
    assert found is not None
    assert found.is_restricted
    with pytest.raises(SecondFactorRequired):
        app.sign_in.with_password("ann", PHRASE)
    secret = app.manage_second_factor.set_up(found.user).secret
    app.manage_second_factor.enable(found.session, code(app, secret))
    with pytest.raises(SecondFactorRequired):
        app.manage_second_factor.remove_own(ann(app))
    app.require_second_factor = SecondFactorPolicy.OFF
    app.manage_second_factor.remove_own(ann(app))
    assert ann(app).second_factor_at is None


def test_time_begins_again_when_the_policy_returns(app: InMemoryApp) -> None:
    for policy in (SecondFactorPolicy.ALL, SecondFactorPolicy.OFF):
        app.require_second_factor = policy
        app.user_sessions.begin("ann", PHRASE)
        app.clock.advance(GRACE)
    assert ann(app).second_factor_grace_until is None
