"""The order of a page of leads, in SQL."""

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.leads.queries.lead_query import Sort


@frozen
class PageOrder:
    """The order of a page.

    Attributes:
        sort: the order.
        has_cursor: true if the statement compares with a cursor.
        has_index: false if the few leads of a page are sorted, so that no index in its order may be used.
    """

    sort: Sort
    has_cursor: bool = False
    has_index: bool = True

    @property
    def is_by_creation(self) -> bool:
        """True for the order of creation, in either direction."""
        return self.sort.key == Sort.CREATED_AT

    @property
    def latest_first(self) -> bool:
        """True if the order is descending."""
        return self.sort.is_descending

    @property
    def direction(self) -> str:
        """The direction in SQL."""
        return "DESC" if self.latest_first else "ASC"

    @property
    def column(self) -> peewee.Field:
        """The column that sorts; leads that have the same time there are sorted by id."""
        column: peewee.Field = getattr(LeadRow, self.sort.key)
        return column

    @property
    def _key(self) -> peewee.ColumnBase:
        """The column that sorts, in words that no index has if none may be used."""
        return self.column if self.has_index else peewee.fn.COALESCE(self.column, self.column)

    @property
    def of_candidates(self) -> peewee.Node:
        """The order of a subquery called ``candidates``, which has ``sort_key`` and ``id``."""
        return peewee.SQL(f"candidates.sort_key {self.direction}, candidates.id {self.direction}")

    def sorted(self, query: Select) -> Select:
        """Return a query of leads in this order."""
        key = self._key
        return (
            query.order_by(key.desc(), LeadRow.id.desc())
            if self.latest_first
            else query.order_by(key, LeadRow.id)
        )

    def from_cursor(self, query: Select) -> Select:
        """Return a query of leads in this order, of those after the cursor if there is one."""
        if self.has_cursor:
            key = peewee.Tuple(self._key, LeadRow.id)
            cursor = peewee.Tuple(param("after_time"), param("after_id"))
            query = query.where(key < cursor if self.latest_first else key > cursor)
        return self.sorted(query)
