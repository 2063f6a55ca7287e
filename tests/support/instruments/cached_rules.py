"""Routes that are compiled once per process, although nearly every test builds a new application."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_builders: dict[tuple[Any, ...], Builder] = {}


class CachedRule(Rule):
    """A rule whose builders of URLs come from a cache; Werkzeug generates and compiles Python code for each.

    That code takes two thirds of the time in which an application of 84 rules is built. It depends on the
    rule's parts and defaults only: converters are found through the rule, to which Werkzeug binds it.
    If a later Werkzeug calls the method by another name, the tests only become slower.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Builder:  # noqa: FBT001, FBT002 - as in Werkzeug
        defaults = tuple((self.defaults or {}).items())
        key = (self.rule, tuple(self._trace), defaults, append_unknown)
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]
