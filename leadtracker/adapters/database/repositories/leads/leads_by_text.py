"""The texts that sort a list, and the leads of one of its pages."""

from collections.abc import Sequence

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_rows import to_lead
from leadtracker.adapters.database.repositories.leads.lead_statements import (
    TimestampAsText,
    lead_columns,
    payload_columns,
)
from leadtracker.adapters.database.repositories.leads.pages.lead_pages import LeadPages
from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.leads.lead import Lead, full_name
from leadtracker.domain.model.leads.lead_payload import LeadPayload, payload_from_row
from leadtracker.domain.model.leads.queries.lead_query import MAX_PAGE_SIZE, LeadFilter
from leadtracker.domain.model.leads.queries.text_order import LeadText, TextSort
from leadtracker.domain.ports.leads.leads_by_text import LeadsByText

_NAMES = ("first_name", "last_name")


@frozen
class PeeweeLeadsByText(LeadsByText):
    """See the port for its promises."""

    _executor: StatementExecutor
    _full_text: FullText

    def texts(self, lead_filter: LeadFilter, sort: TextSort, *, limit: int) -> list[LeadText]:
        decode = self._executor.dialect.from_db_timestamp
        is_name = sort.key == TextSort.NAME
        columns = _NAMES if is_name else (sort.key,)
        rows = LeadPages(self._executor, self._full_text).texts(lead_filter, columns, limit)
        if not rows:
            return []
        ids, times, *texts = zip(*rows, strict=True)
        shown = map(full_name, *texts) if is_name else texts[0]
        return list(map(LeadText, ids, map(decode, times), shown))

    def leads(self, lead_ids: Sequence[str]) -> list[Lead]:
        decode = self._executor.dialect.from_db_timestamp
        return [to_lead(row, decode) for row in self._rows(lead_ids, None)]

    def payload(self, lead_ids: Sequence[str]) -> list[LeadPayload]:
        return [
            payload_from_row(row) for row in self._rows(lead_ids, self._executor.dialect.timestamp_as_text)
        ]

    def _rows(self, lead_ids: Sequence[str], as_text: TimestampAsText | None) -> list[Row]:
        if not lead_ids:
            return []
        values = {f"id_{number}": lead_ids[number % len(lead_ids)] for number in range(MAX_PAGE_SIZE)}
        rows = {row.id: row for row in self._executor.rows(_select_leads, as_text, **values)}
        return [rows[lead_id] for lead_id in lead_ids if lead_id in rows]


def _select_leads(as_text: TimestampAsText | None) -> peewee.Node:
    """Select the leads of a page by their ids; one statement serves pages of every size."""
    columns = lead_columns(LeadRow) if as_text is None else payload_columns(as_text)
    ids = [param(f"id_{number}") for number in range(MAX_PAGE_SIZE)]
    return LeadRow.select(*columns).where(LeadRow.id.in_(ids))
