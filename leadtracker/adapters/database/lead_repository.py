"""Leads in the database."""

from datetime import datetime

import peewee
from attrs import evolve, frozen

from leadtracker.adapters.database.dialect import Select
from leadtracker.adapters.database.session import Row, Session, slot
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.errors import DuplicateLead, LeadNotFound, StorageUnavailable
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.lead import Lead, LeadState
from leadtracker.domain.model.lead_query import Cursor, Duplicates, LeadFilter, LeadPage, Order
from leadtracker.domain.ports.lead_repository import LeadRepository

_COLUMNS = tuple(LeadRow._meta.sorted_fields)
_VALUES = {column: slot(column.column_name) for column in _COLUMNS}
_ATTEMPTS_TO_ADD = 10  # another one is needed only if the first lead of the address came or went meanwhile


@frozen
class PeeweeLeadRepository(LeadRepository):
    """See the port for what it promises."""

    _session: Session

    def add(self, lead: Lead) -> None:
        for _ in range(_ATTEMPTS_TO_ADD):
            if self._session.write_returning(_insert, **_to_values(lead)) is not None:
                return
            first = self._session.row(_select_first_id, email_key=lead.email.key)
            if first is not None:
                raise DuplicateLead(first[0])
        raise _restless()

    def add_or_link(self, lead: Lead) -> Lead:
        for _ in range(_ATTEMPTS_TO_ADD):
            # On PostgreSQL a lead of the same address may have been committed since the sub-select
            # looked; the unique index then refuses this one, and the next round sees the other.
            row = self._session.write_returning(_insert_linked, **_to_values(lead))
            if row is not None:
                return evolve(lead, duplicate_of=row[0])
        raise _restless()

    def get(self, lead_id: str) -> Lead:
        row = self._session.row(_select_by_id, id=lead_id)
        if row is None:
            raise LeadNotFound(lead_id)
        return self._to_lead(row)

    def page(
        self,
        wanted: LeadFilter,
        *,
        limit: int,
        after: Cursor | None = None,
        order: Order = Order.NEWEST_FIRST,
    ) -> LeadPage:
        shape = _PageShape.of(wanted, after, order)
        states = {f"state_{place}": state for place, state in enumerate(sorted(wanted.states))}
        rows = self._session.rows(
            _select_page,
            shape,
            created_from=wanted.created_from,
            created_to=wanted.created_to,
            email_key=wanted.email_key,
            source=wanted.source,
            after_time=after and after.created_at,
            after_id=after and after.lead_id,
            limit=limit + 1,
            **states,
        )
        return LeadPage.cut([self._to_lead(row) for row in rows], limit)

    def count_for_report(self, start: datetime, end: datetime) -> int:
        row = self._session.row(_count_created, created_from=start, created_to=end)
        return int(row[0]) if row else 0

    def _to_lead(self, row: Row) -> Lead:
        decode = self._session.dialect.decode_instant
        return Lead(
            id=row[0],
            first_name=row[1],
            last_name=row[2],
            email=EmailAddress(row[3], row[4]),
            phone=row[5],
            message=row[6],
            source=row[7],
            state=LeadState(row[8]),
            created_at=decode(row[9]),
            updated_at=decode(row[10]),
            version=row[11],
            duplicate_of=row[12],
        )


@frozen
class _PageShape:
    """Which conditions a page's statement has; their values come when it is executed."""

    has_from: bool
    has_to: bool
    has_cursor: bool
    has_email: bool
    has_source: bool
    states: int
    duplicates: Duplicates
    order: Order

    @classmethod
    def of(cls, wanted: LeadFilter, after: Cursor | None, order: Order) -> "_PageShape":
        """The shape of a request.

        A cursor and a date bound on the same side say the same thing twice, and SQLite would scan from the
        looser of the two to the tighter one. Only the tighter one goes into the statement.
        """
        start, end = wanted.created_from, wanted.created_to
        newest_first = order is Order.NEWEST_FIRST
        bound = end if newest_first else start
        ahead = (
            after is not None
            and bound is not None
            and (after.created_at >= bound if newest_first else after.created_at < bound)
        )
        has_cursor = after is not None and not ahead
        return cls(
            has_from=start is not None and (newest_first or not has_cursor),
            has_to=end is not None and not (newest_first and has_cursor),
            has_cursor=has_cursor,
            has_email=wanted.email_key is not None,
            has_source=wanted.source is not None,
            states=len(wanted.states),
            duplicates=wanted.duplicates,
            order=order,
        )


def _restless() -> StorageUnavailable:
    return StorageUnavailable("other processes keep changing the first lead of this address")


def _to_values(lead: Lead) -> dict[str, object]:
    return {
        "id": lead.id,
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "email": lead.email.text,
        "email_key": lead.email.key,
        "phone": lead.phone,
        "message": lead.message,
        "source": lead.source,
        "state": lead.state,
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
        "version": lead.version,
        "duplicate_of": lead.duplicate_of,
    }


def _first_id() -> Select:
    first = LeadRow.alias()
    is_first = (first.email_key == slot("email_key")) & first.duplicate_of.is_null()
    return first.select(first.id).where(is_first)


def _insert() -> peewee.Node:
    return _unless_known(LeadRow.insert(_VALUES))


def _insert_linked() -> peewee.Node:
    return _unless_known(LeadRow.insert(_VALUES | {LeadRow.duplicate_of: _first_id()}))


def _unless_known(insert: peewee.ModelInsert) -> peewee.Node:
    return insert.on_conflict(
        action="nothing",
        conflict_target=[LeadRow.email_key],
        conflict_where=LeadRow.duplicate_of.is_null(),
    ).returning(LeadRow.duplicate_of)


def _select_first_id() -> peewee.Node:
    return _first_id()


def _select_by_id() -> peewee.Node:
    return LeadRow.select(*_COLUMNS).where(LeadRow.id == slot("id"))


def _select_page(shape: _PageShape) -> peewee.Node:
    query = LeadRow.select(*_COLUMNS).limit(slot("limit"))
    if shape.duplicates is not Duplicates.INCLUDE:
        query = query.where(LeadRow.duplicate_of.is_null(shape.duplicates is Duplicates.EXCLUDE))
    if shape.has_from:
        query = query.where(LeadRow.created_at >= slot("created_from"))
    if shape.has_to:
        query = query.where(LeadRow.created_at < slot("created_to"))
    if shape.has_email:
        query = query.where(LeadRow.email_key == slot("email_key"))
    if shape.has_source:
        query = query.where(LeadRow.source == slot("source"))
    if shape.states:
        query = query.where(LeadRow.state.in_([slot(f"state_{place}") for place in range(shape.states)]))
    place = peewee.Tuple(LeadRow.created_at, LeadRow.id)
    after = peewee.Tuple(slot("after_time"), slot("after_id"))
    if shape.order is Order.OLDEST_FIRST:
        query = query.where(place > after) if shape.has_cursor else query
        return query.order_by(LeadRow.created_at, LeadRow.id)
    query = query.where(place < after) if shape.has_cursor else query
    return query.order_by(LeadRow.created_at.desc(), LeadRow.id.desc())


def _count_created() -> peewee.Node:
    return LeadRow.select(peewee.fn.COUNT(peewee.SQL("*"))).where(
        LeadRow.duplicate_of.is_null(),
        LeadRow.created_at >= slot("created_from"),
        LeadRow.created_at < slot("created_to"),
    )
