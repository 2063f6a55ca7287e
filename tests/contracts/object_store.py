"""What ``ObjectStore`` promises."""

import pytest

from leadtracker.domain.ports.leads.object_store import ObjectStore
from tests.contracts.resume_store import EVERY_BYTE, LARGE
from tests.support.concurrency import in_threads

KEY, OTHER = "kMq3-_" * 7, "Zb0_-x" * 7
THREADS = 8


class ObjectStoreContract:
    """Needs the fixture ``objects``: an empty store."""

    @pytest.mark.parametrize("content", [b"x", EVERY_BYTE, LARGE], ids=["least", "every byte", "large"])
    def test_what_is_put_comes_back_bit_for_bit(self, objects: ObjectStore, content: bytes) -> None:
        objects.put(KEY, content)
        assert objects.get(KEY) == content

    def test_under_a_key_that_nobody_has_used_there_is_nothing(self, objects: ObjectStore) -> None:
        objects.put(KEY, b"x")
        assert objects.get(OTHER) is None

    def test_what_is_deleted_is_gone_and_nothing_else(self, objects: ObjectStore) -> None:
        for key in (KEY, OTHER):
            objects.put(key, key.encode())
        objects.delete(KEY)
        assert (objects.get(KEY), objects.get(OTHER)) == (None, OTHER.encode())

    def test_deleting_what_is_not_there_does_nothing(self, objects: ObjectStore) -> None:
        objects.delete(KEY)
        objects.put(KEY, b"x")
        for _ in range(2):
            objects.delete(KEY)
        assert objects.get(KEY) is None

    def test_threads_do_not_get_in_each_others_way(self, objects: ObjectStore) -> None:
        def put_and_get(number: int) -> bool:
            content = bytes([number]) * 10_000
            objects.put(f"{KEY}{number}", content)
            return objects.get(f"{KEY}{number}") == content

        assert all(in_threads(THREADS, put_and_get))
