"""Templates that are compiled once per process, although nearly every test builds a new application."""

from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache


class CachedTemplates(BytecodeCache):
    """Keeps the code of templates in memory, until a template's source changes.

    A page takes a few milliseconds, and compiling its templates more than ten times as long.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code
