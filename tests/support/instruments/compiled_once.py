"""Routes and templates that are compiled once per process, for the many applications of tests."""

import threading
from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Map, Rule, RuleFactory


class SharedMap(Map):
    """A map of routes that takes over what Werkzeug compiled for an earlier map of equal rules.

    For the builders of URLs, Werkzeug generates and compiles Python code. Compiling 137 rules takes longer
    than anything else in building an application. What comes of it depends on the rules only: all maps of
    LeadTracker have the same converters and options.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._added: list[Rule] = []
        self._compiling = threading.Lock()
        super().__init__(*arguments, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        """Keep rules until the map is used."""
        self._added.extend(rulefactory.get_rules(self))
        self._remap = True

    def update(self) -> None:
        """Make the map ready for use; Werkzeug calls this before each."""
        if self._remap:
            with self._compiling:
                self._take_over()
        super().update()

    def _take_over(self) -> None:
        key = tuple(map(_key, self._added))
        known = _compiled.get(key)
        if known is None:
            for rule in self._added:
                super().add(rule)
            super().update()
            _compiled[key] = self
        else:
            self._matcher, self._rules_by_endpoint = known._matcher, known._rules_by_endpoint  # noqa: SLF001 - of the same class
            self._remap = False


_compiled: dict[tuple[object, ...], SharedMap] = {}


def _key(rule: Rule) -> tuple[object, ...]:
    """Return all by which the rules of two applications may differ."""
    methods = frozenset(rule.methods or ())
    return rule.rule, rule.endpoint, methods, tuple((rule.defaults or {}).items()), rule.build_only


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
