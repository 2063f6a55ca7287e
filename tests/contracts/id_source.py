"""Contract suite of ``IdSource``."""

import re
from datetime import timedelta

from leadtracker.domain.ports.system import IdSource
from tests.support.clock import NOW

MANY = 2_000


class IdSourceContract:
    """Requires the fixture ``ids``."""

    def test_ids_are_unique(self, ids: IdSource) -> None:
        assert len({ids.new_id(NOW) for _ in range(MANY)}) == MANY

    def test_later_ids_sort_later(self, ids: IdSource) -> None:
        later = [NOW + timedelta(milliseconds=step) for step in (0, 1, 2, 999, 10**6, 10**11)]
        made = [ids.new_id(timestamp) for timestamp in later]
        assert made == sorted(made)

    def test_ids_are_url_safe(self, ids: IdSource) -> None:
        assert re.fullmatch(r"[0-9A-Za-z_-]+", ids.new_id(NOW))

    def test_secrets_have_256_bits_and_are_url_safe(self, ids: IdSource) -> None:
        secrets = {ids.secret() for _ in range(MANY)}
        assert len(secrets) == MANY
        assert all(re.fullmatch(r"[0-9A-Za-z_-]{43,}", secret) for secret in secrets)

    def test_fractions_lie_between_0_and_1(self, ids: IdSource) -> None:
        fractions = [ids.fraction() for _ in range(MANY)]
        assert all(0 <= fraction < 1 for fraction in fractions)
        assert min(fractions) < 0.1
        assert max(fractions) > 0.9
