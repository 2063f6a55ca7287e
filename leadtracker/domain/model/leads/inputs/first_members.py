"""The bound of how much of a body is looked at: its first names and elements, however they are nested."""

from collections.abc import Mapping

from attrs import define, field

MAX_MEMBERS = 2_000
"""The maximum number of members of objects and elements of lists in a body, together; no form has as many."""

_MAX_DEPTH = 50


def first_members(raw: Mapping[str, object]) -> tuple[Mapping[str, object], int]:
    """Return a body with its first members only, and the number of those that were left out.

    Each name is compared with those of fields and of secrets, several times in objects that could hold a
    person. For as many names as the largest body has room for, that would take a second.
    """
    cut = _Cut()
    return cut.object_of(raw, depth=0), cut.left_out


@define
class _Cut:
    """Copies a body until there is no more room."""

    left_out: int = field(default=0, init=False)
    _room: int = field(default=MAX_MEMBERS, init=False)

    def object_of(self, value: Mapping[str, object], depth: int) -> dict[str, object]:
        return {name: self._copy(one, depth + 1) for name, one in value.items() if self._takes_one()}

    def _copy(self, value: object, depth: int) -> object:
        if not isinstance(value, dict | list):
            return value
        if depth > _MAX_DEPTH:
            self.left_out += 1
            return None
        if isinstance(value, dict):
            return self.object_of(value, depth)
        return [self._copy(one, depth + 1) for one in value if self._takes_one()]

    def _takes_one(self) -> bool:
        if self._room:
            self._room -= 1
            return True
        self.left_out += 1
        return False
