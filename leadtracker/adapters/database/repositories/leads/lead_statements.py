"""The statements that read and write single leads, and those of one person, one import or one week."""

from collections.abc import Callable
from functools import reduce
from typing import TypeAlias

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.paging import page_of
from leadtracker.adapters.database.engine.row_batches import InsertInto
from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import RowLock
from leadtracker.adapters.database.repositories.leads.assignment import assigned
from leadtracker.adapters.database.tables import LeadRow, UserRow
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.leads.fields import LAST_TOUCH, TOUCH_FIELDS, TOUCH_SEPARATOR
from leadtracker.domain.model.leads.lead_payload import PAYLOAD_COLUMNS
from leadtracker.domain.model.leads.queries.lead_query import NEVER
from leadtracker.domain.model.values.timestamps import format_timestamp

COLUMNS = tuple(field for field in LeadRow._meta.sorted_fields if field is not LeadRow.assigned_number)
"""The columns of a lead; its position in the order of assignment is a matter of the statements here."""

Alias: TypeAlias = "peewee.ModelAlias[LeadRow]"
Lead: TypeAlias = "type[LeadRow] | Alias"
"""The table of leads under its own name or another."""

_PRIMARY = LeadRow.alias()

TimestampAsText = Callable[[peewee.Field], peewee.Node]

_NEVER_AS_TEXT = peewee.Value(format_timestamp(NEVER), converter=False)
_PARAMETERS = {column: param(column.column_name) for column in COLUMNS}


def lead_columns(row: Lead) -> tuple[peewee.Node, ...]:
    """Return what is read of a lead: its columns, and ``last_touch`` of its latest duplicate."""
    return (*(getattr(row, column.name) for column in COLUMNS), last_touch(row).alias("last_touch"))


def last_touch(row: Lead) -> peewee.ColumnBase:
    """Return the touch of the latest duplicate of a lead as ``touch_from_text`` reads it, or NULL."""
    latest = LeadRow.alias()
    texts: list[peewee.ColumnBase] = [
        peewee.fn.COALESCE(getattr(latest, field.name), "") for field in TOUCH_FIELDS
    ]
    text = reduce(lambda before, one: before.concat(TOUCH_SEPARATOR).concat(one), texts)
    of_latest = _of_latest(latest, text, row)
    return peewee.Case(None, [(row.enquiries > 0, of_latest)])


def payload_columns(as_text: TimestampAsText) -> tuple[peewee.Node, ...]:
    """Return the columns that ``payload_from_row`` reads, in its order."""
    columns = {column.column_name: column for column in COLUMNS} | {
        "follow_up_at": peewee.fn.NULLIF(as_text(LeadRow.follow_up_at), _NEVER_AS_TEXT),
        "created_at": as_text(LeadRow.created_at),
        "updated_at": as_text(LeadRow.updated_at),
        "last_touch": last_touch(LeadRow),
    }
    return tuple(columns[name] for name in PAYLOAD_COLUMNS)


def has_last_touch(name: str) -> peewee.Node:
    """Return the condition that a lead is primary and a field of its last touch has the requested text."""
    latest = LeadRow.alias()
    of_latest = _of_latest(latest, getattr(latest, name), LeadRow)
    text = peewee.Case(None, [(LeadRow.enquiries > 0, of_latest)], getattr(LeadRow, name))
    return LeadRow.duplicate_of.is_null() & (text == param(LAST_TOUCH + name))


def has_enquiry_with(name: str) -> peewee.Node:
    """Return the condition that a lead or one of its duplicates has the text; an index finds these."""
    enquiry = LeadRow.alias()
    primary = peewee.fn.COALESCE(enquiry.duplicate_of, enquiry.id)
    return LeadRow.id.in_(enquiry.select(primary).where(getattr(enquiry, name) == param(LAST_TOUCH + name)))


def _of_latest(latest: Alias, value: peewee.Node, row: Lead) -> Select:
    query = latest.select(value).where(latest.duplicate_of == row.id)
    return query.order_by(latest.created_at.desc(), latest.id.desc()).limit(1)


def insert(assignment: Assignment, lock_shared: RowLock) -> peewee.Node:
    """Insert a primary lead, and return its id; no row if the person has a primary lead already."""
    values = _PARAMETERS | assigned(assignment, param("owner"), lock_shared)
    return _unless_known(LeadRow.insert(values)).returning(LeadRow.id)


def insert_unless_known(insert_into: InsertInto) -> peewee.Node:
    """Insert primary leads, except those of persons who have a primary lead already."""
    return _unless_known(insert_into(LeadRow, COLUMNS))


def insert_linked(assignment: Assignment, lock_shared: RowLock, max_waiting: int | None) -> peewee.Node:
    """Insert a lead; if the person has a primary lead, as its duplicate and with its enabled owner.

    A lead of a person with ``max_waiting`` waiting duplicates is linked to none, so that it conflicts with
    the primary lead and no row is inserted.
    """
    primary = _primary(_PRIMARY.id)
    if max_waiting is not None:
        primary = primary.where(~_has_waiting(max_waiting))
    primary = lock_shared(primary)
    owner = peewee.fn.COALESCE(param("owner"), lock_shared(_enabled_owner()))
    values = _PARAMETERS | {LeadRow.duplicate_of: primary} | assigned(assignment, owner, lock_shared)
    return _unless_known(LeadRow.insert(values))


def select_full_primary(max_waiting: int) -> peewee.Node:
    """Select the id of the primary lead of a person who has so many waiting duplicates."""
    return _primary(_PRIMARY.id).where(_has_waiting(max_waiting))


def count_enquiry_quarantined() -> peewee.Node:
    """Count an enquiry of a lead that was quarantined."""
    number = LeadRow.enquiries_not_stored + 1
    return LeadRow.update({LeadRow.enquiries_not_stored: number}).where(LeadRow.id == param("id"))


def count_enquiry_of() -> peewee.Node:
    """Count a stored lead among the enquiries of its primary lead; changes no row if it is no duplicate."""
    stored = LeadRow.alias()
    primary = stored.select(stored.duplicate_of).where(stored.id == param("id"))
    return LeadRow.update({LeadRow.enquiries: LeadRow.enquiries + 1}).where(LeadRow.id == primary)


def count_enquiries() -> peewee.Node:
    """Add a number to the enquiries of a lead."""
    enquiries = LeadRow.enquiries + param("change")
    return LeadRow.update({LeadRow.enquiries: enquiries}).where(LeadRow.id == param("id"))


def update() -> peewee.Node:
    """Update a lead that has the expected version."""
    kept = {"id", "created_at", "enquiries", "enquiries_not_stored", "hold"}
    values = {column: value for column, value in _PARAMETERS.items() if column.name not in kept}
    return LeadRow.update(values).where(
        LeadRow.id == param("id"), LeadRow.version == param("expected_version")
    )


def update_state() -> peewee.Node:
    """Update the state of a lead that the transaction has locked."""
    names = {"state", "contact_delay", "updated_at", "version"}
    values = {column: value for column, value in _PARAMETERS.items() if column.name in names}
    return LeadRow.update(values).where(LeadRow.id == param("id"))


def update_hold() -> peewee.Node:
    """Update the reason of a lead's legal hold."""
    return LeadRow.update({LeadRow.hold: param("hold")}).where(LeadRow.id == param("id"))


def delete() -> peewee.Node:
    """Delete a lead."""
    return LeadRow.delete().where(LeadRow.id == param("id"))


def select_by_id(lock_row: RowLock) -> peewee.Node:
    """Select a lead."""
    return lock_row(LeadRow.select(*lead_columns(LeadRow)).where(LeadRow.id == param("id")))


def select_imported(has_cursor: bool, lock_row: RowLock) -> peewee.Node:  # noqa: FBT001 - a variant
    """Select the leads of an import, oldest first."""
    query = LeadRow.select(*lead_columns(LeadRow)).where(LeadRow.import_id == param("import_id"))
    at, row_id = LeadRow.created_at, LeadRow.id
    return lock_row(page_of(query, at, row_id, has_cursor=has_cursor, latest_first=False))


def select_open_enquiries(lock_row: RowLock) -> peewee.Node:
    """Select the unanswered duplicates of a lead, oldest first."""
    query = LeadRow.select(*lead_columns(LeadRow)).where(
        LeadRow.duplicate_of == param("primary_id"), LeadRow.state == peewee.SQL("'PENDING'")
    )
    return lock_row(query.order_by(LeadRow.created_at, LeadRow.id).limit(param("limit")))


def select_primary() -> peewee.Node:
    """Select the primary lead of a person."""
    return _primary(*lead_columns(_PRIMARY))


def select_primary_id() -> Select:
    """Select the id of the primary lead of a person."""
    return _primary(_PRIMARY.id)


def select_primary_ids(number: int) -> peewee.Node:
    """Select the ids of the primary leads of a number of persons."""
    identities = [param(f"identity_{index}") for index in range(number)]
    return LeadRow.select(LeadRow.identity, LeadRow.id).where(
        LeadRow.duplicate_of.is_null(), LeadRow.identity.in_(identities)
    )


def select_owners(number: int) -> peewee.Node:
    """Select the owners of a number of leads; no row for a lead without one."""
    ids = [param(f"id_{index}") for index in range(number)]
    return LeadRow.select(LeadRow.id, LeadRow.owner).where(
        LeadRow.id.in_(ids), LeadRow.owner.is_null(is_null=False)
    )


def select_names(number: int) -> peewee.Node:
    """Select the names of a number of leads."""
    ids = [param(f"id_{index}") for index in range(number)]
    return LeadRow.select(LeadRow.id, LeadRow.first_name, LeadRow.last_name).where(LeadRow.id.in_(ids))


def count_created() -> peewee.Node:
    """Count the primary leads that were created within a time range."""
    return LeadRow.select(peewee.fn.COUNT(peewee.SQL("*")).alias("leads")).where(
        LeadRow.duplicate_of.is_null(),
        LeadRow.created_at >= param("created_from"),
        LeadRow.created_at < param("created_to"),
    )


def _primary(*columns: peewee.Node) -> Select:
    is_primary = (_PRIMARY.identity == param("identity")) & _PRIMARY.duplicate_of.is_null()
    return _PRIMARY.select(*columns).where(is_primary)


def _has_waiting(number: int) -> peewee.Expression:
    """Test if the primary lead has so many waiting duplicates; they are read if it has so many in all."""
    is_waiting = (LeadRow.duplicate_of == _PRIMARY.id) & (LeadRow.state == peewee.SQL("'PENDING'"))
    last = LeadRow.select(peewee.SQL("1")).where(is_waiting).limit(1).offset(number - 1)
    found: peewee.Expression = (_PRIMARY.enquiries >= number) & peewee.fn.EXISTS(last)
    return found


def _enabled_owner() -> Select:
    """The owner of the primary lead of a person, unless the owner is disabled."""
    primary = LeadRow.alias()
    is_owner = (UserRow.name == primary.owner) & UserRow.disabled_at.is_null()
    is_primary = (primary.identity == param("identity")) & primary.duplicate_of.is_null()
    return primary.select(primary.owner).join(UserRow, on=is_owner).where(is_primary)


def _unless_known(insert: peewee.ModelInsert) -> peewee.ModelInsert:
    return insert.on_conflict(
        action="nothing",
        conflict_target=[LeadRow.identity],
        conflict_where=LeadRow.duplicate_of.is_null(),
    )
