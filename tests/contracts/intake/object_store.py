"""Contract suite of ``ObjectStore``."""

import pytest

from leadtracker.domain.ports.leads.object_store import ObjectStore
from tests.contracts.intake.file_store import EVERY_BYTE, LARGE
from tests.support.instruments.concurrency import run_in_threads

KEY, OTHER = "kMq3-_" * 7, "Zb0_-x" * 7
THREADS = 8


class ObjectStoreContract:
    """Requires the fixture ``objects``: an empty store."""

    @pytest.mark.parametrize("content", [b"x", EVERY_BYTE, LARGE], ids=["least", "every byte", "large"])
    def test_object_round_trips_bit_for_bit(self, objects: ObjectStore, content: bytes) -> None:
        objects.put(KEY, content)
        assert objects.get(KEY) == content

    def test_unknown_key_has_no_object(self, objects: ObjectStore) -> None:
        objects.put(KEY, b"x")
        assert objects.get(OTHER) is None

    def test_deleting_removes_only_that_object(self, objects: ObjectStore) -> None:
        for key in (KEY, OTHER):
            objects.put(key, key.encode())
        objects.delete(KEY)
        assert (objects.get(KEY), objects.get(OTHER)) == (None, OTHER.encode())

    def test_deleting_a_missing_object_is_allowed(self, objects: ObjectStore) -> None:
        objects.delete(KEY)
        objects.put(KEY, b"x")
        for _ in range(2):
            objects.delete(KEY)
        assert objects.get(KEY) is None

    def test_concurrent_access_is_isolated(self, objects: ObjectStore) -> None:
        def put_and_get(number: int) -> bool:
            content = bytes([number]) * 10_000
            objects.put(f"{KEY}{number}", content)
            return objects.get(f"{KEY}{number}") == content

        assert all(run_in_threads(THREADS, put_and_get))
