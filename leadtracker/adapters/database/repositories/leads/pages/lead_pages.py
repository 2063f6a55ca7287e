"""Pages of leads and their counts."""

from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import Row
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_statements import TimestampAsText
from leadtracker.adapters.database.repositories.leads.pages.access_path_choice import (
    MANY_TO_SEARCH,
    AccessPathChoice,
)
from leadtracker.adapters.database.repositories.leads.pages.lead_counts import LeadCounts
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.repositories.leads.pages.search.search_plan import (
    CompareLeads,
    ReadMatches,
    SearchPlan,
    SortFirstMatches,
    most_matches_to_count,
    rows_by_plans,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.index_rules import (
    for_count,
    merges_indexes,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.list_query_variant import (
    ListQueryVariant,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.list_statements import (
    count_compared_leads,
    count_leads,
    count_matching_leads,
    count_matching_sample,
    select_page,
    select_texts,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.parameter_values import (
    parameter_values,
)
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor


@frozen
class LeadPages:
    """Reads pages of leads, and counts them."""

    _executor: StatementExecutor
    _full_text: FullText

    def rows(
        self,
        lead_filter: LeadFilter,
        limit: int,
        after: Cursor | None,
        sort: Sort,
        as_text: TimestampAsText | None = None,
    ) -> list[Row]:
        """Return the rows of a page: all columns, or those of the payload if ``as_text`` converts times."""
        if _finds_nothing(lead_filter):
            return []
        values = parameter_values(lead_filter, after, limit, self._full_text)
        variant = self._paths.with_path(ListQueryVariant.of(lead_filter, after, sort), lead_filter)
        statement = (variant, self._full_text, self._executor.dialect.likelihood, as_text)
        plans = self._plans_of(variant)
        if not plans:
            return self._executor.rows(select_page, *statement, **values)
        return rows_by_plans(
            plans,
            lambda plan: self._executor.rows(select_page, *statement, plan, **values),
            lambda limit: self._counts.matches(limit, values),
            limit,
        )

    def texts(self, lead_filter: LeadFilter, columns: tuple[str, ...], limit: int) -> list[Row]:
        """Return the id, the time of creation and some texts of each lead of a list, in any order.

        At most ``limit`` rows, of which all are read: a list in the order of a text is sorted as a whole.
        """
        if _finds_nothing(lead_filter):
            return []
        values = parameter_values(lead_filter, None, limit, self._full_text)
        variant = self._paths.for_all(
            ListQueryVariant.of(lead_filter, None, Sort.LATEST_CREATED), lead_filter
        )
        plan: SearchPlan | None = None
        if variant.conditions.has_search and not self._full_text.has_order:
            plan = ReadMatches()
        if self._compares_few_leads(variant):
            plan = CompareLeads(MANY_TO_SEARCH)
        likelihood = self._executor.dialect.likelihood
        return self._executor.rows(
            select_texts, variant, self._full_text, likelihood, columns, plan, **values
        )

    def count(self, lead_filter: LeadFilter, limit: int, sort: Sort) -> int:
        """Return the number of leads of a list, or ``limit`` if there are at least so many."""
        if _finds_nothing(lead_filter):
            return 0
        values = parameter_values(lead_filter, None, limit, self._full_text)
        variant = ListQueryVariant.of(lead_filter, None, sort)
        variant = for_count(self._paths.with_path(variant, lead_filter))
        if self._compares_few_leads(variant):
            return self._counts.leads(count_compared_leads, variant, values, MANY_TO_SEARCH)
        if not variant.conditions.has_search or self._full_text.has_order:
            return self._counts.leads(count_leads, variant, values)
        return self._count_matching(variant, limit, values)

    def _count_matching(self, variant: ListQueryVariant, limit: int, values: dict[str, object]) -> int:
        """Count the leads of a search whose index has no order: few matches, else a sample, else all."""
        few = most_matches_to_count(self._full_text.plans)
        if few and self._counts.matches(few, values) <= few:
            return self._counts.leads(count_matching_leads, variant, values)
        number = self._counts.leads(count_matching_sample, variant, values)
        return number if number >= limit else self._counts.leads(count_leads, variant, values)

    def _plans_of(self, variant: ListQueryVariant) -> list[SearchPlan]:
        """Return the plans of a search for a page; none if one statement reads it in its order."""
        if not variant.conditions.has_search:
            return []
        if self._compares_few_leads(variant):
            return [CompareLeads(MANY_TO_SEARCH)]
        if variant.order.is_by_creation:
            return [] if self._full_text.has_order else list(self._full_text.plans)
        if variant.path.leads_first:
            return []
        return [plan for plan in self._full_text.plans if not isinstance(plan, SortFirstMatches)]

    def _compares_few_leads(self, variant: ListQueryVariant) -> bool:
        """Return True if a search compares few leads, in a statement that selects them first.

        SQLite compares them in the statement of the page, unless they are merged from several indexes.
        """
        return variant.path.leads_first and (merges_indexes(variant) or not self._full_text.has_order)

    @property
    def _counts(self) -> LeadCounts:
        return LeadCounts(self._executor, self._full_text)

    @property
    def _paths(self) -> AccessPathChoice:
        hides_conditions = not self._executor.dialect.has_statistics
        return AccessPathChoice(self._counts, self._full_text, hides_conditions)


def _finds_nothing(lead_filter: LeadFilter) -> bool:
    """Return True for a search without any word, such as one of punctuation only."""
    return lead_filter.search is not None and not lead_filter.search.words
