"""Pages of a list: one order, and one way to continue after the last row of the page before."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statement_names import param


def page_of(
    query: Select, at: peewee.Field, row_id: peewee.Field, *, has_cursor: bool, latest_first: bool = True
) -> Select:
    """Return the query of one page, with ``limit`` as a parameter.

    Args:
        query: the rows of the whole list, in any order.
        at: the time by which the list is ordered.
        row_id: orders rows of the same time.
        has_cursor: true for a page after the row whose time and id are the parameters ``at`` and ``id``.
        latest_first: false for the earliest first.
    """
    if has_cursor:
        position, cursor = peewee.Tuple(at, row_id), peewee.Tuple(param("at"), param("id"))
        query = query.where(position < cursor if latest_first else position > cursor)
    order = (at.desc(), row_id.desc()) if latest_first else (at, row_id)
    return query.order_by(*order).limit(param("limit"))
