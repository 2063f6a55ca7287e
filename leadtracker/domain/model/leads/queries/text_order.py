"""The order of a list of leads by a text: the name, the state, the owner or the source.

No index has such an order, because every new lead would have to be written into it. The texts of all leads
of the list are read instead, and sorted here, which ``MAX_SORTED_BY_TEXT`` bounds; then the leads of one page
are read.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import ListOrder
from leadtracker.domain.model.leads.queries.search import folded
from leadtracker.domain.model.values.paging import Cursor, Page

MAX_SORTED_BY_TEXT = 10_000
"""The maximum number of leads of a list in the order of a text."""

_MAX_COMPARED = 60
"""The number of characters that are compared: a cursor has to fit into a URL, and long texts take time."""

_STATE_KEYS: Mapping[str | None, str | None] = {
    state.value: str(number) for number, state in enumerate(LeadState)
}


class TextSort(ListOrder):
    """The order of a list, by a text of its leads; a minus reverses it.

    Names are sorted as they are shown, the first name first, and states from ``PENDING`` to ``LOST``. Case,
    accents and umlauts do not matter. In both directions, leads without the text come last, and of leads with
    the same text the latest comes first.
    """

    NAME = "name"
    NAME_REVERSED = "-name"
    STATE = "state"
    STATE_REVERSED = "-state"
    OWNER = "owner"
    OWNER_REVERSED = "-owner"
    SOURCE = "source"
    SOURCE_REVERSED = "-source"


class LeadText(NamedTuple):
    """A lead of a list with the text that sorts it, such as the full name; None if it has none."""

    id: str
    created_at: datetime
    text: str | None


_SortKeys = Mapping[str | None, str | None]
"""The text to compare in place of each text; None for leads without one."""


def page_by_text(
    leads: Sequence[LeadText], sort: TextSort, *, limit: int, after: Cursor | None = None
) -> Page[str]:
    """Return the ids of a page of leads.

    Args:
        leads: all leads of the list, in any order.
        sort: the order of the list.
        limit: the maximum number of ids of the page.
        after: the position after which the page begins; its lead may have left the list.
    """
    keys = _sort_keys({lead.text for lead in leads}, sort)
    if after is not None:
        leads = [lead for lead in leads if _is_behind(lead, keys[lead.text], after, sort)]
    found = _in_order(leads, keys, sort)
    page = Page.cut(found, limit, lambda last: Cursor(last.created_at, last.id, keys[last.text]))
    return Page(tuple(lead.id for lead in page.items), page.next)


def _sort_keys(texts: Collection[str | None], sort: TextSort) -> _SortKeys:
    if sort.key == TextSort.STATE:
        return _STATE_KEYS
    return {text: folded(text[:_MAX_COMPARED])[:_MAX_COMPARED] if text else None for text in texts}


def _is_behind(lead: LeadText, key: str | None, after: Cursor, sort: TextSort) -> bool:
    if key == after.text:
        return (lead.created_at, lead.id) < (after.at, after.id)
    if key is None or after.text is None:
        return key is None
    return key < after.text if sort.is_descending else key > after.text


def _in_order(leads: Sequence[LeadText], keys: _SortKeys, sort: TextSort) -> list[LeadText]:
    latest_first = sorted(leads, key=attrgetter("created_at", "id"), reverse=True)
    with_text = [lead for lead in latest_first if keys[lead.text] is not None]
    with_text.sort(key=lambda lead: keys[lead.text] or "", reverse=sort.is_descending)  # a stable sort
    return with_text + [lead for lead in latest_first if keys[lead.text] is None]
