"""What ``PasswordHasher`` promises, but for the time it takes."""

import pytest

from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher


class PasswordHasherContract:
    """Needs the fixture ``hasher``."""

    @pytest.mark.parametrize("password", ["correct horse", "p", "ß🦊\u0301", "a" * 1_000, "$ $", ""])
    def test_a_password_proves_its_own_hash_and_no_other(self, hasher: PasswordHasher, password: str) -> None:
        kept = hasher.hash(password)
        assert hasher.verify(password, kept)
        assert hasher.verify(password, kept)
        assert not hasher.verify(f"{password} ", kept)
        assert not hasher.verify(password, hasher.hash("another"))

    def test_a_hash_differs_each_time_and_does_not_hold_the_password(self, hasher: PasswordHasher) -> None:
        first, second = hasher.hash("correct horse"), hasher.hash("correct horse")
        assert first != second
        assert "correct" not in first

    def test_nothing_proves_an_unknown_user(self, hasher: PasswordHasher) -> None:
        assert not any(hasher.verify(password, None) for password in ("", "correct horse", "None"))

    def test_nothing_proves_a_damaged_hash(self, hasher: PasswordHasher) -> None:
        kept = hasher.hash("correct horse")
        damaged = ["x", kept[:-4], kept.upper(), f"{kept[:10]}$$"]
        assert not any(hasher.verify("correct horse", text) for text in damaged)
