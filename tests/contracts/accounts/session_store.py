"""Contract suite of ``SessionStore``."""

from datetime import timedelta

import pytest
from attrs import evolve

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.model.accounts.user_session import UserSession
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.clock import MICROSECOND, NOW

ANN = UserSession(
    digest="a" * 64,
    user="ann",
    started_at=NOW,
    seen_at=NOW + MICROSECOND,
    browser="Firefox",
    system="Windows",
    network="192.0.2.0/24",
)
ANNS_OTHER = evolve(
    ANN, digest="b" * 64, ends_at=NOW + timedelta(hours=1), sealed_tokens="sealed", checked_at=NOW
)
BOB = evolve(ANN, digest="c" * 64, user="bob")
SOON = NOW + timedelta(minutes=5)


def read(unit_of_work: UnitOfWorkFactory, *sessions: UserSession) -> list[UserSession | None]:
    """Return the sessions as they are stored."""
    with unit_of_work.read_only() as tx:
        return [tx.sessions.find(session.digest) for session in sessions]


class SessionStoreContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    @pytest.fixture(autouse=True)
    def _stored(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            for name in ("ann", "bob"):
                tx.users.add(User(name=name, role=Role.AGENT, password_hash="x", created_at=NOW))
            for session in (ANN, ANNS_OTHER, BOB):
                tx.sessions.add(session)
            tx.commit()

    def test_session_round_trips(self, unit_of_work: UnitOfWorkFactory) -> None:
        unknown = evolve(ANN, digest="d" * 64)
        assert read(unit_of_work, ANN, BOB, unknown) == [ANN, BOB, None]

    def test_session_use_is_recorded(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.sessions.see(ANN.digest, SOON)
            tx.sessions.see("nothing", SOON)
            tx.commit()
        assert read(unit_of_work, ANN, ANNS_OTHER) == [evolve(ANN, seen_at=SOON), ANNS_OTHER]

    def test_confirmation_is_recorded(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.sessions.confirm(ANN.digest, SOON)
            tx.sessions.confirm("nothing", SOON)
            tx.commit()
        assert read(unit_of_work, ANN, ANNS_OTHER) == [evolve(ANN, confirmed_at=SOON), ANNS_OTHER]

    def test_one_caller_claims_the_check_of_a_session(self, unit_of_work: UnitOfWorkFactory) -> None:
        for session, is_claimed in (
            (ANNS_OTHER, True),
            (ANNS_OTHER, False),
            (evolve(BOB, digest="x"), False),
        ):
            with unit_of_work() as tx:
                assert tx.sessions.claim_check(session, SOON) is is_claimed
                tx.commit()
        assert read(unit_of_work, ANN, ANNS_OTHER) == [ANN, evolve(ANNS_OTHER, checked_at=SOON)]

    def test_tokens_of_session_are_replaced(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.sessions.keep_tokens(ANNS_OTHER.digest, "other")
            tx.sessions.keep_tokens("nothing", "other")
            tx.commit()
        assert read(unit_of_work, ANN, ANNS_OTHER) == [ANN, evolve(ANNS_OTHER, sealed_tokens="other")]

    def test_sessions_of_a_user_are_listed_the_last_used_first(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.sessions.see(ANNS_OTHER.digest, SOON)
            tx.commit()
        with unit_of_work.read_only() as tx:
            assert tx.sessions.of("ann") == [evolve(ANNS_OTHER, seen_at=SOON), ANN]
            assert tx.sessions.of("zoe") == []

    def test_sessions_end_independently(self, unit_of_work: UnitOfWorkFactory) -> None:
        for _ in range(2):
            with unit_of_work() as tx:
                tx.sessions.end(ANN.digest)
                tx.commit()
        assert read(unit_of_work, ANN, ANNS_OTHER, BOB) == [None, ANNS_OTHER, BOB]

    def test_all_sessions_of_a_user_end_together(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            tx.sessions.end_of("ann")
            tx.commit()
        assert read(unit_of_work, ANN, ANNS_OTHER, BOB) == [None, None, BOB]

    def test_idle_and_old_sessions_are_purged(self, unit_of_work: UnitOfWorkFactory) -> None:
        old = evolve(BOB, digest="e" * 64, started_at=NOW - timedelta(days=1), seen_at=SOON)
        with unit_of_work() as tx:
            tx.sessions.add(old)
            tx.sessions.see(BOB.digest, SOON)
            tx.commit()
        with unit_of_work() as tx:
            assert tx.sessions.purge(seen_before=ANN.seen_at, started_before=old.started_at) == 3
            tx.commit()
        assert read(unit_of_work, ANN, ANNS_OTHER, old, BOB) == [None, None, None, evolve(BOB, seen_at=SOON)]
