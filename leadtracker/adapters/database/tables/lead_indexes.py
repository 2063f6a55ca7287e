"""The indexes of the table of leads, grouped by the requests that need them.

Each index names the query that needs it and the test that shows that the query uses it. A new index goes into
the group of its query, and into a migration. Most indexes are partial, since each one that a new lead is
written into slows down every submission.
"""

from collections.abc import Iterable

import peewee

from leadtracker.adapters.database.tables.leads import LeadRow
from leadtracker.domain.model.leads.fields import TOUCH_FIELDS
from leadtracker.domain.model.leads.queries.lead_query import NEVER
from leadtracker.domain.model.values.timestamps import format_timestamp

# An index whose query filters by "duplicate_of IS (NOT) NULL" repeats the condition: SQLite would consider an
# index that begins with duplicate_of the most selective one, and sort the whole table.
_IS_PRIMARY = LeadRow.duplicate_of.is_null()
_IS_DUPLICATE = LeadRow.duplicate_of.is_null(is_null=False)

IS_LISTED = _IS_PRIMARY | (LeadRow.state == peewee.SQL("'PENDING'"))
"""Primary leads and waiting duplicates, which are what pages list: an answered duplicate needs no more work.

Queries use the very words of the partial indexes. Both databases then see that these have all rows of a query
for primary leads, for waiting leads or for listed ones.
"""

IS_ANSWERED_DUPLICATE = _IS_DUPLICATE & (LeadRow.state != peewee.SQL("'PENDING'"))
"""All other leads, in the very words of their partial indexes."""

HAS_FOLLOW_UP: peewee.Expression = LeadRow.follow_up_at < peewee.SQL(f"'{format_timestamp(NEVER)}'")
"""Leads with a follow-up, in the words of their partial index; a new lead has none."""

# Without owners, the indexes of owned leads are empty and cost nothing.
_IS_OWNED = LeadRow.owner.is_null(is_null=False)
_IS_CONTACTED = _IS_PRIMARY & LeadRow.contact_delay.is_null(is_null=False)


def _list_index(
    name: str, *columns: peewee.Field, where: peewee.Node | None = None, more: Iterable[peewee.Field] = ()
) -> peewee.ModelIndex:
    """Return the index of a list.

    After the given columns come the id, by which leads of the same time are ordered, and ``duplicate_of``, so
    that a list of primary leads skips duplicates without reading them.

    Args:
        name: the name of the index.
        columns: the columns that the list filters by, then the one that it is sorted by.
        where: the condition of a partial index.
        more: further columns, whose values a query needs while it reads the index: conditions on them skip
            leads without reading them. SQLite reads five or more entries of an index in the time of one lead.
    """
    return LeadRow.index(*columns, LeadRow.id, LeadRow.duplicate_of, *more, where=where, name=name)


_IDENTITIES = (
    # find_primary, the conflict of add, and lists by address; see test_address_lookup_uses_an_index
    LeadRow.index(LeadRow.identity, unique=True, where=_IS_PRIMARY, name="leads_primary_identity"),
    # the same lists, for duplicates; see test_address_lookup_uses_an_index
    LeadRow.index(LeadRow.identity, where=_IS_DUPLICATE, name="leads_duplicate_identity"),
)

# See test_each_query_uses_ordering_index for each of them.
_LISTS = (
    # lists by creation, with or without duplicates; count_for_report and statistics, which read no leads
    _list_index("leads_created_at", LeadRow.created_at),
    # lists by state, lists of waiting leads, and by_state
    _list_index("leads_listed_state_created_at", LeadRow.state, LeadRow.created_at, where=IS_LISTED),
    # lists by source, by_source, last_captured, captured_by_hour; see test_lookups_use_an_index, too
    _list_index("leads_listed_source_created_at", LeadRow.source, LeadRow.created_at, where=IS_LISTED),
    # lists by the time of the last update, also of leads without an owner or created in a time range; with
    # the state also inactive leads, see test_lookups_use_an_index
    _list_index(
        "leads_listed_updated_at",
        LeadRow.updated_at,
        where=IS_LISTED,
        more=[LeadRow.state, LeadRow.created_at, LeadRow.owner],
    ),
    # lists by follow-up, also of such leads
    _list_index(
        "leads_listed_follow_up_at",
        LeadRow.follow_up_at,
        where=IS_LISTED,
        more=[LeadRow.created_at, LeadRow.owner],
    ),
    # lists of held leads, which are few
    _list_index("leads_held_created_at", LeadRow.created_at, where=LeadRow.hold.is_null(is_null=False)),
    # lists of unowned leads by state, and their board; lists of all of them, which merge those of each state
    _list_index(
        "leads_unowned_state_created_at", LeadRow.state, LeadRow.created_at, where=LeadRow.owner.is_null()
    ),
    # lists of unowned leads with due follow-ups; a new lead has no follow-up and is in this index only later
    _list_index(
        "leads_unowned_follow_up_at", LeadRow.follow_up_at, where=LeadRow.owner.is_null() & HAS_FOLLOW_UP
    ),
)

# See test_each_query_uses_ordering_index for each of them.
_LISTS_OF_AN_OWNER = (
    # lists by owner
    _list_index("leads_owned_created_at", LeadRow.owner, LeadRow.created_at, where=_IS_OWNED),
    # lists by owner and state, and the board of one owner
    _list_index(
        "leads_owned_state_created_at", LeadRow.owner, LeadRow.state, LeadRow.created_at, where=_IS_OWNED
    ),
    # lists by owner and source
    _list_index(
        "leads_owned_source_created_at", LeadRow.owner, LeadRow.source, LeadRow.created_at, where=_IS_OWNED
    ),
    # lists by owner in the order of the last update, also of leads created in a time range or in some states
    _list_index(
        "leads_owned_updated_at",
        LeadRow.owner,
        LeadRow.updated_at,
        where=_IS_OWNED,
        more=[LeadRow.created_at, LeadRow.state],
    ),
    # lists by owner in the order of the follow-up, also of such leads
    _list_index(
        "leads_owned_follow_up_at",
        LeadRow.owner,
        LeadRow.follow_up_at,
        where=_IS_OWNED,
        more=[LeadRow.created_at, LeadRow.state],
    ),
)

# Lists by a part of the touch; see test_touch_filters_use_an_index. Without touches they are empty.
_TOUCHES = tuple(
    _list_index(
        f"leads_{column.name}_created_at", column, LeadRow.created_at, where=column.is_null(is_null=False)
    )
    for column in (getattr(LeadRow, field.name) for field in TOUCH_FIELDS)
)

_DUPLICATES = (
    # lists of all duplicates; see test_each_query_uses_ordering_index. The other columns let lists in
    # another order, and those of an owner, in a state or of a source, sort without reading the leads.
    LeadRow.index(
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.owner,
        LeadRow.state,
        LeadRow.source,
        LeadRow.updated_at,
        LeadRow.follow_up_at,
        where=_IS_DUPLICATE,
        name="leads_duplicate_created_at",
    ),
    # lists of one lead's duplicates, its last touch, and the foreign key; see the same test
    LeadRow.index(
        LeadRow.duplicate_of,
        LeadRow.created_at,
        LeadRow.id,
        where=_IS_DUPLICATE,
        name="leads_duplicate_of_created_at",
    ),
    # lists of all leads by update and by follow-up, which merge these indexes with those of listed leads; see
    # test_merged_list_reads_a_page_of_each_index. A new lead is in none of them. With their last columns a
    # list skips those of another owner, state or source without reading them, since there may be no others.
    LeadRow.index(
        LeadRow.updated_at,
        LeadRow.id,
        LeadRow.owner,
        LeadRow.state,
        LeadRow.source,
        where=IS_ANSWERED_DUPLICATE,
        name="leads_answered_duplicate_updated_at",
    ),
    LeadRow.index(
        LeadRow.follow_up_at,
        LeadRow.id,
        LeadRow.owner,
        LeadRow.state,
        LeadRow.source,
        where=IS_ANSWERED_DUPLICATE,
        name="leads_answered_duplicate_follow_up_at",
    ),
    # lists of all leads of a source, in a state, which merge these indexes with those of listed leads
    LeadRow.index(
        LeadRow.source,
        LeadRow.created_at,
        LeadRow.id,
        where=IS_ANSWERED_DUPLICATE,
        name="leads_answered_duplicate_source_created_at",
    ),
    LeadRow.index(
        LeadRow.state,
        LeadRow.created_at,
        LeadRow.id,
        where=IS_ANSWERED_DUPLICATE,
        name="leads_answered_duplicate_state_created_at",
    ),
)

_CONTACT_DELAYS = (
    # delays; see test_lookups_use_an_index
    LeadRow.index(
        LeadRow.created_at, LeadRow.contact_delay, where=_IS_CONTACTED, name="leads_primary_contacted"
    ),
    # delays_from; see test_contact_delays_use_an_index
    LeadRow.index(
        LeadRow.contact_delay, LeadRow.created_at, where=_IS_CONTACTED, name="leads_primary_contact_delay"
    ),
)

_OTHERS = (
    # the last turn of assignment; see test_assignment_uses_an_index
    LeadRow.index(
        LeadRow.assigned_number,
        where=LeadRow.assigned_number.is_null(is_null=False),
        name="leads_assigned_number",
    ),
    # imported; see test_lookups_use_an_index
    LeadRow.index(
        LeadRow.import_id,
        LeadRow.created_at,
        LeadRow.id,
        where=LeadRow.import_id.is_null(is_null=False),
        name="leads_import_id",
    ),
)

LEAD_INDEXES: tuple[peewee.ModelIndex, ...] = (
    *_IDENTITIES,
    *_LISTS,
    *_LISTS_OF_AN_OWNER,
    *_TOUCHES,
    *_DUPLICATES,
    *_CONTACT_DELAYS,
    *_OTHERS,
)
"""Every index of leads besides the primary key; the package adds them to the table."""
