"""Pages of a list, and the cursor at which the next page begins."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from attrs import field, frozen

from leadtracker.domain.model.values.timestamps import check_utc

Item = TypeVar("Item")


@frozen
class Cursor:
    """The position in a list after the item with that id, whose sort key is ``at``.

    Attributes:
        text: the sort key before ``at`` in a list that is sorted by a text; None without it.
    """

    at: datetime = field(validator=check_utc)
    id: str
    text: str | None = None


@frozen
class Page(Generic[Item]):
    """One page of a list, and the cursor of the next page; None on the last."""

    items: tuple[Item, ...]
    next: Cursor | None

    @classmethod
    def cut(cls, found: Sequence[Item], limit: int, cursor_of: Callable[[Item], Cursor]) -> "Page[Item]":
        """Return a page of the first ``limit`` items; one more in ``found`` means that there is a next page.

        Args:
            found: the items from the beginning of the page on.
            limit: the maximum number of items of the page.
            cursor_of: returns the position after an item.
        """
        items = tuple(found[:limit])
        return cls(items, cursor_of(items[-1]) if len(found) > limit else None)
