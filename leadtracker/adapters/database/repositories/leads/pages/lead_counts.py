"""Counts of leads and of matches, up to a maximum: what planners do not know, and what pages show."""

from attrs import frozen

from leadtracker.adapters.database.engine.statements import Build, StatementExecutor
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.repositories.leads.pages.search.matches import (
    COMMON_IN_SMALL_SAMPLE,
    count_small_sample,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.index_rules import for_count
from leadtracker.adapters.database.repositories.leads.pages.statements.list_query_variant import (
    ListQueryVariant,
)
from leadtracker.adapters.database.repositories.leads.pages.statements.list_statements import count_leads
from leadtracker.adapters.database.repositories.leads.pages.statements.parameter_values import (
    parameter_values,
)
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter, Sort


@frozen
class LeadCounts:
    """Counts leads and matches by one statement or two."""

    _executor: StatementExecutor
    _full_text: FullText

    def leads(
        self, build: Build, variant: ListQueryVariant, values: dict[str, object], *arguments: int
    ) -> int:
        """Return what a counting statement of ``list_statements`` counts."""
        likelihood = self._executor.dialect.likelihood
        row = self._executor.row(build, variant, self._full_text, likelihood, *arguments, **values)
        return int(row.leads) if row else 0

    def has_at_most(self, number: int, lead_filter: LeadFilter) -> bool:
        """Return whether so many leads match a filter that has no search and no last touch."""
        return self.number(number, lead_filter) <= number

    def number(self, limit: int, lead_filter: LeadFilter) -> int:
        """Return how many leads match such a filter; at most ``limit`` + 1."""
        values = parameter_values(lead_filter, None, limit + 1, self._full_text)
        variant = for_count(ListQueryVariant.of(lead_filter, None, Sort.LATEST_CREATED))
        return self.leads(count_leads, variant, values)

    def matches(self, limit: int, values: dict[str, object]) -> int:
        """Return how many matches a search has, whatever else is asked for; at most ``limit`` + 1."""
        if not self._full_text.has_order:
            sample = self._executor.row(count_small_sample, self._full_text, **values)
            if sample and sample.matches >= COMMON_IN_SMALL_SAMPLE:
                return limit + 1
        row = self._executor.row(self._full_text.count_matches, most_matches=limit + 1, **values)
        return int(row.matches) if row else 0
