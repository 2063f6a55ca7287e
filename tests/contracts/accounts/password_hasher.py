"""Contract suite of ``PasswordHasher``, without the time it takes."""

import pytest

from leadtracker.domain.ports.accounts.password_hasher import PasswordHasher


class PasswordHasherContract:
    """Requires the fixture ``hasher``."""

    @pytest.mark.parametrize("password", ["correct horse", "p", "ß🦊\u0301", "a" * 1_000, "$ $", ""])
    def test_password_verifies_only_its_own_hash(self, hasher: PasswordHasher, password: str) -> None:
        kept = hasher.hash(password)
        assert hasher.verify(password, kept)
        assert hasher.verify(password, kept)
        assert not hasher.verify(f"{password} ", kept)
        assert not hasher.verify(password, hasher.hash("another"))

    def test_hashes_are_salted_and_opaque(self, hasher: PasswordHasher) -> None:
        first, second = hasher.hash("correct horse"), hasher.hash("correct horse")
        assert first != second
        assert "correct" not in first

    def test_unknown_user_never_verifies(self, hasher: PasswordHasher) -> None:
        assert not any(hasher.verify(password, None) for password in ("", "correct horse", "None"))

    def test_empty_hash_is_the_hash_of_no_password(self, hasher: PasswordHasher) -> None:
        assert not any(hasher.verify(password, "") for password in ("", "correct horse"))

    def test_damaged_hash_never_verifies(self, hasher: PasswordHasher) -> None:
        kept = hasher.hash("correct horse")
        damaged = ["x", kept[:-4], kept.upper(), f"{kept[:10]}$$"]
        assert not any(hasher.verify("correct horse", text) for text in damaged)
