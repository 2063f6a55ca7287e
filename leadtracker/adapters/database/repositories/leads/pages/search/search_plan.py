"""The plans by which a page of a search is found where the index has no order, and how they are tried.

An index of words that does not know the order of a page offers three ways, each fast for other searches. A
planner that estimates wrongly takes seconds instead of milliseconds, so that the statements leave it no
choice, and the plans are tried in turn; docs/decisions/0008-tokenise-search-terms-in-the-domain.md has the
measurements.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeAlias

from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import Row


@frozen
class CompareLeads:
    """Read leads in the order of the page, and compare each with the search: fast for many matches.

    The page is incomplete if too few of these leads match.

    Attributes:
        most_read: how many leads are read, from the cursor on.
        if_promising: true to use the plan only if an earlier one of its kind has found so many that a full
            page is likely.
    """

    most_read: int
    if_promising: bool = False
    most_matches: ClassVar[int | None] = None


@frozen
class SortMatches:
    """Read all matches with their leads, and sort them: fast for few matches, and always complete.

    Attributes:
        most_matches: the number of matches up to which the plan is used; None for any number.
    """

    most_matches: int | None = None


@frozen
class SortFirstMatches:
    """Sort all matches by ``rank_id``, and read only the first ones as leads; for the order of creation.

    Fast for many matches that are far from the beginning of the page. The page is incomplete if too few of
    the first ones match the other conditions.

    Attributes:
        most_sorted: how many matches are read as leads.
        most_matches: the number of matches up to which the plan is used; None for any number.
    """

    most_sorted: int
    most_matches: int | None = None


@frozen
class ReadMatches:
    """Read the leads of matches in any order until there are enough: for lists that are sorted later."""

    most_matches: ClassVar[int | None] = None


SearchPlan: TypeAlias = CompareLeads | SortMatches | SortFirstMatches | ReadMatches


def most_matches_to_count(plans: Sequence[SearchPlan]) -> int:
    """Return the greatest number of matches that still decides about a plan; 0 if none does."""
    return max((plan.most_matches or 0 for plan in plans), default=0)


def rows_by_plans(
    plans: Sequence[SearchPlan],
    read: Callable[[SearchPlan], list[Row]],
    count: Callable[[int], int],
    limit: int,
) -> list[Row]:
    """Return the rows of the first plan that finds a complete page.

    Args:
        plans: in the order in which they are tried.
        read: returns the rows that a plan finds.
        count: returns the number of matches of the search, at most one more than its argument.
        limit: the number of rows of a full page.
    """
    rows: list[Row] = []
    matches: int | None = None
    share_found = 1.0
    for plan in plans:
        if isinstance(plan, CompareLeads) and plan.if_promising and share_found * plan.most_read < limit:
            continue
        if plan.most_matches is not None:
            matches = count(most_matches_to_count(plans)) if matches is None else matches
            if matches == 0:
                return []
            if matches > plan.most_matches:
                continue
        rows = read(plan)
        if isinstance(plan, SortMatches) or len(rows) >= limit:
            break
        if isinstance(plan, CompareLeads):
            share_found = len(rows) / plan.most_read
    return rows
