"""The variants of a list's statement: what is known of a request without its values.

The values are bind parameters, so that all requests of a variant share one compiled statement.
"""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.adapters.database.repositories.leads.page_order import PageOrder
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor


@frozen(kw_only=True)
class ListConditions:
    """The conditions of a ``LeadFilter`` that are set.

    Attributes:
        touch: the names of the fields of the touch.
        last_touch: the same of the last touch.
        states: the number of states, of which a lead must have one; 0 for any state.
    """

    has_created_from: bool
    has_created_to: bool
    has_updated_from: bool
    has_updated_to: bool
    has_email: bool
    has_source: bool
    touch: tuple[str, ...]
    last_touch: tuple[str, ...]
    has_owner: bool
    is_unowned: bool
    has_search: bool
    has_primary: bool
    has_follow_up_from: bool
    has_follow_up_to: bool
    states: int
    is_waiting: bool
    is_on_hold: bool
    duplicates: Duplicates

    @property
    def has_creation_range(self) -> bool:
        """True if the leads of the list were created in a time range."""
        return self.has_created_from or self.has_created_to

    @property
    def has_update_range(self) -> bool:
        """True if the leads of the list were last changed in a time range."""
        return self.has_updated_from or self.has_updated_to

    @property
    def has_one_state(self) -> bool:
        """True if all leads of the list are in the same state."""
        return self.states == 1 or self.is_waiting

    @classmethod
    def of(cls, lead_filter: LeadFilter) -> "ListConditions":
        """Return the conditions of a filter."""
        return cls(
            has_created_from=lead_filter.created_from is not None,
            has_created_to=lead_filter.created_to is not None,
            has_updated_from=lead_filter.updated_from is not None,
            has_updated_to=lead_filter.updated_to is not None,
            has_email=lead_filter.email_key is not None,
            has_source=lead_filter.source is not None,
            touch=tuple(sorted(lead_filter.touch)),
            last_touch=tuple(sorted(lead_filter.last_touch)),
            has_owner=lead_filter.owner is not None,
            is_unowned=lead_filter.is_unowned,
            has_search=lead_filter.search is not None,
            has_primary=lead_filter.duplicate_of is not None,
            has_follow_up_from=lead_filter.follow_up is not None and lead_filter.follow_up.start is not None,
            has_follow_up_to=lead_filter.follow_up is not None and lead_filter.follow_up.end is not None,
            states=len(lead_filter.states),
            is_waiting=lead_filter.is_waiting,
            is_on_hold=lead_filter.is_on_hold,
            duplicates=lead_filter.duplicates,
        )

    def without_first_bound(self, sort: Sort) -> "ListConditions":
        """Return the conditions without the bound at the side where a page in this order begins."""
        match sort:
            case Sort.CREATED_AT:
                return evolve(self, has_created_from=False)
            case Sort.LATEST_CREATED:
                return evolve(self, has_created_to=False)
            case Sort.UPDATED_AT:
                return evolve(self, has_updated_from=False)
            case Sort.LATEST_UPDATED:
                return evolve(self, has_updated_to=False)
            case Sort.FOLLOW_UP_AT:
                return evolve(self, has_follow_up_from=False)


@frozen
class AccessPath:
    """How a statement finds its leads, where that depends on numbers that no planner knows.

    ``access_path_choice`` decides.

    Attributes:
        leads_first: of a search, to read the leads that match the other conditions, which are few, and to
            compare each with the search. Otherwise the search finds its matches first.
        walks_all: to read all leads in the order of the page, and to skip those that do not match: so many
            match that the page is soon full.
        enquiries_first: to find the enquiries with the first of the texts of the last touch, which are few.
        few: the conditions that few leads match, and for which there is an index: it finds these, whatever
            their order, and the other conditions use no index. None if no condition is known to be so.
        hides_conditions: to write conditions that are to use no index in words that no index has, for a
            planner that does not know how many leads match them.
    """

    leads_first: bool = False
    walks_all: bool = False
    enquiries_first: bool = False
    few: ListConditions | None = None
    hides_conditions: bool = False


@frozen
class ListQueryVariant:
    """One shape of the SQL of a list: its conditions, its order and the way in which leads are found."""

    conditions: ListConditions
    order: PageOrder
    path: AccessPath = AccessPath()

    @classmethod
    def of(cls, lead_filter: LeadFilter, after: Cursor | None, sort: Sort) -> "ListQueryVariant":
        """Return the variant of a page; of a list without a cursor.

        If a cursor and a bound of the filter limit the same side, SQLite scans from the looser to the tighter
        one. Only the tighter one is therefore a part of the statement.
        """
        conditions, has_cursor = ListConditions.of(lead_filter), after is not None
        bound = _first_bound(lead_filter, sort)
        if after is not None and bound is not None:
            has_cursor = after.at < bound if sort.is_descending else after.at >= bound
            conditions = conditions.without_first_bound(sort) if has_cursor else conditions
        return cls(conditions, PageOrder(sort, has_cursor))


def _first_bound(lead_filter: LeadFilter, sort: Sort) -> datetime | None:
    """Return the bound of the time that sorts, at the side where the first page begins."""
    if sort is Sort.FOLLOW_UP_AT:
        return lead_filter.follow_up.start if lead_filter.follow_up else None
    if lead_filter.search is not None:
        return None
    if sort.key == Sort.CREATED_AT:
        return lead_filter.created_to if sort.is_descending else lead_filter.created_from
    return lead_filter.updated_to if sort.is_descending else lead_filter.updated_from
