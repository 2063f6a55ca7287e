"""Routes and templates that are compiled once per process, for the many applications of tests."""

from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

_compiled: dict[tuple[Any, ...], Rule] = {}


class CachedRule(Rule):
    """A rule that takes over what Werkzeug compiled for an equal rule of an earlier application.

    For the builders of URLs, Werkzeug generates and compiles Python code. Compiling 106 rules takes longer
    than anything else in building an application. What comes of it depends on the rule's text and defaults
    and on the classes of the converters only. If a later Werkzeug calls the method by another name, the tests
    only become slower.
    """

    def compile(self) -> None:
        assert self.map is not None
        key = (
            self.rule,
            tuple((self.defaults or {}).items()),
            self.merge_slashes,
            tuple(self.map.converters.items()),
        )
        known = _compiled.get(key)
        if known is None:
            super().compile()
            _compiled[key] = self
            return
        for name in ("_parts", "_trace", "_converters", "arguments"):
            setattr(self, name, getattr(known, name))
        for name in ("_build", "_build_unknown"):
            setattr(self, name, getattr(known, name).__func__.__get__(self, None))


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
