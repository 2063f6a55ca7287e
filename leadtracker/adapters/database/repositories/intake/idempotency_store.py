"""Idempotency keys in the database, with the response to each request."""

from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.repositories.leads.lead_rows import from_json, to_json
from leadtracker.adapters.database.tables import IdempotencyKeyRow
from leadtracker.domain.model.intake.idempotency import KEY_LIFETIME, IdempotentRequest, RememberedCapture
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.intake.idempotency_store import IdempotencyStore


@frozen
class PeeweeIdempotencyStore(IdempotencyStore):
    """See the port for its promises. A second claim of a key waits for the transaction of the first one."""

    _executor: StatementExecutor

    def claim(self, request: IdempotentRequest, now: datetime) -> RememberedCapture | None:
        values = {"digest": request.digest, "fingerprint": request.fingerprint, "at": now}
        if self._executor.write(_claim, expired=now - KEY_LIFETIME, **values):
            return None
        row = self._executor.row(_select, digest=request.digest)
        return None if row is None else RememberedCapture(row.fingerprint, from_json(row.response))

    def remember(self, request: IdempotentRequest, lead: Lead) -> None:
        self._executor.write(_update, digest=request.digest, lead_id=lead.id, response=to_json(lead))

    def erase(self, lead_id: str) -> None:
        self._executor.erase(_delete_of, lead_id=lead_id)

    def purge(self, before: datetime) -> int:
        return self._executor.write(_delete_before, before=before)


def _claim() -> peewee.Node:
    row = IdempotencyKeyRow
    claimed = {row.digest: param("digest"), row.fingerprint: param("fingerprint"), row.at: param("at")}
    return row.insert(claimed).on_conflict(
        conflict_target=[row.digest],
        preserve=[row.fingerprint, row.at],
        update={row.lead_id: None, row.response: None},
        where=(row.at <= param("expired")) | row.response.is_null(),
    )


def _update() -> peewee.Node:
    row = IdempotencyKeyRow
    answered = {row.lead_id: param("lead_id"), row.response: param("response")}
    return row.update(answered).where(row.digest == param("digest"))


def _select() -> peewee.Node:
    return IdempotencyKeyRow.select(IdempotencyKeyRow.fingerprint, IdempotencyKeyRow.response).where(
        IdempotencyKeyRow.digest == param("digest")
    )


def _delete_of() -> peewee.Node:
    return IdempotencyKeyRow.delete().where(IdempotencyKeyRow.lead_id == param("lead_id"))


def _delete_before() -> peewee.Node:
    return IdempotencyKeyRow.delete().where(IdempotencyKeyRow.at < param("before"))
