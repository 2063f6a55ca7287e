"""The variants of the statements of pages, by the conditions that are set, and the values of parameters."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.adapters.database.repositories.leads.pages.search_plans import FullText
from leadtracker.domain.model.leads.fields import LAST_TOUCH
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor


@frozen
class ListQueryVariant:
    """The conditions of a page's statement; their values are parameters.

    Attributes:
        touch: the names of the fields of the touch.
        last_touch: the same of the last touch.
        checks_search: true if few leads match the other conditions, so that the search looks at each of them.
        finds_enquiries: true if few enquiries have the first of ``last_touch``, so that an index finds them.
        finds_updated: true if few leads were changed in the time range, so that an index finds them.
        walks_all: true if many leads have no owner, so that going through all leads finds them soon.
    """

    has_from: bool
    has_to: bool
    has_updated_from: bool
    has_updated_to: bool
    has_cursor: bool
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
    sort: Sort
    checks_search: bool = False
    walks_all: bool = False
    finds_enquiries: bool = False
    finds_updated: bool = False

    @property
    def needs_union(self) -> bool:
        """True if no index has all leads of the page in its order, but several have a part each."""
        return self.lacks_answered or self.merges_states

    @property
    def lacks_answered(self) -> bool:
        """True if the index in the order of the page lacks answered duplicates, which the page has."""
        is_narrow = (
            self.has_owner or self.has_email or self.has_primary or self.is_waiting or self.checks_search
        )
        is_listed_by_creation = self.sort.key == Sort.CREATED_AT or self.merges_states
        return self.duplicates is Duplicates.INCLUDE and not (is_listed_by_creation or is_narrow)

    @property
    def has_update_range(self) -> bool:
        """True if the leads of the page were changed in a time range."""
        return self.has_updated_from or self.has_updated_to

    @property
    def merges_states(self) -> bool:
        """True for unowned leads, of which an index has those of each state, in the order of creation.

        In another order that is for a few, which are sorted; many are found by walking through all leads.
        """
        if not self.is_unowned or self.walks_all:
            return False
        is_one_state = self.states == 1 or self.is_waiting
        has_listed_source = self.has_source and self.duplicates in {Duplicates.EXCLUDE, Duplicates.OPEN}
        is_of_few = self.has_email or self.has_primary or self.is_on_hold or self.has_follow_up_to
        has_other_index = has_listed_source or self.touch or is_of_few or self.finds_enquiries
        return not (is_one_state or has_other_index)

    def for_count(self) -> "ListQueryVariant":
        """The variant in an order that an index over the conditions has, since a count needs none."""
        if self.has_follow_up_to:
            return evolve(self, sort=Sort.FOLLOW_UP_AT)
        if self.has_update_range:
            return evolve(self, sort=Sort.LATEST_UPDATED, walks_all=False)
        has_text = self.has_source or bool(self.touch)
        is_selective = self.has_owner or self.is_unowned or has_text or self.states == 1 or self.is_waiting
        if is_selective or self.lacks_answered:
            return evolve(self, sort=Sort.LATEST_CREATED, walks_all=False)
        return self

    @classmethod
    def of(cls, lead_filter: LeadFilter, after: Cursor | None, sort: Sort) -> "ListQueryVariant":
        """The variant that a request needs."""
        is_searched = lead_filter.search is not None
        at_creation = None if is_searched or sort.key != Sort.CREATED_AT else after
        at_update = None if is_searched or sort.key != Sort.UPDATED_AT else after
        has_from, has_to, is_behind = _bounds(
            lead_filter.created_from, lead_filter.created_to, at_creation, sort
        )
        has_updated_from, has_updated_to, is_behind_update = _bounds(
            lead_filter.updated_from, lead_filter.updated_to, at_update, sort
        )
        has_cursor = after is not None and is_behind and is_behind_update
        due_from = lead_filter.follow_up.start if lead_filter.follow_up else None
        has_follow_up_from = due_from is not None
        if due_from is not None and after is not None and sort is Sort.FOLLOW_UP_AT:
            has_cursor = after.at >= due_from  # only the tighter bound, as in ``_bounds``
            has_follow_up_from = not has_cursor
        return cls(
            has_from=has_from,
            has_to=has_to,
            has_updated_from=has_updated_from,
            has_updated_to=has_updated_to,
            has_cursor=has_cursor,
            has_email=lead_filter.email_key is not None,
            has_source=lead_filter.source is not None,
            touch=tuple(sorted(lead_filter.touch)),
            last_touch=tuple(sorted(lead_filter.last_touch)),
            has_owner=lead_filter.owner is not None,
            is_unowned=lead_filter.is_unowned,
            has_search=is_searched,
            has_primary=lead_filter.duplicate_of is not None,
            has_follow_up_from=has_follow_up_from,
            has_follow_up_to=lead_filter.follow_up is not None and lead_filter.follow_up.end is not None,
            states=len(lead_filter.states),
            is_waiting=lead_filter.is_waiting,
            is_on_hold=lead_filter.is_on_hold,
            duplicates=lead_filter.duplicates,
            sort=sort,
        )


def page_values(
    lead_filter: LeadFilter, after: Cursor | None, limit: int, full_text: FullText
) -> dict[str, object]:
    """The values of the parameters of a page's statement."""
    values: dict[str, object] = {
        "created_from": lead_filter.created_from,
        "created_to": lead_filter.created_to,
        "updated_from": lead_filter.updated_from,
        "updated_to": lead_filter.updated_to,
        "email_key": lead_filter.email_key,
        "source": lead_filter.source,
        **lead_filter.touch,
        **{f"{LAST_TOUCH}{name}": text for name, text in lead_filter.last_touch.items()},
        "owner": lead_filter.owner,
        "duplicate_of": lead_filter.duplicate_of,
        "follow_up_from": lead_filter.follow_up and lead_filter.follow_up.start,
        "follow_up_to": lead_filter.follow_up and lead_filter.follow_up.end,
        "after_time": after and after.at,
        "after_id": after and after.id,
        "limit": limit,
    }
    states = lead_filter.states or frozenset(LeadState)
    values |= {f"state_{index}": state for index, state in enumerate(sorted(states))}
    return (
        values
        if lead_filter.search is None
        else values | full_text.search_values(lead_filter.search, lead_filter, after)
    )


def _bounds(
    start: datetime | None, end: datetime | None, after: Cursor | None, sort: Sort
) -> tuple[bool, bool, bool]:
    """Decide whether the statement compares with the start, the end and the cursor of a time.

    If a cursor and a bound limit the same side, SQLite scans from the looser to the tighter one. Only the
    tighter one is therefore a part of the statement.

    Args:
        start: the inclusive start of the range; None for none.
        end: the exclusive end of the range; None for none.
        after: the cursor, if the list is in the order of this time; else None.
        sort: the order of the list.
    """
    bound = end if sort.is_descending else start
    if after is None or bound is None:
        return start is not None, end is not None, True
    is_ahead = after.at >= bound if sort.is_descending else after.at < bound
    if sort.is_descending:
        return start is not None, is_ahead, not is_ahead
    return is_ahead, end is not None, not is_ahead
